"""WAV files for tests: room noise, tones, ramps."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48000


def write_wav(path: Path, samples: NDArray[np.int16], rate: int = RATE) -> Path:
    """Mono 16 bit."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def read_wav(path: Path) -> NDArray[np.int16]:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def ramp(seconds: float, rate: int = RATE) -> NDArray[np.int16]:
    """A counter: every lost sample shows as a difference other than 1."""
    return np.asarray(np.remainder(np.arange(int(seconds * rate)) + 32769, 65536) - 32768, dtype=np.int16)


def lost_samples(samples: NDArray[np.int16]) -> int:
    """Gaps in a recorded ramp; 0 when every sample follows the one before."""
    steps = np.remainder(np.diff(samples.astype(np.int64)), 65536)
    return int((steps != 1).sum())


def noise(seconds: float, dbfs: float, seed: int = 0, rate: int = RATE) -> NDArray[np.int16]:
    rng = np.random.default_rng(seed)
    return np.clip(
        rng.standard_normal(int(seconds * rate)) * 10 ** (dbfs / 20) * 32767, -32768, 32767
    ).astype(np.int16)


def tone(seconds: float, hz: float, dbfs: float, rate: int = RATE) -> NDArray[np.int16]:
    time = np.arange(int(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hz * time) * 10 ** (dbfs / 20) * 32767).astype(np.int16)
