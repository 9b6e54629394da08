"""Whether bytes may flow now, and how fast: asked between blocks of a body, and in every wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from config import DeliverySection, parse_limit
from uploader.faults import Interrupted
from uploader.flow.limit import Bucket

LOOK_SECONDS = 1.0
"""How often another process' pause is looked for."""
THROTTLED = 32_000.0
"""Bytes per second while a pupil is recorded and [delivery] while_recording = "throttle"."""
SMALLEST_BLOCK = 4 * 1024


class Gate:
    """Open, held while a pupil is recorded, or closed for good. Thread safe."""

    def __init__(self, section: DeliverySection) -> None:
        self._mode = section.while_recording
        self._timetable = parse_limit(section.limit)
        self._bucket = Bucket(time.monotonic)
        self._changed = threading.Condition()
        self._held = False
        self._closed = False

    # --- from outside

    def hold(self) -> None:
        self._set(held=True)

    def release(self) -> None:
        self._set(held=False)

    def close(self) -> None:
        self._set(closed=True)

    def _set(self, held: bool | None = None, closed: bool | None = None) -> None:
        with self._changed:
            self._held = self._held if held is None else held
            self._closed = self._closed if closed is None else closed
            self._changed.notify_all()

    # --- for those who send

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def shut(self) -> bool:
        """Nothing may flow now."""
        return self._closed or (self._held and self._mode == "pause")

    @property
    def rate(self) -> float | None:
        """Bytes per second now; None without a limit."""
        rate = self._timetable.rate_at(datetime.now().time())  # noqa: DTZ005 - the wall clock of the school
        if self._held and self._mode == "throttle":
            return THROTTLED if rate is None else min(rate, THROTTLED)
        return rate

    def block(self, wanted: int) -> int:
        """Bytes of a block, `wanted` where nothing is limited: at most half a second at the present limit."""
        rate = self.rate
        return wanted if rate is None else max(SMALLEST_BLOCK, min(wanted, int(rate / 2)))

    def pace(self, count: int) -> None:
        """Wait until `count` bytes may flow. Raises Interrupted."""
        if self.shut:
            raise Interrupted
        rate = self.rate
        if rate is not None:
            self.sleep(self._bucket.take(count, rate))

    def wait(self) -> None:
        """Wait while a pupil is recorded. Raises Interrupted where the program ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self.shut)
        if self._closed:
            raise Interrupted

    def sleep(self, seconds: float) -> None:
        """Wait; raises Interrupted as soon as nothing may flow."""
        with self._changed:
            if self._changed.wait_for(lambda: self.shut, seconds):
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

    def block(self, wanted: int) -> int:
        return self._gate.block(wanted)

    def __call__(self, count: int) -> None:
        """Before `count` bytes. Raises Interrupted."""
        self._look()
        self._gate.pace(count)

    def reading(self, count: int) -> None:
        """After `count` bytes of a download. A recording makes it wait, not break off: a server was seen
        to die of readers who leave. Raises Interrupted."""
        self._look()
        self._gate.wait()
        self._gate.pace(count)

    def _look(self) -> None:
        if self._clock() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = self._clock()
            if self._paused():
                raise Interrupted

    def sleep(self, seconds: float) -> None:
        self._gate.sleep(seconds)
