"""How long a take waits before it is tried again: in its session of tries, and afterwards in its row."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from config.base import say
from uploader.ceilings import DAY, TIMEOUTS
from uploader.faults import POLICY, Kind, UploadFault
from uploader.send.retry import RetryTimes, Streak, row_wait


class Longest(random.Random):
    """Every time the longest that is allowed."""

    def uniform(self, a: float, b: float) -> float:
        assert a == 0
        return b


def fault(kind: Kind, *, after: float | None = None, timed_out: bool = False) -> UploadFault:
    return UploadFault(kind, say("trouble"), retry_after=after, timed_out=timed_out)


def waits(met: Callable[[int], UploadFault], **times: float) -> list[float]:
    """The waits between the tries of a session in which the n-th try meets this fault."""
    slept: list[float] = []
    streak = Streak(RetryTimes(**times), random=Longest())  # type: ignore[arg-type]

    def tried() -> None:
        found = met(streak.count)
        streak.count += 1
        streak.timeouts += found.timed_out
        raise found

    with pytest.raises(UploadFault):
        streak.retrying(slept.append)(tried)
    return slept


def test_an_unreachable_server_is_tried_six_times_slower_and_slower() -> None:
    assert waits(lambda _: fault(Kind.NETWORK)) == [1, 2, 4, 8, 16]


def test_no_wait_within_a_session_is_longer_than_half_a_minute() -> None:
    assert waits(lambda _: fault(Kind.NETWORK), tries=8) == [1, 2, 4, 8, 16, 30, 30]


def test_a_busy_server_is_left_alone_for_as_long_as_locks_are_held() -> None:
    assert waits(lambda _: fault(Kind.BUSY), tries=9) == [1, 2, 5, 10, 20, 40, 60, 60]


def test_a_server_that_says_when_is_asked_then() -> None:
    assert waits(lambda _: fault(Kind.BUSY, after=7.0)) == [7.0] * 5
    assert waits(lambda _: fault(Kind.BUSY, after=30.0)) == [30.0] * 5
    assert waits(lambda _: fault(Kind.BUSY, after=30.5)) == [], "then another take has its turn"


def test_what_was_learnt_is_tried_at_once() -> None:
    assert waits(lambda _: fault(Kind.TOO_LARGE)) == [0.0] * 5


@pytest.mark.parametrize("kind", [Kind.AUTH, Kind.TLS, Kind.PORTAL, Kind.TAKE])
def test_what_needs_a_person_is_tried_once_in_a_session(kind: Kind) -> None:
    assert waits(lambda _: fault(kind)) == []


def test_where_nothing_answers_at_all_the_take_steps_back_sooner() -> None:
    assert len(waits(lambda _: fault(Kind.NETWORK, timed_out=True))) == TIMEOUTS - 1


def test_a_byte_that_went_further_begins_the_count_anew() -> None:
    streak = Streak(RetryTimes(), count=5, conflicts=4, held=3, damaged=2, timeouts=1)
    streak.progress()
    assert streak == Streak(RetryTimes(), random=streak.random)


def middle(low: float, high: float) -> float:
    return (low + high) / 2


@pytest.mark.parametrize("kind", Kind)
def test_between_sessions_the_waits_grow_and_the_last_one_stays(kind: Kind) -> None:
    found = [row_wait(fault(kind), failures, middle) for failures in range(1, 9)]
    assert found == sorted(found)
    assert found[: len(POLICY[kind].row_seconds)] == list(POLICY[kind].row_seconds)
    assert found[-1] == POLICY[kind].row_seconds[-1] <= DAY
    assert row_wait(fault(kind), 0, middle) == found[0]
