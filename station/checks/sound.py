"""Headset and capture: present, alive, quiet, the right way round, true in rate, without loss."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from audio.devices import find_device
from audio.headset import DEAD_DBFS, judge_silence
from audio.levels import dbfs
from audio.measures import measure_levels
from audio.spectrum import measure_colour
from audio.virtual import NAME as BUILTIN
from audio.wavread import Sound, read_wav
from config.limits import Limits
from config.message import say
from station.checks import signals
from station.checks.bench import Answer, Bench, Ear
from station.checks.check import Check, Finding, Group, fail, ok, skipped, warn
from station.i18n import tr_noop

LIMITS = Limits()
SILENCE_SECONDS = 2.5
LOAD_SECONDS = 10.0
LOAD_THREADS = 2
SERIES_SECONDS = 0.1
DULL_ROOM_DB = -28.0
"""Room noise above 8 kHz this far below 1-4 kHz: nothing but the last bit of the converter is there."""
QUIETEST_DBFS = -85.0
"""A room below this says nothing about how far up the path reaches."""
AGC_DB = 3.0
CENTS = 1.0
JITTER_MS = 1.0
NOT_HEARD = say(
    "The microphone does not hear the headphones, as it should be. To measure this too, hold an ear cup "
    "to the microphone and run this check again."
)
NO_HEADSET = say("The headset can't be used; this could not be tested.")


def device(bench: Bench) -> Finding:
    audio = bench.settings.audio
    if audio.input == BUILTIN:
        return ok(say("The built-in virtual headset, for trying out; no pupil can be recorded with it."))
    found = bench.devices
    microphone = found[find_device(found, audio.input, "input")]
    headphones = found[find_device(found, audio.output, "output")]
    return ok(
        say(
            "{input} and {output} ({hostapi})",
            input=microphone.name,
            output=headphones.name,
            hostapi=microphone.hostapi,
        ),
        input=microphone.name,
        output=headphones.name,
        hostapi=microphone.hostapi,
    )


def opens(bench: Bench) -> Finding:
    studio = bench.studio()
    return ok(say("Both directions open at {rate} Hz.", rate=studio.samplerate), samplerate=studio.samplerate)


def ears(bench: Bench) -> Finding:
    wishes = bench.wishes
    if wishes.assume_heard:
        return ok(say("Left and right were taken as heard (asked for with --assume-heard)."), assumed=True)
    if wishes.ask is None:
        return skipped(say("Nobody can answer here; run the self-test on the screens."))
    rate = bench.settings.audio.samplerate
    sweep = np.concatenate([signals.chirp(rate)] * 3)
    path = signals.write(bench.work / "chirp.wav", sweep, rate)
    sides: tuple[Ear, ...] = ("left", "right")
    answers: dict[str, Answer] = {}
    for ear in sides:
        bench.studio().play(path, len(sweep) / rate, ear)
        answers[ear] = wishes.ask(ear)
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


def microphone(bench: Bench) -> Finding:
    """Alive at all: a muted or forbidden microphone delivers exact zeros without any error."""
    sound = silence(bench)
    levels = measure_levels(sound)
    if levels.loud <= DEAD_DBFS:
        return fail(
            say("The microphone delivers no sound."),
            say(
                "Check the mute switch on the cable, then the microphone's permission in the computer's "
                "privacy settings."
            ),
            level_dbfs=round(levels.loud, 1),
        )
    return ok(say("The microphone is alive."), level_dbfs=round(levels.loud, 1))


def room(bench: Bench) -> Finding:
    sound = silence(bench)
    levels = measure_levels(sound)
    if levels.loud <= DEAD_DBFS:
        return skipped(NO_HEADSET)
    floor = judge_silence(bench.work / "silence.wav", LIMITS).numbers["floor_dbfs"]
    series = {"noise_dbfs": curve(sound)}
    if floor > LIMITS.floor_bad:
        found = fail(
            say("The room is too loud: {floor} dB (at most {limit}).", floor=floor, limit=LIMITS.floor_bad),
            say("Close doors and windows, turn off fans and air conditioning, then test again."),
            floor_dbfs=floor,
        )
    elif floor > LIMITS.floor_good:
        found = warn(
            say("The room is rather loud: {floor} dB (good: {limit}).", floor=floor, limit=LIMITS.floor_good),
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
    if found.prominence > LIMITS.hum and found.level > LIMITS.floor_good:
        return fail(
            say("There is a hum from the mains: {hum_db} dB above the rest.", **numbers),
            say("Plug the headset into another socket, away from power supplies and long cables."),
            **numbers,
        )
    return ok(say("No hum from the mains."), **numbers)


def offset(bench: Bench) -> Finding:
    dc = measure_levels(silence(bench)).dc
    if abs(dc) > LIMITS.dc:
        return fail(
            say("The microphone's signal is off centre (DC {dc}).", dc=round(dc, 3)),
            say("Plug it into another socket, or use another headset."),
            dc=round(dc, 4),
        )
    return ok(say("The microphone's signal is centred."), dc=round(dc, 5))


def bandwidth(bench: Bench) -> Finding:
    sound = silence(bench)
    levels, high = measure_levels(sound), measure_colour(sound).high
    if levels.middle < QUIETEST_DBFS:
        return skipped(say("The room is so quiet that this can't be told from it."))
    if high < DULL_ROOM_DB:
        return fail(
            say("The sound is dull, as over a telephone ({high} dB at the top).", high=round(high)),
            say("This is a Bluetooth path. Use a headset with a cable."),
            high_db=round(high, 1),
        )
    return ok(say("The sound reaches all the way up."), high_db=round(high, 1))


def leakage(bench: Bench) -> Finding:
    heard = chirps(bench)
    if heard is None:
        return ok(say("The microphone does not hear the headphones."))
    gain = round(heard.gain_db, 1)
    if gain > LIMITS.leakage:
        return fail(
            say("The microphone hears what is played ({gain} dB).", gain=gain),
            say("Use a headset, not loudspeakers; else turn the volume down. Don't hold the cup to it now."),
            leakage_db=gain,
        )
    return ok(say("The microphone hardly hears the headphones ({gain} dB).", gain=gain), leakage_db=gain)


def round_trip(bench: Bench) -> Finding:
    heard = chirps(bench)
    if heard is None:
        return skipped(NOT_HEARD)
    rate = bench.settings.audio.samplerate
    numbers = {
        "offset_ms": round(1000 * heard.offset_frames / rate, 2),
        "jitter_ms": round(1000 * heard.jitter_frames / rate, 2),
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


def load(bench: Bench) -> Finding:
    """Record while this process is as busy as it can be."""
    bench.studio()
    stop = threading.Event()
    hogs = [threading.Thread(target=_hog, args=(stop,), name="load") for _ in range(LOAD_THREADS)]
    for hog in hogs:
        hog.start()
    try:
        saved = bench.recording("load", LOAD_SECONDS)
    finally:
        stop.set()
        for hog in hogs:
            hog.join()
    lost = saved.loss
    numbers = {
        "lost_ms": max(0.0, lost.short_ms),
        "longest_gap_ms": lost.longest_gap_ms,
        "overflows": lost.overflows,
    }
    series = {"level_dbfs": curve(read_wav(Path(saved.path)))}
    if lost.short_ms > LIMITS.lost:
        what = say(
            "{lost_ms} ms of {seconds} s were lost under load.", seconds=round(LOAD_SECONDS), **numbers
        )
        todo = say("Close other programs; plug the headset into another socket, without a hub.")
        return Finding(fail(what).outcome, what, todo, numbers, series)
    what = say("Nothing lost in {seconds} s under load.", seconds=round(LOAD_SECONDS))
    return Finding(ok(what).outcome, what, None, numbers, series)


def _hog(stop: threading.Event) -> None:
    count = 0
    while not stop.is_set():
        count += 1


def silence(bench: Bench) -> Sound:
    return read_wav(Path(bench.recording("silence", SILENCE_SECONDS).path))


def played(bench: Bench) -> tuple[Sound, int] | None:
    """The recording during which chirps and tone were played, and where they begin in it."""
    rate = bench.settings.audio.samplerate
    signal = signals.chirps_and_tone(rate)
    seconds = len(signal) / rate + 2 * signals.LEAD_SECONDS
    saved = bench.recording("chirps", seconds, signals.write(bench.work / "signals.wav", signal, rate))
    if saved.accompaniment_at is None:
        return None
    return read_wav(Path(saved.path)), saved.accompaniment_at


def chirps(bench: Bench) -> signals.Heard | None:
    found = played(bench)
    return signals.look_for_chirps(*found) if found else None


def heard_tone(bench: Bench) -> signals.Tone | None:
    found = played(bench)
    heard = signals.look_for_chirps(*found) if found else None
    if found is None or heard is None:
        return None
    return signals.look_for_tone(found[0], found[1] + heard.offset_frames)


def curve(sound: Sound) -> tuple[float, ...]:
    """Level in dBFS per tenth of a second."""
    size = int(SERIES_SECONDS * sound.samplerate)
    blocks = sound.blocks(size)
    return tuple(round(dbfs(float(np.sqrt(np.mean(block * block)))), 1) for block in blocks)


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
        opens, 30, morning=True,
    ),
    Check(
        "microphone", Group.SOUND, tr_noop("Microphone alive"),
        tr_noop("A muted microphone records silence without any error."),
        tr_noop("Two and a half seconds are recorded; exact zeros mean that nothing arrives."),
        microphone, 20, morning=True,
    ),
    Check(
        "room", Group.SOUND, tr_noop("Noise of the room"),
        tr_noop("Noise hides quiet singers."),
        tr_noop("The level of the quiet room in the microphone."),
        room, 20, morning=True,
    ),
    Check(
        "hum", Group.SOUND, tr_noop("Hum"),
        tr_noop("Hum from the mains spoils every recording of the afternoon."),
        tr_noop("Lines at 50 and 60 Hz and their multiples against their neighbours."),
        hum, 20,
    ),
    Check(
        "offset", Group.SOUND, tr_noop("Centre"),
        tr_noop("An off-centre signal comes from a faulty microphone or socket."),
        tr_noop("The mean of the recorded signal."),
        offset, 20,
    ),
    Check(
        "bandwidth", Group.SOUND, tr_noop("Brightness"),
        tr_noop("A Bluetooth path sounds like a telephone and can't be judged."),
        tr_noop("Noise above 8 kHz against noise between 1 and 4 kHz."),
        bandwidth, 20,
    ),
    Check(
        "ears", Group.SOUND, tr_noop("Left and right"),
        tr_noop("A pupil with one dead side hears only half of the prompt."),
        tr_noop("A tone on each side; you say where it was heard."),
        ears, 150,
    ),
    Check(
        "leakage", Group.SOUND, tr_noop("Leakage"),
        tr_noop("The accompaniment must not be in the recording."),
        tr_noop("Chirps are played and looked for in the microphone."),
        leakage, 30,
    ),
    Check(
        "round_trip", Group.SOUND, tr_noop("Round trip"),
        tr_noop("Recording and accompaniment must keep their places."),
        tr_noop("Five chirps: where they come back, and how evenly."),
        round_trip, 30,
    ),
    Check(
        "rate", Group.SOUND, tr_noop("True pitch"),
        tr_noop("At a wrong rate every pupil sings out of tune."),
        tr_noop("440 Hz must come back as 440 Hz within one cent."),
        rate, 30,
    ),
    Check(
        "steady", Group.SOUND, tr_noop("Steady level"),
        tr_noop("Automatic level and noise suppression change what was sung."),
        tr_noop("The level of a steady tone at its beginning and its end."),
        steady, 30,
    ),
    Check(
        "load", Group.SOUND, tr_noop("Recording under load"),
        tr_noop("A busy computer must not lose a note."),
        tr_noop("Ten seconds are recorded while the computer is kept busy; the clock tells what is missing."),
        load, 40,
    ),
)  # fmt: skip
