"""What counts as lost: a card with a clock of its own, callbacks that come late, samples that are gone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from audio.capture.loss import LossCounter
from audio.device.source import Block
from audio.judge.verdict import lost
from config.kit.limits import Limits
from config.takes import Loss

RATE, SIZE = 48000, 1024
EACH = SIZE / RATE
NOISE = np.random.default_rng(0).integers(1, 500, SIZE).astype(np.int16)


def counted(times: Iterable[tuple[float, np.ndarray]], **flags: int) -> Loss:
    """Blocks that come at these times, with these samples."""
    counter, index = LossCounter(RATE), 0
    for number, (at, samples) in enumerate(times):
        counter.count(
            Block(samples, index, at, overflow=number < flags.get("overflows", 0)), queued=number % 3
        )
        index += len(samples)
    return counter.loss()


def steady(seconds: float, clock: float = 1.0) -> list[tuple[float, np.ndarray]]:
    """`clock`: how fast the card's is."""
    return [(1000 + EACH * number / clock, NOISE) for number in range(round(seconds / EACH))]


def gone(blocks: list[tuple[float, np.ndarray]], first: int, last: int) -> Loss:
    """Without some blocks: the driver threw them away and says nothing."""
    return counted(blocks[:first] + blocks[last:])


def test_a_healthy_take_lost_nothing() -> None:
    assert counted(steady(10)) == Loss(0.0, round(1000 * EACH, 1), 0.0, 0, 2, drift_ppm=0.0)


@pytest.mark.parametrize("first", [1, 2, 20, 200, 440])
@pytest.mark.parametrize("count", [3, 10, 60])
def test_what_is_gone_is_counted_wherever_it_was(first: int, count: int) -> None:
    blocks = steady(12)
    assert gone(blocks, first, first + count).short_ms == pytest.approx(1000 * EACH * count, abs=1)


def test_a_big_loss_in_the_last_moment_is_counted() -> None:
    blocks = steady(10)
    loss = gone(blocks, len(blocks) - 20, len(blocks) - 2)
    assert loss.short_ms == pytest.approx(1000 * EACH * 18, abs=1)


def test_many_small_losses_add_up() -> None:
    blocks = [block for number, block in enumerate(steady(12.5)) if number % 50 != 49]
    loss = counted(blocks)
    assert loss.short_ms == pytest.approx(1000 * EACH * 11, abs=1)
    assert lost(loss, 12.5, Limits())


@pytest.mark.parametrize("first", [0, 3, 300, 460])
@pytest.mark.parametrize("held", [0.15, 0.25])
def test_late_callbacks_are_no_loss(first: int, held: float) -> None:
    """The process was held up, the driver kept everything and delivers it at once."""
    blocks = steady(10)
    until = blocks[first][0] + held
    late = [(max(at, until) if number >= first else at, data) for number, (at, data) in enumerate(blocks)]
    loss = counted(late)
    assert loss.short_ms <= 1
    assert not lost(loss, 10, Limits())


def test_blocks_in_bunches_are_no_loss() -> None:
    """PulseAudio delivers seven at a time."""
    blocks = [(1000 + EACH * 7 * (number // 7), data) for number, (_, data) in enumerate(steady(10))]
    loss = counted(blocks)
    assert abs(loss.short_ms) <= 1000 * EACH * 7
    assert not lost(loss, 10, Limits())


@pytest.mark.parametrize("ppm", [-300, 300])
def test_another_clock_is_no_loss(ppm: int) -> None:
    loss = counted(steady(60, 1 + ppm * 1e-6))
    assert abs(loss.short_ms) < 19
    assert not lost(loss, 60, Limits())


def test_a_wrong_clock_is_loss() -> None:
    assert lost(counted(steady(60, 0.99)), 60, Limits())


def test_longest_gap_flags_and_queue() -> None:
    blocks = steady(1)
    loss = counted(blocks[:10] + blocks[15:], overflows=4)
    assert loss.longest_gap_ms == pytest.approx(1000 * EACH * 6, abs=0.1)
    assert loss.overflows == 4
    assert loss.queue_peak == 2


@pytest.mark.parametrize(
    ("zeros", "longest"), [([(100, 150)], 50), ([(900, 1200)], 300), ([(0, 10), (2000, 5000)], 3000)]
)
def test_zero_runs_across_blocks(zeros: list[tuple[int, int]], longest: int) -> None:
    whole = np.resize(NOISE, 10 * SIZE)
    for begin, end in zeros:
        whole[begin:end] = 0
    loss = counted((1000 + EACH * number, block) for number, block in enumerate(np.split(whole, 10)))
    assert loss.longest_zero_run_ms == pytest.approx(1000 * longest / RATE, abs=0.01)


def test_nothing_counted_is_nothing_lost() -> None:
    assert LossCounter(RATE).loss() == Loss(drift_ppm=0.0)


def longest_run(samples: np.ndarray) -> int:
    """By looking at every sample."""
    longest = run = 0
    for sample in samples:
        run = 0 if sample else run + 1
        longest = max(longest, run)
    return longest


@pytest.mark.parametrize("dtype", [np.int16, np.int32])
@pytest.mark.parametrize("seed", range(50))
def test_the_longest_run_of_zeros_is_found_wherever_blocks_are_cut(
    dtype: type[np.int16] | type[np.int32], seed: int
) -> None:
    """Samples whose bytes are zero in part are among them, and runs over several blocks."""
    random = np.random.default_rng(seed)
    samples = (random.integers(-2, 3, 300) * random.choice([1, 256], 300)).astype(dtype)
    for begin in random.integers(0, 300, 3):
        samples[begin : begin + random.integers(0, 60)] = 0
    cuts = np.sort(random.integers(1, 300, 8))
    blocks = [block for block in np.split(samples, cuts) if len(block)]
    found = counted([(1000 + number, block) for number, block in enumerate(blocks)])
    assert found.longest_zero_run_ms == round(1000 * longest_run(samples) / RATE, 2)
