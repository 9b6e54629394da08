"""Whether bytes may flow now: between blocks of a body, and in every wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

from uploader.errors import Interrupted
from uploader.queue import Queue

LOOK_SECONDS = 1.0
"""How often another process' pause is looked for."""
THROTTLED = 32 * 1024.0
"""Bytes per second while a pupil is recorded and [delivery] while_recording = "throttle"."""


class Gate:
    """Open, held while a pupil is recorded, or closed for good. Thread safe."""

    def __init__(self, queue: Queue, while_recording: Literal["pause", "throttle", "full"]) -> None:
        self._queue = queue
        self._mode = while_recording
        self._changed = threading.Condition()
        self._held = False
        self._closed = False

    # --- from outside

    def hold(self) -> None:
        self._set(held=True)

    def release(self) -> None:
        self._set(held=False)

    def open(self) -> None:
        self._set(closed=False)

    def close(self) -> None:
        self._set(closed=True)

    def _set(self, held: bool | None = None, closed: bool | None = None) -> None:
        with self._changed:
            self._held = self._held if held is None else held
            self._closed = self._closed if closed is None else closed
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def blocked(self) -> bool:
        """No take may be begun now."""
        return self._closed or self._stops or self._queue.control.paused

    @property
    def _stops(self) -> bool:
        return self._held and self._mode == "pause"

    @property
    def throttled(self) -> bool:
        return self._held and self._mode == "throttle"

    def sleep(self, seconds: float) -> None:
        """Wait; raises Interrupted as soon as nothing may flow."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._stops, seconds)
        self.check()

    def check(self) -> None:
        if self._closed or self._stops:
            raise Interrupted


class TakeGate:
    """The gate for one take on one thread: also looks whether an operator has paused it."""

    def __init__(
        self, gate: Gate, paused: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._gate = gate
        self._paused = paused
        self._clock = clock
        self._looked_at = clock()

    def __call__(self, count: int) -> None:
        """Before `count` bytes. Raises Interrupted."""
        self._gate.check()
        if self._clock() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = self._clock()
            if self._paused():
                raise Interrupted
        if self._gate.throttled:
            self._gate.sleep(count / THROTTLED)

    def sleep(self, seconds: float) -> None:
        self._gate.sleep(seconds)
