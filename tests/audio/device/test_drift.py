"""A loss is told from a card whose clock differs, and from callbacks that come late."""

from __future__ import annotations

import numpy as np
import pytest

from audio.capture.loss import LossCounter
from audio.device.drift import DriftLine
from audio.device.source import Block
from audio.judge.verdict import lost
from audio.protocol import codec
from audio.protocol import messages as ev
from config.base import record
from config.kit.limits import Limits
from config.takes import Loss, Step

pytestmark = pytest.mark.sampled(3)

RATE, SIZE, JITTER_SECONDS = 48000, 1024, 0.05
SILENCE = np.ones(SIZE, dtype=np.int16)
PPM = (0, 300, -300, 1000, -1000)


def measured(seconds: float, ppm: int, lost_ms: float = 0.0, at: float = 0.45, size: int = SIZE) -> Loss:
    """A take of a card whose clock is slow by `ppm`, with callbacks up to 50 ms late and one loss."""
    random = np.random.default_rng(abs(ppm) + round(seconds + abs(lost_ms)))
    recorded = np.arange(1, int(seconds * RATE / size) + 1) * size / RATE
    true = recorded * (1 + ppm * 1e-6) + lost_ms / 1000 * (recorded > at * seconds)
    # A callback never comes before the one before it.
    times = np.maximum.accumulate(true + random.uniform(0, JITTER_SECONDS, len(true)))
    counter = LossCounter(RATE)
    block = np.resize(SILENCE, size)
    for number, time in enumerate(times):
        counter.count(Block(block, number * size, 1000 + float(time)), queued=0)
    return counter.loss()


@pytest.mark.sampled(15, fewest=1)
@pytest.mark.parametrize("ppm", PPM)
@pytest.mark.parametrize("seconds", [10, 60, 600])
def test_twenty_milliseconds_are_noticed_whatever_the_clock(seconds: float, ppm: int) -> None:
    loss = measured(seconds, ppm, 20.0)
    assert lost(loss, seconds, Limits())
    assert [step.at_seconds for step in loss.steps] == [pytest.approx(0.45 * seconds, abs=0.7)]
    if seconds > 10:
        assert loss.lost_ms == pytest.approx(20, abs=4)
        assert loss.drift_ppm == pytest.approx(ppm, abs=2 + 2400 / seconds)


@pytest.mark.sampled(22, fewest=2)
@pytest.mark.parametrize("size", [480, 1024, 3200])
@pytest.mark.parametrize("ppm", PPM)
@pytest.mark.parametrize("seconds", [10, 60, 600])
def test_a_healthy_take_is_never_called_lossy(seconds: float, ppm: int, size: int) -> None:
    assert not lost(measured(seconds, ppm, size=size), seconds, Limits())


@pytest.mark.parametrize(("seconds", "ppm", "lost_ms"), [(600, 0, 340), (60, -500, 100), (60, 1000, 400)])
def test_the_cases_that_one_budget_for_both_let_through(seconds: float, ppm: int, lost_ms: float) -> None:
    loss = measured(seconds, ppm, lost_ms)
    assert lost(loss, seconds, Limits())
    assert loss.lost_ms == pytest.approx(lost_ms, abs=6)


@pytest.mark.parametrize("dent_ms", [-11, -6, 6, 10, 11])
@pytest.mark.parametrize("ppm", PPM)
@pytest.mark.parametrize("seconds", [60, 600])
@pytest.mark.sampled(25, fewest=2)
def test_what_is_too_small_to_be_told_is_not_made_larger(seconds: float, ppm: int, dent_ms: float) -> None:
    """A buffer that grows or empties by some milliseconds, or a loss below the smallest that is promised."""
    assert measured(seconds, ppm, dent_ms).lost_ms < 20


@pytest.mark.parametrize("bend_ppm", [-40, 40])
def test_a_card_that_grows_warm_lost_nothing(bend_ppm: float) -> None:
    line, random = DriftLine(RATE), np.random.default_rng(3)
    for number in range(600 * 15):
        recorded = number / 15
        warmer = bend_ppm * 1e-6 * recorded**2 / 1200
        line.note(1000 + recorded * 1.0003 + warmer + random.uniform(0, 0.05), round(recorded * RATE))
    assert line.steps()[1] == ()


def test_two_losses_are_two_steps() -> None:
    line = DriftLine(RATE)
    for number in range(60 * 47):
        recorded = number * SIZE / RATE
        behind = 0.05 * (recorded > 20) + 0.03 * (recorded > 41)
        line.note(1000 + recorded * 1.0002 + behind, number * SIZE)
    drift, steps = line.steps()
    assert drift == pytest.approx(200, abs=3)
    assert steps == (Step(pytest.approx(20, abs=0.3), pytest.approx(50, abs=1)),  # type: ignore[arg-type]
                     Step(pytest.approx(41, abs=0.3), pytest.approx(30, abs=1)))  # type: ignore[arg-type]  # fmt: skip


def test_a_buffer_that_empties_faster_is_no_loss() -> None:
    line = DriftLine(RATE)
    for number in range(30 * 47):
        recorded = number * SIZE / RATE
        line.note(1000 + recorded - 0.08 * (recorded > 5), number * SIZE)
    assert line.steps()[1] == ()


def test_steps_survive_the_pipe_and_the_sidecar() -> None:
    loss = Loss(short_ms=80.0, drift_ppm=12.0, steps=(Step(3.5, 20.0), Step(9.0, 60.0)))
    saved = ev.TakeSaved("id", "/a.wav", 1, 48000, "0", "t", "stop", loss)
    assert codec.decode(codec.encode(saved)) == saved
    as_json = {"short_ms": 80.0, "drift_ppm": 12.0,
               "steps": [{"at_seconds": 3.5, "ms": 20.0}, {"at_seconds": 9.0, "ms": 60.0}]}  # fmt: skip
    assert record(Loss, as_json) == loss
    assert record(Loss, {"short_ms": 3.0, "added_later": 1}) == Loss(short_ms=3.0)
