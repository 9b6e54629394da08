"""What comes back of what is played: the right ear, leakage, place, pitch and steadiness."""

from __future__ import annotations

from pathlib import Path

from audio.file import Sound, read_wav
from audio.measure import SHARP, Calibration, calibrate, sweeps
from config.base import say
from station.checks.bench import Answer, Bench, Ear
from station.checks.check import Check, Finding, Group, fail, ok, skipped, warn
from station.checks.headset import signals
from station.words.i18n import tr_noop

ASKED_SECONDS = 100.0
"""Time limit of a check that may have to wait for a person first."""
SLACK_SECONDS = 1.0
"""So much longer than what is played is recorded: the round trip."""
AGC_DB = 3.0
CENTS = 1.0
JITTER_MS = 1.0
NOT_HEARD = say(
    "The microphone does not hear the headphones, as it should be. To measure this too, hold an ear cup "
    "to the microphone and run this check again."
)


def ears(bench: Bench) -> Finding:
    wishes = bench.wishes
    if wishes.assume_heard:
        return ok(say("Left and right were taken as heard (asked for with --assume-heard)."), assumed=True)
    if wishes.ask is None:
        return skipped(say("Nobody can answer here; run the self-test on the screens."))
    rate = bench.settings.audio.samplerate
    sound = sweeps(rate)
    path = signals.write(bench.work / "sound-sweeps.wav", sound, rate)
    sides: tuple[Ear, ...] = ("left", "right")
    answers: dict[str, Answer] = {}
    for ear in sides:
        bench.headset().play(path, len(sound) / rate, ear)
        answer = wishes.ask(ear)
        if answer is None:
            return skipped(say("Nobody answered. Run this check again."))
        answers[ear] = answer
    bench.both_heard = "none" not in answers.values()
    return judge_ears(answers)


def judge_ears(answers: dict[str, Answer]) -> Finding:
    """From what was heard on which side."""
    numbers = {"heard_left": answers["left"], "heard_right": answers["right"]}
    silent = [ear for ear, heard in answers.items() if heard == "none"]
    if silent:
        sides = {"left": say("left"), "right": say("right")}
        return fail(
            say("Nothing is heard on the {side} side.", side=sides[silent[0]]),
            say("Turn the volume up, plug the headset in again, or use another one."),
            **numbers,
        )
    if answers["left"] == "right" and answers["right"] == "left":
        return warn(
            say("Left and right are the wrong way round."),
            say("Turn the headset round: L belongs on the left ear."),
            **numbers,
        )
    if "both" in answers.values():
        return warn(
            say("Each tone is heard on both sides."),
            say("Turn off “mono sound” in the computer's sound settings."),
            **numbers,
        )
    return ok(say("Left and right are heard."), **numbers)


def leakage(bench: Bench) -> Finding:
    if bench.wishes.cup_held:
        return skipped(say("An ear cup is held to the microphone; without it this can be tested."))
    heard = calibration(played(bench, "signals"))
    if heard is None and not bench.both_heard:
        return skipped(
            say("Nothing of what was played was heard; the headphones may be muted, so this says nothing.")
        )
    if heard is None:
        return ok(say("The microphone does not hear the headphones."))
    gain = round(heard.gain_db, 1)
    if gain > bench.limits.leakage:
        return fail(
            say("The microphone hears what is played ({gain} dB).", gain=gain),
            say("Use a headset, not loudspeakers; else turn the volume down. Don't hold the cup to it now."),
            leakage_db=gain,
        )
    return ok(say("The microphone hardly hears the headphones ({gain} dB).", gain=gain), leakage_db=gain)


def round_trip(bench: Bench) -> Finding:
    heard = calibration(returned(bench))
    if heard is None:
        return skipped(NOT_HEARD)
    tone = heard_tone(bench)
    if tone is not None and abs(tone.cents) > CENTS:
        return skipped(say("The pitch is wrong, and the places with it; put that right first."))
    rate = bench.settings.audio.samplerate
    numbers = {
        "offset_ms": round(1000 * heard.offset / rate, 2),
        "jitter_ms": round(1000 * heard.spread / rate, 2),
    }
    if numbers["jitter_ms"] > JITTER_MS:
        return fail(
            say("Sound comes back at uneven times: {jitter_ms} ms apart.", **numbers),
            say("Plug the headset straight into the computer, without a hub, and close other programs."),
            **numbers,
        )
    return ok(
        say("Sound comes back evenly ({jitter_ms} ms); place known to {offset_ms} ms.", **numbers), **numbers
    )


