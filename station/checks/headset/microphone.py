"""The headset: present, open, alive, in a quiet room, without hum, bright."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from audio import DEAD_DBFS, dbfs
from audio.file import Sound, read_wav
from audio.judge import GATED_SHARE, judge_silence
from audio.measure import EDGE_DB, Hum, find_edge, find_stuck, measure_colour, measure_levels, measure_zeros
from audio.protocol import TakeSaved
from config.base import say
from config.kit import Limits
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, fail, ok, skipped, warn
from station.words.i18n import tr_noop

SILENCE_SECONDS = 2.5
SERIES_SECONDS = 0.1
DULL_ROOM_DB = -28.0
"""Room noise above 8 kHz this far below 1-4 kHz: nothing but the last bit of the converter is there."""
QUIETEST_DBFS = -85.0
"""A room below this says nothing about how far up the path reaches."""
NO_HEADSET = say("The headset can't be used; this could not be tested.")


def microphone(bench: Bench) -> Finding:
    """Alive at all: a muted or forbidden microphone delivers exact zeros without any error."""
    sound = silence(bench)
    levels = measure_levels(sound)
    if levels.loud <= DEAD_DBFS:
        return fail(
            say("The microphone delivers no sound."),
            say(
                "Check the mute switch on the cable, then whether programs may use the microphone (Windows: "
                "Settings, Privacy, Microphone)."
            ),
            level_dbfs=round(levels.loud, 1),
        )
    stuck = find_stuck(sound)
    if stuck:
        longest = max((piece.end - piece.begin) / sound.samplerate for piece in stuck)
        numbers = {"muted_seconds": round(longest, 1), "seconds": round(sound.seconds, 1)}
        return fail(
            say("The microphone was dead for {muted_seconds} of {seconds} s.", **numbers),
            say(
                "Check the mute switch on the cable and the plug; turn off noise suppression in the "
                "computer's sound settings."
            ),
            **numbers,
        )
    return ok(say("The microphone is alive."), level_dbfs=round(levels.loud, 1))


def room(bench: Bench) -> Finding:
    sound = silence(bench)
    levels = measure_levels(sound)
    if levels.loud <= DEAD_DBFS:
        return skipped(NO_HEADSET)
    if _hums(measure_colour(sound).hum, bench.limits):
        return skipped(say("The hum is louder than the room; get rid of it first."))
    limits = bench.limits
    floor = judge_silence(bench.work / "silence.wav", limits).numbers["floor_dbfs"]
    series = {"noise_dbfs": curve(sound)}
    if floor > limits.floor_bad:
        found = fail(
            say("The room is too loud: {floor} dB (at most {limit}).", floor=floor, limit=limits.floor_bad),
            say("Close doors and windows, turn off fans and air conditioning, then test again."),
            floor_dbfs=floor,
        )
    elif floor > limits.floor_good:
        found = warn(
            say("The room is rather loud: {floor} dB (good: {limit}).", floor=floor, limit=limits.floor_good),
            say("Close doors and windows, turn off fans and air conditioning."),
            floor_dbfs=floor,
        )
    else:
        found = ok(say("The room is quiet: {floor} dB.", floor=floor), floor_dbfs=floor)
    return Finding(found.outcome, found.what, found.todo, found.numbers, series)


def hum(bench: Bench) -> Finding:
    sound = silence(bench)
    if measure_levels(sound).loud <= DEAD_DBFS:
        return skipped(NO_HEADSET)
    found = measure_colour(sound).hum
    numbers = {"hum_db": round(found.prominence, 1), "hum_dbfs": round(found.level, 1)}
    if _hums(found, bench.limits):
        return fail(
            say("There is a hum from the mains: {hum_db} dB above the rest.", **numbers),
            say("Plug the headset into another socket, away from power supplies and long cables."),
            **numbers,
        )
    return ok(say("No hum from the mains."), **numbers)


def _hums(found: Hum, limits: Limits) -> bool:
    return found.prominence > limits.hum and found.level > limits.floor_good


def offset(bench: Bench) -> Finding:
    dc = measure_levels(silence(bench)).dc
    if abs(dc) > bench.limits.dc:
        return fail(
            say("The microphone's signal is off centre (DC {dc}).", dc=round(dc, 3)),
            say("Plug it into another socket, or use another headset."),
            dc=round(dc, 4),
        )
    return ok(say("The microphone's signal is centred."), dc=round(dc, 5))


def gate(bench: Bench) -> Finding:
    """Noise suppression cuts away whatever it takes for noise: quiet singing, too."""
    sound = silence(bench)
    zeros = measure_zeros(sound, (0, 0), measure_levels(sound), bench.limits.zero_run)
    numbers = {"zero_percent": round(100 * zeros.share), "longest_zero_ms": round(zeros.longest_ms, 1)}
    if zeros.share > GATED_SHARE and zeros.longest_ms > bench.limits.zero_run:
        return fail(
            say("The microphone is switched off {zero_percent} % of the time in a quiet room.", **numbers),
            say(
                "Turn off noise suppression and audio enhancements in the computer's sound settings and in "
                "the headset's own program, then test again."
            ),
            **numbers,
        )
    return ok(say("The microphone stays open in a quiet room."), **numbers)


def bandwidth(bench: Bench) -> Finding:
    sound = silence(bench)
    levels, high = measure_levels(sound), measure_colour(sound).high
    if levels.middle < QUIETEST_DBFS:
        return skipped(say("The room is so quiet that this can't be told from it."))
    if high < DULL_ROOM_DB or find_edge(sound).fall > EDGE_DB:
        return fail(
            say("The sound is dull, as over a telephone ({high} dB at the top).", high=round(high)),
            say(
                "This is most likely a Bluetooth headset: use one with a cable. If it has a cable, set a "
                "higher rate for the microphone in the sound settings."
            ),
            high_db=round(high, 1),
        )
    return ok(say("The sound reaches all the way up."), high_db=round(high, 1))


def silent_take(bench: Bench, name: str = "silence") -> TakeSaved:
    """A recording of the room while nothing is played."""
    return bench.recording(name, SILENCE_SECONDS)


def silence(bench: Bench) -> Sound:
    return read_wav(Path(silent_take(bench).path))


def curve(sound: Sound) -> tuple[float, ...]:
    """Level in dBFS per tenth of a second."""
    size = int(SERIES_SECONDS * sound.samplerate)
    blocks = sound.blocks(size)
    return tuple(round(dbfs(float(np.sqrt(np.mean(block * block)))), 1) for block in blocks)


CHECKS = (
    Check(
        "microphone", Group.SOUND, tr_noop("Microphone alive"),
        tr_noop("A muted microphone records silence without any error."),
        tr_noop("Two and a half seconds are recorded; exact zeros mean that nothing arrives."),
        microphone, 20, usual=3.0, morning=True, needs=("opens", "sides"),
    ),
    Check(
        "room", Group.SOUND, tr_noop("Noise of the room"),
        tr_noop("Noise hides quiet singers."),
        tr_noop("The level of the quiet room in the microphone."),
        room, 20, morning=True, needs=("microphone",),
    ),
    Check(
        "hum", Group.SOUND, tr_noop("Hum"),
        tr_noop("Hum from the mains spoils every recording of the afternoon."),
        tr_noop("Lines at 50 and 60 Hz and their multiples against their neighbours."),
        hum, 20, needs=("microphone",),
    ),
    Check(
        "offset", Group.SOUND, tr_noop("Centre"),
        tr_noop("An off-centre signal comes from a faulty microphone or socket."),
        tr_noop("The mean of the recorded signal."),
        offset, 20, needs=("microphone",),
    ),
    Check(
        "gate", Group.SOUND, tr_noop("Noise suppression"),
        tr_noop("Noise suppression swallows quiet notes, and word endings."),
        tr_noop("How much of the quiet room is exact silence."),
        gate, 20, needs=("microphone",),
    ),
    Check(
        "bandwidth", Group.SOUND, tr_noop("Brightness"),
        tr_noop("A Bluetooth path sounds like a telephone and can't be judged."),
        tr_noop("Noise above 8 kHz against noise between 1 and 4 kHz."),
        bandwidth, 20, needs=("microphone",),
    ),
)  # fmt: skip
