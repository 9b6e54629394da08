"""Levels of blocks against closed formulas."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from audio.levels import NEAR_FULL_SCALE, SILENCE_DBFS, amplitude, dbfs, peak

SINE = np.sin(2 * np.pi * 1000 * np.arange(4800) / 48000)


@pytest.mark.parametrize("dtype", [np.int16, np.int32])
def test_sine_at_half_scale(dtype: type[np.int16] | type[np.int32]) -> None:
    block: npt.NDArray[np.signedinteger[Any]] = (SINE * 0.5 * -int(np.iinfo(dtype).min)).astype(dtype)
    assert dbfs(peak(block)) == pytest.approx(-6.02, abs=0.01)


@pytest.mark.parametrize("sample", [32767, -32768])
def test_one_sample_at_either_stop_is_clipped(sample: int) -> None:
    block = np.zeros(480, dtype=np.int16)
    block[100] = sample
    assert NEAR_FULL_SCALE <= peak(block) <= 1


def test_24_bit_silence_and_its_smallest_step() -> None:
    block = np.zeros(480, dtype=np.int32)
    assert dbfs(peak(block)) == SILENCE_DBFS
    block[0] = 1 << 8
    assert dbfs(peak(block)) == pytest.approx(-138.47, abs=0.01)


def test_levels_are_finite_for_nothing() -> None:
    assert math.isfinite(dbfs(peak(np.zeros(0, dtype=np.int16))))


def test_dbfs_and_amplitude_are_inverse() -> None:
    assert dbfs(amplitude(-37.5)) == pytest.approx(-37.5)
    assert dbfs(0) == SILENCE_DBFS
