"""The round trip through simulated headsets: exact to the sample, or not certain."""

import os
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from audio.device.card import VirtualCard
from audio.file.wavread import Sound, read_wav
from audio.measure.calibration import Calibration, calibrate, sweeps
from audio.protocol import messages as ev
from tests.audio.capture import Capture
from tests.audio.recordings import RATE, Signal, gain, good, noise, write_take

PREDICTED = 14400
AFTER = 3 * RATE


def recorded(signal: Signal, rate: int = RATE) -> Sound:
    samples = np.clip(np.rint(signal * 32768), -32768, 32767).astype(np.int16)
    return Sound(samples, rate, 16, "", complete=True)


def through(
    offset: int,
    decibels: float,
    *,
    room: float = -62.0,
    seed: int = 0,
    path: Signal | None = None,
    rate: int = RATE,
) -> Sound:
    """The sweeps, leaked into a microphone `offset` frames later than predicted."""
    signal = noise(AFTER, room, seed)
    played = sweeps(rate) * gain(decibels)
    if path is not None:
        played = np.convolve(played, path).astype(np.float32)
    at = PREDICTED + offset
    signal[at : at + len(played)] += played
    return recorded(signal, rate)


def certain(sound: Sound) -> Calibration:
    found = calibrate(sound, PREDICTED)
    assert found is not None
    assert found.certain
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_offset_is_exact_in_twenty_of_twenty(seed: int) -> None:
    random = np.random.default_rng(seed)
    offset, decibels = int(random.integers(-9000, 34000)), float(random.uniform(-45, 0))
    found = certain(through(offset, decibels, seed=seed))
    assert found.offset == offset
    assert found.spread == 0
    assert found.gain_db == pytest.approx(decibels, abs=1.5)


@pytest.mark.parametrize("seed", range(3))
def test_the_faintest_leak_is_enough(seed: int) -> None:
    """Ten decibels below the room; frequencies that were not played say nothing and are left out."""
    found = certain(through(1000, -60, seed=seed))
    assert found.offset == 1000
    assert found.sharpness > 35


def test_a_headset_that_colours_the_sound_moves_it_by_its_own_delay_only() -> None:
    """A capsule's low and high pass, 0.1 ms long, with an echo of the shell."""
    path = np.zeros(200, dtype=np.float32)
    path[[0, 1, 2, 5]] = (0.8, 0.3, -0.2, 0.1)
    path[150] = 0.2
    assert abs(certain(through(5000, -30, path=path)).offset - 5000) <= 1


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_other_rates(rate: int) -> None:
    assert certain(through(777, -30, rate=rate)).offset == 777


def test_over_loud_singing_it_is_right_or_not_certain() -> None:
    signal = np.concatenate([good(), good()])[: 6 * RATE]
    for decibels in (-10.0, -20.0, -30.0, -40.0, -50.0):
        mixed = signal.copy()
        mixed[2 * RATE + 321 :][: len(sweeps(RATE))] += sweeps(RATE) * gain(decibels)
        found = calibrate(recorded(mixed), 2 * RATE)
        assert found is not None
        assert found.offset == 321 or not found.certain
        assert found.certain or decibels <= -20


def test_lost_samples_between_the_sweeps_are_seen() -> None:
    sound = through(1000, -20)
    hole = PREDICTED + 1000 + round(0.7 * RATE)
    samples = np.concatenate([sound.samples[:hole], sound.samples[hole + 480 :]])
    found = calibrate(Sound(samples, RATE, 16, "", complete=True), PREDICTED)
    assert found is not None
    assert not found.certain


def test_nothing_heard_is_not_certain() -> None:
    found = calibrate(recorded(noise(AFTER, -62)), PREDICTED)
    assert found is None or not found.certain


@pytest.mark.parametrize("signal", [noise(AFTER, -62) * 0, noise(100, -62), noise(0, -62)])
def test_silence_and_fragments_are_none(signal: Signal) -> None:
    assert calibrate(recorded(signal), PREDICTED) is None


def test_what_is_played_does_not_hurt() -> None:
    assert np.abs(sweeps(RATE)).max() <= gain(-12) + 1e-6
    assert np.abs(np.diff(sweeps(RATE)))[:4900].max() < 0.02


@pytest.mark.card
def test_on_the_virtual_card_the_place_is_right_and_stays_so(card: VirtualCard, tmp_path: Path) -> None:
    """What the recorder predicts is near, and off by the same in every take of an opened headset."""
    sound = write_take(tmp_path / "sweeps.wav", sweeps(RATE))
    offsets = []
    with Capture(tmp_path, env={**os.environ, **card.env}) as capture:
        capture.open("vloop")
        sleep(1.0)
        for number in range(2):
            after, path = len(capture.events), tmp_path / f"{number}.wav"
            capture.send(ev.StartTake(str(number), str(path), 2.4, None, str(sound)))
            saved = capture.wait(ev.TakeSaved, after=after)
            assert saved.accompaniment_at is not None
            found = calibrate(read_wav(path), saved.accompaniment_at)
            assert found is not None
            assert found.certain
            offsets.append(found.offset)
    assert max(offsets) - min(offsets) <= 1
    assert abs(offsets[0]) <= RATE // 50
