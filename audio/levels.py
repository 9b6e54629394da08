"""Levels of one block of samples, in dBFS; cheap enough for every callback's block.

1. Full scale is an amplitude of 1.0; a sine that fills it has a peak of 0 dBFS and an RMS of -3.01 dBFS.
2. Every level is a finite number, so that it fits into JSON: digital silence is SILENCE_DBFS.
3. int32 samples are left-justified (24-bit audio in the upper three bytes).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

LEVEL_SECONDS = 1 / 15
"""How often a meter hears of a level at most; no eye tells more of them apart."""

SILENCE_DBFS = -144.0
"""The level of nothing at all: below the smallest step of 24 bits (-138.5 dBFS)."""

DEAD_DBFS = -100.0
"""At or below this is no room: the last bit of 16-bit audio is louder."""

NEAR_FULL_SCALE = 0.9998
"""Samples at or above this are at the converter's stop (no speech corpus accepts one; Sprex FAQ)."""


def dbfs(amplitude: float) -> float:
    """Level of a linear amplitude (1.0 = full scale); SILENCE_DBFS at or below its amplitude."""
    if amplitude <= 10 ** (SILENCE_DBFS / 20):
        return SILENCE_DBFS
    return 20 * math.log10(amplitude)


def amplitude(level_dbfs: float) -> float:
    """Linear amplitude of a level; the inverse of `dbfs` above SILENCE_DBFS."""
    return float(10 ** (level_dbfs / 20))


def peak(block: npt.NDArray[np.signedinteger[Any]]) -> float:
    """Largest amplitude of a mono block, shape (n,), int16 or int32; 0 where it is empty."""
    if block.size == 0:
        return 0.0
    full_scale = 1 << (8 * block.itemsize - 1)
    # Not abs(): the most negative integer has no positive twin. By places: numpy finds them twice as fast.
    return max(int(block[block.argmax()]), -int(block[block.argmin()])) / full_scale
