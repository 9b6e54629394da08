"""Levels of a whole recording: peak, offset, and the level of every 20 ms.

A take is judged by its loud frames, never by its mean: pauses and a late start are no fault (an
average made Common Voice reject good clips as "too quiet").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.file.wavread import Sound
from audio.levels import SILENCE_DBFS, amplitude, dbfs

FRAME_SECONDS = 0.02
LOUD_PERCENTILE = 95
BLOCK_FRAMES = 50


@dataclass(frozen=True)
class Levels:
    """Levels in dBFS, each at least SILENCE_DBFS; the offset is taken out of all but the peak."""

    peak: float
    dc: float
    """Mean, full scale = 1."""
    rms: float
    frames: NDArray[np.float64]
    """Shape (n,): RMS of consecutive frames of 20 ms."""

    @property
    def loud(self) -> float:
        """What 5 % of the frames exceed."""
        return percentile(self.frames, LOUD_PERCENTILE)

    @property
    def middle(self) -> float:
        return percentile(self.frames, 50)


def percentile(levels: NDArray[np.float64], percent: float) -> float:
    """Percentile of levels; SILENCE_DBFS of none."""
    return float(np.percentile(levels, percent)) if levels.size else SILENCE_DBFS


def measure_levels(sound: Sound) -> Levels:
    """Levels of all whole frames of 20 ms; a recording shorter than that is silent."""
    size = round(FRAME_SECONDS * sound.samplerate)
    count = len(sound.samples) // size
    squares, means = np.zeros(count), np.zeros(count)
    peak, at = 0.0, 0
    for block in sound.blocks(BLOCK_FRAMES * size):
        peak = max(peak, float(np.abs(block).max()))
        rows = block[: len(block) // size * size].reshape(-1, size)
        squares[at : at + len(rows)] = np.einsum("ij,ij->i", rows, rows) / size
        means[at : at + len(rows)] = rows.mean(axis=1)
        at += len(rows)
    dc = float(means.mean()) if count else 0.0
    power = np.maximum(squares - 2 * dc * means + dc * dc, 0.0)
    return Levels(
        peak=dbfs(peak),
        dc=dc,
        rms=dbfs(float(np.sqrt(power.mean()))) if count else SILENCE_DBFS,
        frames=20 * np.log10(np.maximum(np.sqrt(power), amplitude(SILENCE_DBFS))),
    )
