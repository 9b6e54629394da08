"""A microphone that dies in the middle of a song is found: in the file, and while the take runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio.judge.headset_check import DEAD, MUTED, judge_silence, judge_singing
from audio.judge.verdict import judge
from audio.measure.stuck import Stuck, StuckWatch, find_stuck
from audio.protocol import messages as ev
from config.kit.limits import Limits
from tests.audio.capture import Capture, facts
from tests.audio.measure.test_flaws import sound
from tests.audio.recordings import RATE, Signal, expecting, good, noise, voice, write_take

pytestmark = pytest.mark.sampled(4)

SONG = np.concatenate([good(), good(), good()])
SECONDS = len(SONG) / RATE
DEAD_KINDS = ("zeros", "constant", "dither", "buffer of 10 ms", "buffer of 67 ms", "buffer of 400 ms")
PLACES = {"head": (0.0, 10.0), "middle": (5.003, 8.1), "barely": (11.11, 12.12), "tail": (5.0, SECONDS)}


def dead(kind: str, begin: float, end: float) -> Signal:
    """The song with a dead microphone between two times in seconds."""
    signal, first, last = SONG.copy(), round(begin * RATE), round(end * RATE)
    if kind == "zeros":
        signal[first:last] = 0
    elif kind == "constant":
        signal[first:last] = 0.013
    elif kind == "dither":
        signal[first:last] = np.random.default_rng(1).integers(-1, 2, last - first) / 32768
    else:
        buffer = round(float(kind.split()[2]) * RATE / 1000)
        # Before the first sample a driver has the buffer of before.
        signal[first:last] = np.resize(np.roll(SONG, -first)[-buffer:], last - first)
    return signal


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", DEAD_KINDS)
@pytest.mark.sampled(24, fewest=2)
def test_a_dead_microphone_is_named_with_its_place(tmp_path: Path, kind: str, place: str, bits: int) -> None:
    begin, end = PLACES[place]
    take = write_take(tmp_path / "take.wav", dead(kind, begin, end), bits)
    verdict = judge(take, expecting(), Limits())
    assert verdict.reasons == ("muted",)
    # A repeated buffer was heard once before it is repeated.
    assert verdict.numbers["muted_from"] == pytest.approx(begin, abs=0.45 if "buffer" in kind else 0.06)
    assert verdict.numbers["muted_to"] == pytest.approx(end, abs=0.06)


@pytest.mark.parametrize("kind", DEAD_KINDS)
def test_a_dead_microphone_is_noticed_within_two_seconds(kind: str) -> None:
    watch, samples = StuckWatch(RATE), sound(dead(kind, 5.0, 8.0)).samples
    seen = []
    for begin in range(0, len(samples), 3200):
        watch.note(samples[begin : begin + 3200])
        seen.append((begin + 3200) / RATE if watch.seconds >= 1.5 else 0.0)
    assert 6.4 < next(filter(None, seen)) < 7.0
    assert max(seen) <= 8.1, "it lives again"


@pytest.mark.parametrize("hertz", [100, 150, 440, 1000, 2000])
@pytest.mark.parametrize("level", [0.9, 0.02])
def test_a_pure_tone_is_no_dead_microphone(hertz: float, level: float) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(4 * RATE) / RATE).astype(np.float32) * np.float32(level)
    assert find_stuck(sound(tone)) == ()


def test_less_than_a_second_and_a_quiet_room_are_no_dead_microphone() -> None:
    assert find_stuck(sound(dead("zeros", 5.0, 5.95))) == ()
    for level in (-84, -92, -97, -100):
        assert find_stuck(sound(noise(8 * RATE, level))) == ()
    assert find_stuck(sound(SONG[:0])) == ()
    assert find_stuck(sound(dead("zeros", 5.0, 6.0))) == (Stuck(5 * RATE, 6 * RATE),)


def test_two_dead_pieces_are_two(tmp_path: Path) -> None:
    signal = dead("zeros", 3.0, 5.0)
    signal[10 * RATE : 13 * RATE] = 0
    verdict = judge(write_take(tmp_path / "take.wav", signal), expecting(), Limits())
    numbers = verdict.numbers
    assert (numbers["muted_from"], numbers["muted_to"], numbers["muted_seconds"]) == (10.0, 13.0, 5.0)


def test_muted_all_the_time_but_for_the_room_is_muted_and_nobody_sang(tmp_path: Path) -> None:
    signal = noise(30 * RATE, -62)
    signal[4 * RATE : 20 * RATE] = 0
    verdict = judge(write_take(tmp_path / "take.wav", signal), expecting(), Limits())
    assert verdict.reasons == ("muted", "no_singing")


def test_the_headset_check_knows_a_dead_microphone(tmp_path: Path) -> None:
    room = noise(2 * RATE, -62)
    room[RATE // 2 : RATE * 7 // 4] = 0
    found = judge_silence(write_take(tmp_path / "silence.wav", room), Limits())
    assert (found.outcome, found.advice) == ("fail", MUTED)
    assert judge_silence(write_take(tmp_path / "no.wav", room * 0), Limits()).advice == DEAD
    sung = voice()[: 4 * RATE] + noise(4 * RATE, -62)
    sung[2 * RATE : 4 * RATE] = 0
    found = judge_singing(write_take(tmp_path / "singing.wav", sung), -62, Limits())
    assert (found.outcome, found.advice) == ("fail", MUTED)


@pytest.mark.parametrize("fault", ["mute", "hang"])
def test_the_station_hears_of_it_while_the_take_runs(tmp_path: Path, fault: str) -> None:
    with Capture(tmp_path, speed=3.0) as capture:
        capture.open()
        capture.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 60, facts()))
        capture.wait(ev.TakeStarted)
        capture.send(ev.Fault(fault))
        after = len(capture.events)
        while True:
            level = capture.wait(ev.Level, after=after)
            after = capture.events.index(level, after) + 1
            if level.muted_seconds >= 1.5:
                break
        assert level.muted_seconds < 2.0
        after = len(capture.events)
        while capture.wait(ev.TakeProgress, after=after).muted_seconds < 1:
            after += 1
        capture.send(ev.StopTake("take-1"))
        capture.wait(ev.TakeSaved)
