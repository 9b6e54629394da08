"""Ctrl-C is heard whatever the command does in that moment."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from threading import Event

import pytest

from station.commands.record import stop_on_keys


@pytest.fixture
def stop() -> Iterator[Event]:
    before = signal.getsignal(signal.SIGINT)
    yield stop_on_keys()
    signal.signal(signal.SIGINT, before)


@pytest.mark.timeout(10)
def test_ctrl_c_in_the_middle_of_a_wait_does_not_wait_for_itself(stop: Event) -> None:
    with stop._cond:  # type: ignore[attr-defined]
        signal.raise_signal(signal.SIGINT)
    assert stop.wait(5)


@pytest.mark.timeout(10)
def test_a_second_ctrl_c_ends_at_once(stop: Event) -> None:
    signal.raise_signal(signal.SIGINT)
    assert stop.wait(5)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