def rate(bench: Bench) -> Finding:
    tone = heard_tone(bench)
    if tone is None:
        return skipped(NOT_HEARD)
    numbers = {"tone_hz": round(tone.hz, 2), "cents": round(tone.cents, 2)}
    if abs(tone.cents) > CENTS:
        return fail(
            say("440 Hz comes back as {tone_hz} Hz: the recording would be out of tune.", **numbers),
            say("Set microphone and headphones to the same rate in the computer's sound settings."),
            **numbers,
        )
    return ok(say("440 Hz comes back as {tone_hz} Hz.", **numbers), **numbers)


def steady(bench: Bench) -> Finding:
    tone = heard_tone(bench)
    if tone is None:
        return skipped(NOT_HEARD)
    drift = round(tone.drift_db, 1)
    if abs(drift) > AGC_DB:
        return fail(
            say("A steady tone comes back with a changing level ({drift} dB).", drift=drift),
            say("Turn off noise suppression and automatic level in the computer's sound settings."),
            drift_db=drift,
        )
    return ok(say("A steady tone stays steady."), drift_db=drift)


Recording = tuple[Sound, int]
"""What was recorded while sweeps and tone were played, and where they should begin in it."""


def returned(bench: Bench) -> Recording | None:
    """With an ear cup at the microphone, where somebody holds it there."""
    return played(bench, "cup" if bench.ready("cup") else "signals")


def played(bench: Bench, name: str) -> Recording | None:
    """A recording during which sweeps and tone are played."""
    rate = bench.settings.audio.samplerate
    signal = signals.sweeps_and_tone(rate)
    path = signals.write(bench.work / "sound-signals.wav", signal, rate)
    saved = bench.recording(name, len(signal) / rate + SLACK_SECONDS, path)
    if saved.accompaniment_at is None:
        return None
    return read_wav(Path(saved.path)), saved.accompaniment_at


def calibration(found: Recording | None) -> Calibration | None:
    """Place and level of the sweeps; None where the microphone does not hear them beyond doubt."""
    heard = calibrate(*found) if found else None
    return heard if heard is not None and heard.sharpness >= SHARP else None


def heard_tone(bench: Bench) -> signals.Tone | None:
    found = returned(bench)
    heard = calibration(found)
    if found is None or heard is None:
        return None
    return signals.look_for_tone(found[0], found[1] + heard.offset)


CHECKS = (
    Check(
        "ears", Group.SOUND, tr_noop("Left and right"),
        tr_noop("A pupil with one dead side hears only half of the prompt."),
        tr_noop("A tone on each side; you say where it was heard."),
        ears, 150, usual=10.0, needs=("opens",),
    ),
    Check(
        "leakage", Group.SOUND, tr_noop("Leakage"),
        tr_noop("The accompaniment must not be in the recording."),
        tr_noop("Sweeps are played and looked for in the microphone."),
        leakage, 30, usual=6.0, needs=("microphone",),
    ),
    Check(
        "round_trip", Group.SOUND, tr_noop("Round trip"),
        tr_noop("Recording and accompaniment must keep their places."),
        tr_noop("Three sweeps: where they come back, and how evenly."),
        round_trip, ASKED_SECONDS, needs=("microphone",),
    ),
    Check(
        "rate", Group.SOUND, tr_noop("True pitch"),
        tr_noop("At a wrong rate every pupil sings out of tune."),
        tr_noop("440 Hz must come back as 440 Hz within one cent."),
        rate, ASKED_SECONDS, needs=("microphone",),
    ),
    Check(
        "steady", Group.SOUND, tr_noop("Steady level"),
        tr_noop("Automatic level and noise suppression change what was sung."),
        tr_noop("The level of a steady tone at its beginning and its end."),
        steady, ASKED_SECONDS, needs=("microphone",),
    ),
)  # fmt: skip
