"""What a server failed at several times is left alone for a while, and then tried once more."""

from __future__ import annotations

import pytest

from tests.clock import Clock
from uploader.ceilings import TRUST_BACK_SECONDS, TRUST_FAILURES
from uploader.prove.trust import Trust


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trust(clock: Clock) -> Trust:
    return Trust(clock)


def test_it_is_lost_after_so_many_failures_in_a_row_and_not_before(trust: Trust) -> None:
    assert trust.usable
    for number in range(1, TRUST_FAILURES):
        assert not trust.failed(), number
        assert trust.usable
    assert trust.failed()
    assert not trust.usable


def test_what_worked_between_begins_the_count_anew(trust: Trust) -> None:
    for _ in range(3 * TRUST_FAILURES):
        assert not trust.failed()
        trust.worked()
        for number in range(1, TRUST_FAILURES):
            assert not trust.failed(), f"{number} after it worked"
        trust.worked()
    assert trust.usable


def test_it_comes_back_after_its_rest_and_one_more_failure_ends_it_again(trust: Trust, clock: Clock) -> None:
    trust.lose()
    assert not trust.usable
    clock.now += TRUST_BACK_SECONDS - 1
    assert not trust.usable
    clock.now += 1
    assert trust.usable
    assert trust.failed()
    assert not trust.usable
    clock.now += TRUST_BACK_SECONDS
    trust.worked()
    assert not trust.failed()


def test_each_failure_begins_the_rest_anew(trust: Trust, clock: Clock) -> None:
    for _ in range(TRUST_FAILURES):
        clock.now += TRUST_BACK_SECONDS / 2
        trust.failed()
    clock.now += TRUST_BACK_SECONDS - 1
    assert not trust.usable
