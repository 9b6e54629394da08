"""How loud a voice comes in: the volume of the microphone, which only the computer's own settings hold.

1. A person sings loudly, and the headset check of the pupils judges it.
2. Where nobody can sing, the tone from an ear cup that is held to the microphone stands for the voice.
   It is only about as loud, so that nothing but what would spoil a recording counts.
3. Without either nothing is said: how quiet a room comes in tells nothing of a voice.
"""

from __future__ import annotations

from pathlib import Path

from audio.file import read_wav
from audio.judge import StepReport, headset_check, judge_silence, judge_singing
from config.base import Message, say
from config.kit import Limits
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, Outcome, fail, ok, skipped, warn
from station.checks.headset.microphone import curve, silence
from station.checks.headset.playback import ASKED_SECONDS, calibration, returned
from station.words.i18n import tr_noop

SING_SECONDS = 4.0
DOWN = say(
    "Turn the microphone's volume down and its boost off (Windows: Settings, System, Sound, Input, Volume), "
    "then run this check again."
)
UP = say(
    "Turn the microphone's volume up (Windows: Settings, System, Sound, Input, Volume), "
    "then run this check again."
)
UP_OR_CLOSER = say(
    "Hold the ear cup close to the microphone and turn the headphones up. If that does not help, turn the "
    "microphone's volume up (Windows: Settings, System, Sound, Input, Volume)."
)


def voice(bench: Bench) -> Finding:
    if bench.ready("sing"):
        path = Path(bench.recording("voice", SING_SECONDS).path)
        found = judge_voice(judge_singing(path, floor(bench), bench.limits), bench.limits)
    elif not bench.ready("cup"):
        return skipped(
            say(
                "Nobody sang. Run this check on the screens, or hold an ear cup to the microphone and say so "
                "with --cup-held."
            )
        )
    elif calibration(returned(bench)) is None:
        return fail(say("Nothing came back from the ear cup."), UP_OR_CLOSER)
    else:
        path = bench.work / "cup.wav"
        found = judge_cup(judge_singing(path, floor(bench), bench.limits), bench.limits)
    series = {"voice_dbfs": curve(read_wav(path))}
    return Finding(found.outcome, found.what, found.todo, found.numbers, series)


def floor(bench: Bench) -> float:
    """Level of the quiet room in dBFS."""
    silence(bench)
    return judge_silence(bench.work / "silence.wav", bench.limits).numbers["floor_dbfs"]


def judge_voice(report: StepReport, limits: Limits) -> Finding:
    """What the singing of a person means."""
    numbers = report.numbers
    if report.advice is None:
        return ok(say("Loud singing comes in well: {peak_dbfs} dB at the peak.", **numbers), **numbers)
    if report.advice == headset_check.TOO_LOUD:
        return fail(say("Loud singing comes in distorted."), DOWN, **numbers)
    if report.advice == headset_check.TOO_QUIET:
        return fail(_too_quiet(say("Loud singing"), numbers, limits), UP, **numbers)
    if report.advice in (headset_check.NO_VOICE, headset_check.DEAD, headset_check.MUTED):
        todo = say(
            "Sing loudly when you are asked to. If you did, check that station.toml names this microphone, "
            "and turn its volume up."
        )
        return fail(say("Nobody was heard singing."), todo, **numbers)
    if report.advice == headset_check.RATHER_LOUD:
        return warn(say("Loud singing is nearly too loud: {peak_dbfs} dB.", **numbers), DOWN, **numbers)
    if report.advice == headset_check.RATHER_QUIET:
        return warn(say("Loud singing is rather quiet: {peak_dbfs} dB.", **numbers), UP, **numbers)
    return Finding(
        Outcome(report.outcome), say("The singing was recorded with a fault."), report.advice, numbers
    )


def judge_cup(report: StepReport, limits: Limits) -> Finding:
    """What the tone from the ear cup means. Its level is only like that of a voice: no warnings."""
    numbers = report.numbers
    if report.advice == headset_check.TOO_LOUD:
        return fail(say("The tone from the ear cup comes in distorted."), DOWN, **numbers)
    if report.advice in (
        headset_check.TOO_QUIET,
        headset_check.NO_VOICE,
        headset_check.DEAD,
        headset_check.MUTED,
    ):
        return fail(_too_quiet(say("The tone from the ear cup"), numbers, limits), UP_OR_CLOSER, **numbers)
    return ok(
        say("The tone from the ear cup comes in well: {peak_dbfs} dB at the peak.", **numbers), **numbers
    )


def _too_quiet(source: Message, numbers: dict[str, float], limits: Limits) -> Message:
    if numbers["loud_dbfs"] >= limits.quiet:
        return say(
            "{source} is only {snr_db} dB above the room (at least {limit}).",
            source=source,
            limit=limits.snr_bad,
            **numbers,
        )
    return say(
        "{source} comes in too quiet: {loud_dbfs} dB (at least {limit}).",
        source=source,
        limit=limits.quiet,
        **numbers,
    )


CHECKS = (
    Check(
        "voice", Group.SOUND, tr_noop("Level of a voice"),
        tr_noop("A microphone that is set too low or too high spoils every recording of the afternoon."),
        tr_noop("Somebody sings loudly for four seconds, or an ear cup is held to the microphone."),
        voice, 2 * ASKED_SECONDS, usual=5.0, needs=("microphone",),
    ),
)  # fmt: skip
