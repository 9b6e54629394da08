"""What the station says of a finished take, from its file and from what the recorder counted.

1. Any reason makes a take not ok: each names something that a retake in better conditions would mend.
   What only may spoil it is a remark: kept beside the take, never shown as a failure.
2. A reason that explains others stands alone: of a silent take it is not said that it is quiet too.
3. Thresholds are those of config.kit.limits; a kit may change them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.audioerror import AudioError
from audio.device.drift import MAX_PPM
from audio.device.player import load_sound
from audio.file.wavread import Sound, read_wav
from audio.judge.reasons import in_order
from audio.judge.remarks import in_order as remarks_in_order
from audio.measure.alignment import Found, find
from audio.measure.flaws import Tops, Zeros, measure_tops, measure_zeros
from audio.measure.framelevels import Levels, measure_levels
from audio.measure.knocks import without_knocks
from audio.measure.room import EDGE_DB, STILL_DB, Edge, find_edge, find_hum
from audio.measure.singing import Voice, find_voice, floor_of, pumps
from audio.measure.spectrum import Colour, Hum, measure_colour, tonal_windows
from audio.measure.stuck import Stuck, find_stuck, without
from audio.protocol.messages import Loss
from config.kit import Limits

log = logging.getLogger(__name__)
SILENT_DBFS = -80.0
"""Loud frames below this: an open microphone is louder even in an empty room."""
MIN_VOICE_SECONDS = 1.0
MIN_VOICE_SHARE = 0.05
SHORT_TOLERANCE_SECONDS = 0.1
UNTOLD_MS = 50.0
"""Recorded time may differ from the clock by this beside all drift, where no single step is seen."""
UNTOLD_DRIFT = 500e-6
"""The drift that is allowed for where steps were not measured: takes of before."""
FLAGGED_SHARE = 0.2
"""With the driver's word that input was lost, this part of UNTOLD_MS proves it there."""
LAG_REACH_SECONDS = 0.5
"""The stored beginning of the accompaniment is good to the driver's buffers."""
HUM_BELOW_DB = 8.0
"""Hum under singing without a pause is this far below its loud frames."""
SHORT_WINDOW_DB = 10.0
"""Short windows show a line less clearly than those of a second (measured: 29 for 39 dB)."""
BROKEN_OFF = ("device", "disk")


@dataclass(frozen=True)
class Expectation:
    """What is known of a take without its samples."""

    min_seconds: float
    max_seconds: float
    floor_dbfs: float | None
    """The room in the pupil's headset check; None where it was skipped."""
    loss: Loss
    ended_by: str
    """As in audio.protocol.messages.TakeSaved."""
    accompaniment: Path | None
    """What played while the pupil sang, at the device rate."""
    accompaniment_at: int | None
    """Where it began, in frames of the take."""


@dataclass(frozen=True)
class Verdict:
    ok: bool
    reasons: tuple[str, ...]
    """Codes of audio.judge.reasons.REASONS, the gravest first; empty when ok."""
    numbers: dict[str, float]
    """JSON types, rounded; what can't be measured is left out."""
    sha256: str
    remarks: tuple[str, ...] = ()
    """Codes of what was noticed and does not count."""


@dataclass(frozen=True)
class Evidence:
    """All measures of one take."""

    samplerate: int
    seconds: float
    complete: bool
    levels: Levels
    floor: float
    voice: Voice
    tops: Tops
    zeros: Zeros
    stuck: tuple[Stuck, ...]
    knocks: int
    colour: Colour
    edge: Edge
    room_hum: Hum | None
    """In the moments in which nobody sings; None without such moments."""
    leak: Found | None
    pumping: bool


def judge(path: Path, expectation: Expectation, limits: Limits) -> Verdict:
    """Judge a take from its file. Raises UnreadableWavError (a StationError)."""
    sound = read_wav(path)
    evidence = measure(sound, expectation, limits)
    reasons = in_order(reasons_for(evidence, expectation, limits))
    return Verdict(
        ok=not reasons,
        reasons=reasons,
        numbers=_numbers(evidence, expectation),
        sha256=sound.sha256,
        remarks=remarks_in_order(remarks_for(evidence, reasons)),
    )


def measure(sound: Sound, expectation: Expectation, limits: Limits) -> Evidence:
    """Everything that can be measured, once; dead pieces of the microphone say nothing of the rest."""
    stuck = find_stuck(sound)
    alive = without(sound, stuck)
    levels = measure_levels(alive)
    floor = floor_of(levels, expectation.floor_dbfs, limits)
    voice = find_voice(tonal_windows(alive), levels, floor, limits.voice_margin)
    span = round(voice.begin * sound.samplerate), round(voice.end * sound.samplerate)
    sung, knocks = without_knocks(alive)
    return Evidence(
        samplerate=sound.samplerate,
        seconds=sound.seconds,
        complete=sound.complete,
        levels=levels,
        floor=floor,
        voice=voice,
        tops=measure_tops(sung, limits.flat_run),
        zeros=measure_zeros(alive, span, levels, limits.zero_run),
        stuck=stuck,
        knocks=knocks,
        colour=measure_colour(alive),
        edge=find_edge(alive),
        room_hum=find_hum(alive, levels),
        leak=_leak(sound, expectation),
        pumping=pumps(levels, voice),
    )


def _leak(sound: Sound, expectation: Expectation) -> Found | None:
    """The accompaniment in the take, where it is there beyond doubt."""
    if expectation.accompaniment is None or expectation.accompaniment_at is None:
        return None
    try:
        played = load_sound(expectation.accompaniment, sound.samplerate)
    except AudioError as error:
        log.warning("leakage can't be measured: %s", error)
        return None
    known = played.mean(axis=1, dtype=np.float32) / np.float32(32768)
    reach = round(LAG_REACH_SECONDS * sound.samplerate)
    whole = sound.part(0, len(sound.samples))
    found = find(known, whole, expectation.accompaniment_at, reach, sound.samplerate)
    return found if found is not None and found.certain else None


