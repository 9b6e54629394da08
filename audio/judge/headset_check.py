"""The two measured steps of the headset check: the quiet room, and the pupil singing.

Each step ends with one sentence of advice at most: the gravest finding, with what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from audio.file.wavread import read_wav
from audio.judge.verdict import SILENT_DBFS, is_narrow
from audio.levels import DEAD_DBFS, SILENCE_DBFS
from audio.measure.flaws import measure_tops, measure_zeros
from audio.measure.framelevels import Levels, measure_levels
from audio.measure.knocks import without_knocks
from audio.measure.room import find_edge
from audio.measure.singing import find_voice, floor_of
from audio.measure.spectrum import measure_colour, tonal_windows
from audio.measure.stuck import find_stuck
from config.base import Message, say
from config.kit import Limits

Outcome = Literal["ok", "warn", "fail"]
GATED_SHARE = 0.5
"""More exact zeros than this in a signal that is not silent: a noise gate."""
MIN_SUNG_SECONDS = 0.5
MIN_SECONDS = 0.2
DC_GRAVE = 2.0
"""So many times `limits.dc` is a fault of the microphone."""


@dataclass(frozen=True)
class StepReport:
    """What one step found."""

    outcome: Outcome
    advice: Message | None = None
    numbers: dict[str, float] = field(default_factory=dict)


Finding = tuple[bool, Outcome, Message]
"""Whether it was found, how grave it is, and what to do."""


def judge_silence(path: Path, limits: Limits) -> StepReport:
    """The pupil is quiet and nothing is played. Raises UnreadableWavError."""
    sound = read_wav(path)
    levels, colour = measure_levels(sound), measure_colour(sound)
    zeros = measure_zeros(sound, (0, 0), levels, limits.zero_run)
    # A cough must not make the room loud, nor a gap make it quiet.
    floor, hum = levels.middle, colour.hum
    findings: list[Finding] = [
        (sound.seconds < MIN_SECONDS, "fail", NOTHING),
        (zeros.share >= 1 or levels.loud <= DEAD_DBFS, "fail", DEAD),
        (bool(find_stuck(sound)), "fail", MUTED),
        (zeros.share > GATED_SHARE, "warn", GATE),
        (abs(levels.dc) > DC_GRAVE * limits.dc, "fail", OFFSET),
        (floor > limits.floor_bad, "fail", LOUD_ROOM),
        (hum.prominence > limits.hum and hum.level > limits.floor_good, "warn", HUM),
        (floor > limits.floor_good, "warn", LIVELY_ROOM),
        (abs(levels.dc) > limits.dc / 2, "warn", OFFSET),
    ]
    numbers = {
        "floor_dbfs": round(floor, 1),
        "hum_db": round(hum.prominence, 1),
        "dc": round(levels.dc, 5),
        "zero_share": round(zeros.share, 4),
    }
    return _report(findings, numbers)


def judge_singing(path: Path, floor_dbfs: float | None, limits: Limits) -> StepReport:
    """The pupil sings loudly. `floor_dbfs`: from the silence step. Raises UnreadableWavError."""
    sound = read_wav(path)
    sound, _ = without_knocks(sound)
    levels, colour = measure_levels(sound), measure_colour(sound)
    floor = floor_of(levels, floor_dbfs, limits)
    voice = find_voice(tonal_windows(sound), levels, floor, limits.voice_margin)
    span = round(voice.begin * sound.samplerate), round(voice.end * sound.samplerate)
    tops = measure_tops(sound, limits.flat_run)
    zeros = measure_zeros(sound, span, levels, limits.zero_run)
    snr = levels.loud - floor
    findings: list[Finding] = [
        (levels.loud < SILENT_DBFS, "fail", DEAD),
        (bool(find_stuck(sound)), "fail", MUTED),
        (tops.clipped, "fail", TOO_LOUD),
        (voice.seconds < MIN_SUNG_SECONDS, "fail", NO_VOICE),
        (levels.loud < limits.quiet, "fail", TOO_QUIET),
        (floor_dbfs is not None and snr < limits.snr_bad, "fail", TOO_QUIET),
        (zeros.kind == "dropouts", "fail", GAPS),
        (zeros.kind == "gated", "warn", GATE),
        (levels.peak > limits.peak_warn, "warn", RATHER_LOUD),
        (levels.peak < limits.peak_target, "warn", RATHER_QUIET),
        (floor_dbfs is not None and snr < limits.snr_good, "warn", RATHER_QUIET),
        (is_narrow(find_edge(sound), colour, limits), "warn", DULL),
    ]
    numbers = {
        "peak_dbfs": round(levels.peak, 1),
        "loud_dbfs": round(levels.loud, 1),
        "active_dbfs": round(_active(levels, floor, limits), 1),
        "snr_db": round(snr, 1),
        "voice_seconds": round(voice.seconds, 1),
        "flat_runs": tops.flat_runs,
    }
    return _report(findings, numbers)


def _active(levels: Levels, floor: float, limits: Limits) -> float:
    """Mean power of the frames that are singing (after ITU-T P.56), in dBFS."""
    active = levels.frames[levels.frames >= max(floor + limits.voice_margin, levels.loud - 25)]
    return float(10 * np.log10(np.mean(10 ** (active / 10)))) if active.size else SILENCE_DBFS


def _report(findings: Sequence[Finding], numbers: dict[str, float]) -> StepReport:
    """The first failure, else the first warning."""
    for wanted in ("fail", "warn"):
        for found, outcome, advice in findings:
            if found and outcome == wanted:
                return StepReport(outcome, advice, numbers)
    return StepReport("ok", None, numbers)


NOTHING = say("Nothing was recorded. Plug the headset in again and repeat the check.")
DEAD = say(
    "The microphone delivers no sound. Check the mute switch on the cable, then allow the microphone in the "
    "computer's privacy settings."
)
MUTED = say(
    "The microphone was dead for a while. Check the mute switch on the cable and the plug, and turn off "
    "noise suppression in the sound settings."
)
GATE = say("The computer cuts quiet sounds away. Turn off noise suppression in the sound settings.")
OFFSET = say("The microphone delivers a faulty signal. Plug it into another socket or use another headset.")
LOUD_ROOM = say("The room is too loud. Close doors and windows and turn off fans, then repeat the check.")
LIVELY_ROOM = say("The room is rather loud. Close doors and windows, and ask everybody to be quiet.")
HUM = say("There is a hum. Plug the headset into another socket, away from power supplies.")
TOO_LOUD = say("Too loud: move the microphone two fingers away from the mouth, or turn its level down.")
RATHER_LOUD = say("Rather loud: move the microphone a little away from the mouth.")
TOO_QUIET = say("Too quiet: move the microphone close to the mouth, or turn its level up.")
RATHER_QUIET = say("Rather quiet: move the microphone a little closer to the mouth.")
NO_VOICE = say("Nobody was heard. Check that the right microphone is chosen, then sing again.")
GAPS = say("The sound has gaps. Plug the headset straight into the computer, without a hub.")
DULL = say("The sound is dull, as over a telephone. Use a headset with a cable instead of Bluetooth.")
