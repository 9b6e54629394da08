"""The fundamental of a single voice, every 20 ms: autocorrelation, normalised as by McLeod and Wyvill (2005).

1. Of the peaks of the autocorrelation the first counts that is nearly as high as the highest: the period, not
   a multiple of it. What is left of errors by an octave jumps back within some frames and is taken out there.
2. The spectrum is used up to TOP_HZ only: that holds the fundamentals of all voices with some partials, and
   keeps the numbers small: a minute of sound takes about 0.15 s on one core.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.file.wavread import Sound

HOP_SECONDS = 0.02
WINDOW_SECONDS = 0.048
RATE = 8000
TOP_HZ = 3200.0
LOWEST_HZ, HIGHEST_HZ = 65.0, 1100.0
"""A man's low C to the highest note of a child."""
NEARLY = 0.92
"""Of the highest peak."""
BATCH = 500
PIECE_SECONDS = 20
A4_HZ = 440.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pitch:
    """One value for each HOP_SECONDS, shape (n,)."""

    hertz: Floats
    """Of the best period, whether there is one or not."""
    clarity: Floats
    """How alike one period is to the next, 0 to 1."""
    level: Floats
    """dBFS of what is below TOP_HZ."""

    @property
    def semitones(self) -> Floats:
        """As numbers of MIDI: 69 is the A of 440 Hz."""
        return np.asarray(69 + 12 * np.log2(self.hertz / A4_HZ))


def lowered_signal(signal: NDArray[np.float32], samplerate: int) -> NDArray[np.float32]:
    """The same of a signal of this rate, full scale = 1."""
    size = PIECE_SECONDS * samplerate
    pieces = [_lowered(signal[begin : begin + size], samplerate) for begin in range(0, len(signal), size)]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)


def _lowered(signal: NDArray[np.float32], samplerate: int) -> NDArray[np.float32]:
    count = len(signal) * RATE // samplerate
    if count < 2:
        return np.zeros(0, dtype=np.float32)
    spectrum = np.fft.rfft(signal)
    whole = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
    kept = min(len(whole), len(spectrum), round(TOP_HZ * len(signal) / samplerate))
    whole[:kept] = spectrum[:kept]
    return np.asarray(np.fft.irfft(whole, count) * (count / len(signal)), dtype=np.float32)


def lowered(sound: Sound) -> NDArray[np.float32]:
    """What of a recording is below TOP_HZ, at RATE, by its spectrum; a piece after the other."""
    size = PIECE_SECONDS * sound.samplerate
    pieces = [
        _lowered(sound.part(begin, begin + size), sound.samplerate)
        for begin in range(0, len(sound.samples), size)
    ]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)


def track_signal(signal: NDArray[np.float32]) -> Pitch:
    """The pitch of a signal at RATE."""
    hop, size = round(HOP_SECONDS * RATE), round(WINDOW_SECONDS * RATE)
    if len(signal) < size:
        empty = np.zeros(0)
        return Pitch(empty, empty, empty)
    frames = np.lib.stride_tricks.sliding_window_view(signal, size)[::hop]
    parts = [_track(frames[begin : begin + BATCH]) for begin in range(0, len(frames), BATCH)]
    hertz, clarity, level = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Pitch(hertz, clarity, level)


def _track(frames: NDArray[np.float32]) -> tuple[Floats, Floats, Floats]:
    size = frames.shape[1]
    frames = frames - frames.mean(axis=1, keepdims=True)
    spectra = np.fft.rfft(frames, 2 * size)
    correlation = np.fft.irfft(spectra.real**2 + spectra.imag**2)[:, :size]
    squares = np.cumsum(frames.astype(np.float64) ** 2, axis=1)
    energy = squares[:, -1:]
    lags = np.arange(size)
    # Of both halves that are compared at each lag.
    both = np.concatenate([energy, squares[:, ::-1][:, 1:]], axis=1) + energy
    both[:, 1:] -= squares[:, : size - 1]
    shortest, longest = int(RATE / HIGHEST_HZ), min(size - 2, int(RATE / LOWEST_HZ))
    alike = 2 * correlation / np.maximum(both, 1e-12)
    inner = alike[:, shortest : longest + 1]
    peak = (inner >= alike[:, shortest - 1 : longest]) & (inner > alike[:, shortest + 1 : longest + 2])
    heights = np.where(peak, inner, 0.0)
    best = heights.max(axis=1)
    first = (heights >= NEARLY * best[:, None]) & peak
    at = first.argmax(axis=1) + shortest
    rows = np.arange(len(frames))
    left, middle, right = alike[rows, at - 1], alike[rows, at], alike[rows, at + 1]
    bend = left - 2 * middle + right
    shift = np.where(bend < -1e-9, 0.5 * (left - right) / np.minimum(bend, -1e-9), 0.0)
    hertz = RATE / (lags[at] + np.clip(shift, -0.5, 0.5))
    clarity = np.clip(np.where(best > 0, middle, 0.0), 0.0, 1.0)
    level = 10 * np.log10(energy[:, 0] / size + 1e-15)
    return hertz, clarity, level
