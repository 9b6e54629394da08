"""The headset of a session is lent to the self-test and comes back without a false alarm."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import cast

import pytest

from audio import events as heard
from audio.client import CaptureProcess
from station.headset import Headset

DEVICES = heard.OpenDevices("builtin", "builtin", 48000, 16)


class FakeCapture:
    """A capture process that says when it ends, as the real one does."""

    def __init__(self, on_event: Callable[[heard.Event], None]) -> None:
        self._on_event = on_event

    def send(self, command: heard.Command) -> None:
        pass

    def close(self) -> None:
        self._on_event(heard.Died(0))

    def leave(self, timeout: float) -> None:
        pass


@pytest.mark.parametrize("lent", [True, False])
def test_an_end_on_purpose_is_no_fault(lent: bool) -> None:
    events: list[heard.Event] = []
    started: list[Callable[[heard.Event], None]] = []
    spawned = threading.Event()

    def spawn(on_event: Callable[[heard.Event], None]) -> CaptureProcess:
        started.append(on_event)
        spawned.set()
        return cast("CaptureProcess", FakeCapture(on_event))

    headset = Headset(spawn, DEVICES, lambda: True, events.append)
    headset.start()
    try:
        assert spawned.wait(5)
        if lent:
            assert headset.rest()
            assert events == []
        else:
            started[0](heard.Died(1))
            assert events[0] == heard.Died(1)
    finally:
        headset.stop()