def reasons_for(evidence: Evidence, expectation: Expectation, limits: Limits) -> set[str]:
    """Codes of everything that spoils the take."""
    found = set()
    if expectation.ended_by in BROKEN_OFF or not evidence.complete:
        found.add("partial")
    elif evidence.seconds + SHORT_TOLERANCE_SECONDS < expectation.min_seconds:
        found.add("short")
    if lost(expectation.loss, evidence.seconds, limits):
        found.add("lost_samples")
    loud = evidence.levels.loud
    if loud < SILENT_DBFS:
        return found | {"silent"}
    if hums(evidence, limits):
        found.add("hum")
    if evidence.tops.clipped:
        found.add("clipped")
    elif abs(evidence.levels.dc) > limits.dc:
        # Clipping on one side alone moves the mean.
        found.add("dc")
    if evidence.zeros.kind != "none":
        found.add(evidence.zeros.kind)
    if evidence.stuck and evidence.zeros.kind != "gated":
        # A gate lets nothing through for seconds, too, where nobody sings for so long.
        found.add("muted")
    if evidence.voice.seconds < max(MIN_VOICE_SECONDS, MIN_VOICE_SHARE * evidence.seconds):
        return found - {"gated", "dropouts"} | {"no_singing"}
    if evidence.leak is not None and evidence.leak.gain_db > limits.leakage:
        found.add("leakage")
    if loud < limits.quiet:
        found.add("quiet")
    elif expectation.floor_dbfs is not None and loud - evidence.floor < limits.snr_bad:
        found.add("noisy")
    if is_narrow(evidence.edge, evidence.colour, limits):
        found.add("band_limited")
    return found


def remarks_for(evidence: Evidence, reasons: tuple[str, ...]) -> set[str]:
    """Codes of what was noticed and does not count."""
    found = set()
    if evidence.knocks:
        found.add("bump")
    if evidence.pumping and not reasons:
        found.add("agc")
    return found


def hums(evidence: Evidence, limits: Limits) -> bool:
    """Hum is there all the time: in each quarter of the take, and while nobody sings, too."""
    whole, room = evidence.colour.hum, evidence.room_hum
    seen = whole.prominence > limits.hum and whole.level > limits.floor_good
    if room is None:
        # A held note is itself the loudest thing there.
        return seen and whole.level < evidence.levels.loud - HUM_BELOW_DB
    return room.level > limits.floor_good and room.prominence > limits.hum - SHORT_WINDOW_DB * seen


def is_narrow(edge: Edge, colour: Colour, limits: Limits) -> bool:
    """Whether a path with a low sampling rate cut off what is high, of the room, too."""
    return edge.fall > EDGE_DB and (colour.high < limits.hf or edge.moves < STILL_DB)


def lost(loss: Loss, seconds: float, limits: Limits) -> bool:
    """Whether the counters prove that samples are missing. Flags alone don't: they come without loss."""
    if loss.drift_ppm is None:
        short = loss.short_ms - 1000 * UNTOLD_DRIFT * seconds
        return short > UNTOLD_MS or (loss.overflows > 0 and short > FLAGGED_SHARE * UNTOLD_MS)
    # A clock that is slower than any card's is loss that comes in pieces too small to be seen.
    return loss.lost_ms > limits.lost or loss.short_ms - MAX_PPM * seconds / 1000 > UNTOLD_MS


def lost_ms(loss: Loss) -> float:
    """What is missing, as far as it is known."""
    return max(0.0, loss.short_ms) if loss.drift_ppm is None else loss.lost_ms


def _numbers(evidence: Evidence, expectation: Expectation) -> dict[str, float]:
    levels = evidence.levels
    numbers = {
        "seconds": round(evidence.seconds, 3),
        "voice_seconds": round(evidence.voice.seconds, 1),
        "peak_dbfs": round(levels.peak, 1),
        "rms_dbfs": round(levels.rms, 1),
        "loud_dbfs": round(levels.loud, 1),
        "dc": round(levels.dc, 5),
        "flat_runs": evidence.tops.flat_runs,
        "full_scale_samples": evidence.tops.full_scale,
        "zero_share": round(evidence.zeros.share, 4),
        "longest_zero_ms": round(evidence.zeros.longest_ms, 2),
        "cuts": evidence.zeros.cuts,
        "hum_db": round(evidence.colour.hum.prominence, 1),
        "high_db": round(evidence.colour.high, 1),
        "edge_db": round(evidence.edge.fall, 1),
        "lost_ms": round(lost_ms(expectation.loss), 1),
    }
    if expectation.floor_dbfs is not None:
        numbers["floor_dbfs"] = round(evidence.floor, 1)
        numbers["snr_db"] = round(levels.loud - evidence.floor, 1)
    if evidence.stuck:
        longest = max(evidence.stuck, key=lambda piece: piece.end - piece.begin)
        numbers["muted_from"] = round(longest.begin / evidence.samplerate, 1)
        numbers["muted_to"] = round(longest.end / evidence.samplerate, 1)
        dead = sum(piece.end - piece.begin for piece in evidence.stuck)
        numbers["muted_seconds"] = round(dead / evidence.samplerate, 1)
    if evidence.leak is not None:
        numbers["leakage_db"] = round(evidence.leak.gain_db, 1)
        numbers["accompaniment_heard_at"] = evidence.leak.at
    return numbers
