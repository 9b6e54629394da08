"""Flat tops and cut-out pieces in signals that were made for it."""

import numpy as np
import pytest

from audio.file.wavread import Sound
from audio.measure.flaws import Zeros, measure_tops, measure_zeros
from audio.measure.framelevels import measure_levels
from tests.audio.recordings import RATE, Signal, good, noise

TIME = np.arange(2 * RATE) / RATE


def sound(signal: Signal, bits: int = 16) -> Sound:
    full = 1 << (bits - 1)
    whole = np.clip(np.rint(signal.astype(np.float64) * full), -full, full - 1)
    samples = whole.astype(np.int16) if bits == 16 else whole.astype(np.int32) << 8
    return Sound(samples, RATE, bits, "", complete=True)


def zeros(signal: Signal, run_ms: float = 5) -> Zeros:
    made = sound(signal)
    return measure_zeros(made, (0, len(signal)), measure_levels(made), run_ms)


def sine(hertz: float, peak: float) -> Signal:
    return (np.sin(2 * np.pi * hertz * TIME) * peak).astype(np.float32)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("hertz", [60, 100, 130, 200, 440, 1000])
@pytest.mark.parametrize("peak", [0.9, 0.3, 0.03])
def test_a_pure_tone_rests_at_its_top_and_is_not_clipped(hertz: float, peak: float, bits: int) -> None:
    assert not measure_tops(sound(sine(hertz, peak), bits), 3).clipped


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("hertz", [100, 440, 1000])
@pytest.mark.parametrize("level", [1.0, 0.5, 0.1])
def test_a_tone_that_is_cut_off_is_clipped(hertz: float, level: float, bits: int) -> None:
    cut = np.clip(sine(hertz, 1.3 * level), -level, level)
    assert measure_tops(sound(cut, bits), 3).clipped


def test_single_samples_at_full_scale_add_up() -> None:
    signal = noise(RATE, -20)
    signal[1000:2000:200] = 1.0
    assert not measure_tops(sound(signal), 3).clipped
    signal[3000:4000:150] = -1.0
    tops = measure_tops(sound(signal), 3)
    assert (tops.full_scale, tops.clipped) == (12, True)


def test_one_flat_run_alone_is_a_low_note() -> None:
    signal = good().copy()
    signal[5000:5004] = 0.5
    tops = measure_tops(sound(signal), 3)
    assert (tops.flat_runs, tops.clipped) == (1, False)
    signal[9000:9004] = 0.5
    assert measure_tops(sound(signal), 3).clipped
    assert not measure_tops(sound(signal), 5).clipped


@pytest.mark.parametrize("signal", [good()[:0], good()[:1] * 0, np.full(100, -0.5, dtype=np.float32)])
def test_fragments_are_answered(signal: Signal) -> None:
    measure_tops(sound(signal), 3)
    assert zeros(signal).cuts == 0


def test_the_longest_run_and_the_share_of_zeros() -> None:
    signal = noise(RATE, -20) + np.float32(0.2)
    signal[:480] = 0
    signal[4800:9600] = 0
    found = zeros(signal)
    assert found.longest_ms == pytest.approx(100)
    assert found.share == pytest.approx(0.11, abs=0.001)
    assert (found.cuts, found.kind) == (1, "dropouts")
    assert zeros(signal, 200).kind == "none"


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(("pile", "found"), [(0.76, True), (0.7, False)])
def test_a_pile_is_looked_for_from_three_quarters_of_the_loudest_sample(
    side: int, pile: float, found: bool
) -> None:
    """What was cut off there and sent through a resampler, which leaves a little above the pile."""
    signal = noise(RATE, -20)
    peak = np.abs(signal).max()
    signal = np.clip(signal, -1, pile * peak / 2)
    signal[:: RATE // 20] = peak / 2
    signal += noise(RATE, -70, seed=1)
    assert measure_tops(sound(side * signal), 3).piled is found
