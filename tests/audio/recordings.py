"""Recordings for tests: real singing as a healthy headset would deliver it, and everything that spoils it.

Signals are float32, shape (frames,), full scale = 1, at RATE.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from audio.file.takefile import to_bytes
from audio.file.waveheader import Tags, header
from audio.judge.evidence import Expectation
from config.takes import Loss

Signal = NDArray[np.float32]
RATE = 48000
ROOM_DBFS = -62.0
VOCADITO = Path(__file__).parents[1] / "data" / "vocadito_10.wav"


def gain(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))


def noise(frames: int, dbfs: float, seed: int = 0) -> Signal:
    """White noise of an RMS in dBFS."""
    return np.random.default_rng(seed).standard_normal(frames, dtype=np.float32) * gain(dbfs)


@cache
def voice(peak_dbfs: float = -9.0) -> Signal:
    """Nine seconds of real singing at RATE, without a room."""
    sound, rate = soundfile.read(VOCADITO, dtype="float32")
    sound = np.asarray(soxr.resample(sound, rate, RATE), dtype=np.float32)
    return np.asarray(sound / np.abs(sound).max() * gain(peak_dbfs), dtype=np.float32)


def other_voice(speed: float) -> Signal:
    """The singing as on a tape at another speed: 0.5 is a boy's broken voice, 1.5 a small child's."""
    sound, rate = soundfile.read(VOCADITO, dtype="float32")
    sound = np.asarray(soxr.resample(sound, rate, RATE / speed), dtype=np.float32)
    sound *= gain(-9) / np.abs(sound).max()
    return sound + noise(len(sound), ROOM_DBFS)


@cache
def good() -> Signal:
    """The singing in a quiet room."""
    return voice() + noise(len(voice()), ROOM_DBFS)


def rumble(dbfs: float) -> Signal:
    """A fan: noise that falls by 6 dB per octave above 30 Hz, as loud as the singing's pauses are not."""
    spectrum = np.fft.rfft(noise(len(voice()), 0))
    hertz = np.fft.rfftfreq(len(voice()), 1 / RATE)
    sound = np.fft.irfft(spectrum / np.maximum(hertz, 30) * (hertz > 10), len(voice()))
    return np.asarray(sound / np.sqrt(np.mean(sound**2)) * gain(dbfs), dtype=np.float32)


def _clip(signal: Signal, dbfs: float) -> Signal:
    return np.clip(signal, -gain(dbfs), gain(dbfs))


def _sine(hertz: float, dbfs: float, frames: int) -> Signal:
    """A sine of a peak in dBFS."""
    return np.sin(2 * np.pi * hertz * np.arange(frames) / RATE).astype(np.float32) * gain(dbfs)


def hum(base: float) -> Signal:
    return good() + _sine(base, -40, len(good()))


def narrow() -> Signal:
    """Through a path of 16 kHz, as over Bluetooth; the room too."""
    return np.asarray(soxr.resample(soxr.resample(good(), RATE, 16000), 16000, RATE), dtype=np.float32)


def gated(open_dbfs: float = -45.0, hold_seconds: float = 0.02) -> Signal:
    """Zeros wherever the level over 10 ms is below a threshold."""
    signal = good()
    level = np.sqrt(np.convolve(signal**2, np.ones(480) / 480, "same"))
    hold = np.convolve(level > gain(open_dbfs), np.ones(1 + int(hold_seconds * RATE)))
    return signal * (hold[: len(signal)] > 0)


def with_gaps(seconds: float, *at: float) -> Signal:
    signal = good().copy()
    for begin in at:
        signal[round(begin * RATE) : round((begin + seconds) * RATE)] = 0
    return signal


DEGRADED: Mapping[str, tuple[Callable[[], Signal], str]] = {
    "quiet": (lambda: good() * gain(-26), "quiet"),
    "clipped": (lambda: good() * gain(20), "clipped"),
    "clipped by 12 dB": (lambda: good() * gain(12), "clipped"),
    "clipped upstream": (lambda: _clip(good() * gain(11), -6), "clipped"),
    "clipped upstream, a little": (lambda: _clip(good() * gain(3.5), -6), "clipped"),
    "clipped upstream, noise after it": (
        lambda: _clip(voice() * gain(11), -6) + noise(len(voice()), ROOM_DBFS), "clipped",
    ),
    "clipped on one side": (lambda: np.minimum(good() * gain(3), gain(-14)), "clipped"),
    "digital silence": (lambda: good() * 0, "silent"),
    "last bits only": (lambda: noise(len(good()), -93), "silent"),
    "only room noise": (lambda: noise(len(good()), ROOM_DBFS), "no_singing"),
    "only a loud room": (lambda: noise(len(good()), -35), "no_singing"),
    "a fan that starts after the check": (lambda: rumble(-35), "no_singing"),
    "hum of 50 Hz": (lambda: hum(50), "hum"),
    "hum of 60 Hz": (lambda: hum(60), "hum"),
    "offset": (lambda: good() + np.float32(0.05), "dc"),
    "16 kHz path": (narrow, "band_limited"),
    "noise gate": (gated, "gated"),
    "hard noise gate": (lambda: gated(-40, 0.0), "gated"),
    "noise gate that waits": (lambda: gated(-45.0, 0.1), "gated"),
    "drop-outs in quiet moments": (lambda: with_gaps(0.03, 3.36, 4.52, 6.05), "dropouts"),
    "drop-outs": (lambda: with_gaps(0.02, 2.0, 4.0, 6.0), "dropouts"),
    "one drop-out of 8 ms": (lambda: with_gaps(0.008, 3.0), "dropouts"),
}  # fmt: skip
"""Name -> how to make it, the one reason for it."""


def write_take(path: Path, signal: Signal, bits: int = 16, rate: int = RATE) -> Path:
    """Write what the recorder would write of this signal."""
    full_scale = 1 << (bits - 1)
    whole = np.clip(np.rint(signal.astype(np.float64) * full_scale), -full_scale, full_scale - 1)
    samples = whole.astype(np.int16) if bits == 16 else whole.astype(np.int32) << 8
    data = to_bytes(samples, bits)
    head = header(rate, bits, Tags(title="song1", artist="42", comment="take"))
    sizes = struct.pack("<I", len(head) - 8 + len(data)), struct.pack("<I", len(data))
    path.write_bytes(head[:4] + sizes[0] + head[8:-4] + sizes[1] + data + b"\0" * (len(data) & 1))
    return path


def expecting(
    *,
    min_seconds: float = 5.0,
    max_seconds: float = 60.0,
    floor_dbfs: float | None = ROOM_DBFS,
    loss: Loss | None = None,
    ended_by: str = "stop",
    accompaniment: Path | None = None,
    accompaniment_at: int | None = None,
) -> Expectation:
    """What a session would know of a take."""
    return Expectation(
        min_seconds, max_seconds, floor_dbfs, loss or Loss(), ended_by, accompaniment, accompaniment_at
    )
