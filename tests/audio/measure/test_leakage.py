"""Music from loudspeakers is measured at its true level in every room, and is nobody's singing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from audio.judge.verdict import judge
from audio.measure.calibration import calibrate, sweeps
from config.kit import Limits
from config.takes import Verdict
from tests.audio.measure.test_flaws import sound
from tests.audio.recordings import RATE, Signal, expecting, gain, noise, write_take
from tests.audio.wavs import write_wav
from tests.corpus import instruments
from tests.corpus.voices import TWINKLE, Singer, sing

pytestmark = pytest.mark.sampled(5)

ROOMS = (0.0, 0.2, 0.4, 0.6)
BEGINS = 12345
"""Frame at which the music is predicted; it comes some milliseconds later."""
LATER = 700


@cache
def music(name: str) -> Signal:
    made = instruments.chords() if name == "chords" else instruments.violin()
    return np.asarray(np.resize(made, 20 * RATE) * gain(-9), dtype=np.float32)


def through(signal: Signal, reverberation: float, decibels: float) -> Signal:
    """The signal through a room, `decibels` louder in all than it was."""
    if reverberation:
        count = round(1.2 * reverberation * RATE)
        fade = 10 ** (-3 * np.arange(count) / RATE / reverberation)
        echoes = np.random.default_rng(3).standard_normal(count) * fade * 0.02
        echoes[0] = 0.5
        size = 1 << (len(signal) + count).bit_length()
        back = np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(echoes, size), size)[: len(signal)]
    else:
        back = signal.astype(np.float64)
    level = np.sqrt(np.sum(signal.astype(np.float64) ** 2) / np.sum(back**2))
    return np.asarray(back * level * gain(decibels), dtype=np.float32)


def verdict(tmp_path: Path, name: str, room: float, decibels: float, sung: Signal | None) -> Verdict:
    played = music(name)
    heard = np.concatenate([np.zeros(BEGINS + LATER, dtype=np.float32), through(played, room, decibels)])
    heard += noise(len(heard), -62)
    if sung is not None:
        size = min(len(sung), len(heard) - RATE)
        heard[RATE : RATE + size] += sung[:size]
    accompaniment = write_wav(tmp_path / "music.wav", np.rint(played * 32767).astype(np.int16))
    expectation = expecting(accompaniment=accompaniment, accompaniment_at=BEGINS)
    return judge(write_take(tmp_path / "take.wav", heard), expectation, Limits())


@pytest.mark.sampled(24, fewest=1)
@pytest.mark.parametrize("name", ["chords", "violin"])
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("decibels", [-12, -18, -26])
def test_music_alone_is_nobody_singing_at_its_true_level(
    tmp_path: Path, decibels: float, room: float, name: str
) -> None:
    found = verdict(tmp_path, name, room, decibels, None)
    assert "no_singing" in found.reasons
    assert ("leakage" in found.reasons) == (decibels > Limits().leakage)
    assert found.numbers["leakage_db"] == pytest.approx(decibels, abs=3)


@pytest.mark.sampled(12, fewest=1)
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("decibels", [-12, -18, -30])
def test_music_under_singing_has_its_true_level_and_the_singing_is_heard(
    tmp_path: Path, decibels: float, room: float
) -> None:
    sung = sing(Singer(300), TWINKLE * 2) * gain(-12)
    found = verdict(tmp_path, "chords", room, decibels, sung)
    assert found.reasons == (("leakage",) if decibels > Limits().leakage else ())
    assert found.numbers.get("leakage_db", decibels) == pytest.approx(decibels, abs=3)
    assert found.numbers["voice_seconds"] > 8


def test_singing_in_tune_without_leakage_is_none(tmp_path: Path) -> None:
    found = verdict(tmp_path, "chords", 0.0, -140, sing(Singer(262), TWINKLE * 2) * gain(-9))
    assert found.reasons == ()
    assert found.numbers.get("leakage_db", -99) < -40


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("decibels", [-12, -26, -40, -50])
def test_the_self_test_measures_the_same(room: float, decibels: float) -> None:
    played = np.concatenate([sweeps(RATE), np.zeros(2 * RATE, dtype=np.float32)])
    heard = np.concatenate([np.zeros(20000, dtype=np.float32), through(played, room, decibels)])
    found = calibrate(sound(heard + noise(len(heard), -62)), 19000)
    assert found is not None
    assert found.gain_db == pytest.approx(decibels, abs=3)
