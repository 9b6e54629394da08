"""What counts as lost: a card with a clock of its own, callbacks that come late, samples that are gone."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from audio.capture.loss import LossCounter
from audio.device.drift import DriftLine
from audio.device.source import Block
from audio.judge.verdict import lost
from config.kit.limits import Limits
from config.takes import Loss, Step

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
    ("zeros", "longest"),
    [
        ([(100, 150)], 50),
        ([(900, 1200)], 300),
        ([(0, 10), (2000, 5000)], 3000),
        ([(100, 105), (1300, 1306)], 6),
    ],
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


LAST_FRAMES = 847
"""With it, the last block ends one frame before a half of the last figure that is told."""


def late_at_the_end(ms: float, blocks: int = 298, ppm: float = 0.0) -> Loss:
    """The last callback comes so late, and no other one shows whether the samples are gone."""
    sizes = [SIZE] * (blocks + 1) + [LAST_FRAMES]
    recorded = (np.cumsum(sizes) - SIZE) / RATE
    times = 1000 + recorded * (1 + ppm * 1e-6)
    times[-1] += ms / 1000
    return counted((float(at), NOISE[:size]) for at, size in zip(times, sizes, strict=True))


@pytest.mark.parametrize(
    ("ms", "short_ms", "steps"),
    [
        (299.6, 0.0, ()),
        (300.24, 300.2, (Step(6.37, 300.2),)),
        (456.78, 456.8, (Step(6.37, 456.8),)),
        (6000.04, 6000.0, (Step(6.37, 6000.0),)),
    ],
)
def test_the_last_block_is_called_lost_when_it_is_later_than_any_and_in_figures_of_the_sidecar(
    ms: float, short_ms: float, steps: tuple[Step, ...]
) -> None:
    loss = late_at_the_end(ms)
    assert (loss.short_ms, loss.steps, loss.drift_ppm) == (short_ms, steps, 0.0)


@pytest.mark.parametrize("ppm", [300, 500])
def test_the_clock_of_the_card_is_taken_off_what_is_lost_at_the_end(ppm: int) -> None:
    loss = late_at_the_end(450.0, blocks=round(300 / EACH), ppm=ppm)
    assert [step.ms for step in loss.steps] == [pytest.approx(450, abs=0.06)]
    assert late_at_the_end(298.0, blocks=round(60 / EACH), ppm=ppm).steps == ()


def test_what_was_seen_to_be_lost_before_is_not_lost_once_more_at_the_end() -> None:
    blocks = steady(12)
    end, last = blocks[-1]
    blocks[-1] = end + 0.45, last
    [first, second] = gone(blocks, 200, 220).steps
    assert first.ms == pytest.approx(1000 * EACH * 20, abs=0.1)
    assert second.ms == pytest.approx(450, abs=0.1)


class Told:
    """What a take that runs says each second of its loss, and how often it had to search for that."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.searched = 0
        steps = DriftLine.steps

        def search(line: DriftLine) -> tuple[float, tuple[Step, ...]]:
            self.searched += 1
            return steps(line)

        monkeypatch.setattr(DriftLine, "steps", search)

    def each_second(self, seconds: int, ppm: float, lost_ms: float, at: float) -> list[float]:
        counter, told = LossCounter(RATE), []
        for number in range(round(seconds / EACH)):
            recorded = EACH * number
            behind = lost_ms / 1000 * (recorded > at)
            counter.count(Block(NOISE, number * SIZE, 1000 + recorded * (1 + ppm * 1e-6) + behind), 0)
            if number * SIZE // RATE > (number - 1) * SIZE // RATE:
                told.append(counter.lost_ms)
        return told


@pytest.mark.parametrize("ppm", [-300, 0, 300])
def test_a_loss_is_told_while_the_take_runs_whatever_the_clock(
    monkeypatch: pytest.MonkeyPatch, ppm: float
) -> None:
    told = Told(monkeypatch).each_second(130, ppm, 27.0, at=100.5)
    assert told[:100] == [0.0] * 100
    assert told[103:] == [pytest.approx(27, abs=1.5)] * 27


@pytest.mark.parametrize("hundredths", range(0, 100, 10))
def test_a_loss_is_told_in_whichever_moment_between_two_questions_it_came(
    monkeypatch: pytest.MonkeyPatch, hundredths: int
) -> None:
    """At the first question it may be too fresh to be told from late callbacks."""
    told = Told(monkeypatch).each_second(8, 0, 77.0, at=3 + hundredths / 100)
    assert told[:3] == [0.0] * 3
    assert told[6:] == [pytest.approx(77, abs=0.1)] * 2


@pytest.mark.parametrize(("ppm", "lost_ms", "searches"), [(150, 0.0, 0), (300, 0.0, 2), (0, 50.0, 2)])
def test_a_take_is_searched_for_losses_only_when_it_fell_behind(
    monkeypatch: pytest.MonkeyPatch, ppm: float, lost_ms: float, searches: int
) -> None:
    """A search in every second would hold up the blocks of a long take."""
    told = Told(monkeypatch)
    told.each_second(60, ppm, lost_ms, at=30.5)
    assert told.searched == searches


def test_how_far_a_take_is_behind_is_told_in_milliseconds() -> None:
    counter = LossCounter(RATE)
    for number in range(200):
        counter.count(Block(NOISE, number * SIZE, 1000 + EACH * number + 1.5 * (number > 100)), 0)
    assert counter.short_ms == pytest.approx(1500, abs=0.01)
