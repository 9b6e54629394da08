"""The headset itself: it is there, it opens, and its microphone does not hear on one side only."""

from __future__ import annotations

from pathlib import Path

from audio import DEAD_DBFS, AudioError
from audio.device import NAME as BUILTIN
from audio.device import find_device, label
from audio.file import read_wav
from audio.measure import measure_levels
from audio.protocol import TakeSaved
from config.base import Message, say
from station.checks.bench import Bench, Ear
from station.checks.check import Check, Finding, Group, fail, ok, warn
from station.checks.headset.microphone import silent_take
from station.words.i18n import tr_noop

SIDE_SECONDS = 1.0
SIDE_GAP = 18.0
"""Two capsules hear a room alike; so many dB below the other is the noise of an open input."""
CANCELLED_DB = 12.0
"""The mix of two sides that hear the same is as loud, of two that don't 3 dB less."""
SIDES: dict[Ear, Message] = {"left": say("the left side"), "right": say("the right side")}


def device(bench: Bench) -> Finding:
    audio = bench.settings.audio
    if audio.input == BUILTIN:
        return ok(say("The built-in virtual headset, for trying out; no pupil can be recorded with it."))
    found = bench.devices
    microphone = found[find_device(found, audio.input, "input")]
    headphones = found[find_device(found, audio.output, "output")]
    one = say(
        "{input} and {output} ({hostapi})",
        input=microphone.name,
        output=headphones.name,
        hostapi=microphone.hostapi,
    )
    two = say("{input} and {output}", input=label(microphone), output=label(headphones))
    return ok(
        one if microphone.hostapi == headphones.hostapi else two,
        input=microphone.name,
        output=headphones.name,
        hostapi=microphone.hostapi,
    )


def opens(bench: Bench) -> Finding:
    try:
        headset = bench.headset()
    except AudioError as error:
        detail = error.todo.params.get("detail", "") if error.todo else ""
        todo = _todo(error.code, bench.settings.audio.samplerate)
        return fail(error.what, todo, code=error.code, detail=str(detail))
    return ok(
        say("Both directions open at {rate} Hz.", rate=headset.samplerate), samplerate=headset.samplerate
    )


def _todo(code: str, rate: int) -> Message:
    """What helps when the headset does not open."""
    if code == "bad_rate":
        return say(
            "Set {rate} Hz for microphone and headphones in the sound settings (Windows: their "
            "properties, Advanced, Default format), then run this check again.",
            rate=rate,
        )
    if code == "no_side":
        return say("Change station.toml, then run this check again.")
    return say("Close meeting programs and browsers, plug the headset in again, then test once more.")


def sides(bench: Bench) -> Finding:
    """Opened with one channel, a driver mixes the sides or takes one of them, and does not say so."""
    audio = bench.settings.audio
    if audio.input == BUILTIN:
        return ok(say("The built-in virtual headset has no sides."))
    if bench.devices[find_device(bench.devices, audio.input, "input")].inputs < len(SIDES):
        return ok(say("This microphone has one channel, so no side of it can be dead."))
    try:
        levels = {side: _level(bench, side) for side in SIDES}
        mixed = level_of(silent_take(bench)) if audio.side == "mix" else None
    except AudioError as error:
        return warn(
            say("The sides of the microphone can't be recorded one by one: {detail}", detail=error.what),
            say("Run this check once more. If it stays so, look at the level of a voice."),
            code=error.code,
        )
    return judge_sides(levels, audio.side, mixed)


def _level(bench: Bench, side: Ear) -> float:
    """Level in dBFS of what this side hears of the room."""
    # The side that takes are made of is recorded for the other checks anyway.
    saved = silent_take(bench) if side == bench.settings.audio.side else bench.one_side(side, SIDE_SECONDS)
    return level_of(saved)


def level_of(saved: TakeSaved) -> float:
    """Level in dBFS of a recording of the room."""
    return measure_levels(read_wav(Path(saved.path))).loud


def judge_sides(levels: dict[Ear, float], recorded: str, mixed: float | None = None) -> Finding:
    """From the level of each side; `recorded`: what takes are made of; `mixed`: level of both as one."""
    numbers = {f"{side}_dbfs": round(level, 1) for side, level in levels.items()}
    dead = max(DEAD_DBFS, max(levels.values()) - SIDE_GAP)
    alive = [side for side, level in levels.items() if level > dead]
    if not alive:
        return ok(say("The sides of the microphone don't differ."), **numbers)
    if len(alive) == len(SIDES) and mixed is not None and mixed < min(levels.values()) - CANCELLED_DB:
        return fail(
            say("The two sides of the microphone cancel each other out: together they are silent."),
            say(
                'The microphone is wired the wrong way round. Write side = "left" under [audio] in '
                "station.toml, or use another headset."
            ),
            **numbers,
            mix_dbfs=round(mixed, 1),
        )
    if len(alive) == len(SIDES):
        return ok(
            say("Both sides of the microphone hear the room: {left_dbfs} and {right_dbfs} dB.", **numbers),
            **numbers,
        )
    side = SIDES[alive[0]]
    if alive[0] == recorded:
        return ok(say("The microphone hears on {side}, which is the one recorded.", side=side), **numbers)
    return fail(
        say("The microphone hears on {side} only.", side=side),
        say(
            'Push the plug all the way in and run this check again. If it stays so, write side = "{name}" '
            "under [audio] in station.toml, or use another headset.",
            name=alive[0],
        ),
        **numbers,
    )


CHECKS = (
    Check(
        "device", Group.SOUND, tr_noop("Headset present"),
        tr_noop("The station opens exactly the headset that station.toml names."),
        tr_noop("Host API and name are looked for in the list of devices."),
        device, 25, morning=True,
    ),
    Check(
        "opens", Group.SOUND, tr_noop("Headset opens"),
        tr_noop("Another program or a wrong rate may keep it closed."),
        tr_noop("Microphone and headphones are opened at the rate of station.toml."),
        opens, 30, usual=1.5, morning=True, needs=("device",),
    ),
    Check(
        "sides", Group.SOUND, tr_noop("Sides of the microphone"),
        tr_noop("Where only one side hears, recordings come out half as loud, or silent."),
        tr_noop("A second of each side is recorded by itself and must not be dead."),
        sides, 60, usual=4.0, morning=True, needs=("opens",),
    ),
)  # fmt: skip
