"""Levels of blocks against closed formulas."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from audio.levels import SILENCE_DBFS, amplitude, block_level, dbfs

SINE = np.sin(2 * np.pi * 1000 * np.arange(4800) / 48000)


@pytest.mark.parametrize("dtype", [np.int16, np.int32])
def test_sine_at_half_scale(dtype: type[np.int16] | type[np.int32]) -> None:
    block: npt.NDArray[np.signedinteger[Any]] = (SINE * 0.5 * -int(np.iinfo(dtype).min)).astype(dtype)
    level = block_level(block)
    assert level.peak_dbfs == pytest.approx(-6.02, abs=0.01)
    assert level.rms_dbfs == pytest.approx(-9.03, abs=0.01)
    assert not level.clipped


@pytest.mark.parametrize("sample", [32767, -32768])
def test_one_sample_at_either_stop_is_clipped(sample: int) -> None:
    block = np.zeros(480, dtype=np.int16)
    block[100] = sample
    level = block_level(block)
    assert level.clipped
    assert level.peak_dbfs == pytest.approx(0, abs=0.001)


def test_24_bit_silence_and_its_smallest_step() -> None:
    block = np.zeros(480, dtype=np.int32)
    assert block_level(block).peak_dbfs == SILENCE_DBFS
    block[0] = 1 << 8
    assert block_level(block).peak_dbfs == pytest.approx(-138.47, abs=0.01)


def test_levels_are_finite_for_nothing() -> None:
    level = block_level(np.zeros(0, dtype=np.int16))
    assert math.isfinite(level.peak_dbfs)
    assert math.isfinite(level.rms_dbfs)


def test_dbfs_and_amplitude_are_inverse() -> None:
    assert dbfs(amplitude(-37.5)) == pytest.approx(-37.5)
    assert dbfs(0) == SILENCE_DBFS
