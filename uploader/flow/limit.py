"""Bytes spread over time: no more than a limit's in any second. Pure but for the clock passed in."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Bucket:
    """Spreads bytes over time; shared by all workers. Thread safe."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._free_at = 0.0
        self._lock = threading.Lock()

    def take(self, count: int, rate: float) -> float:
        """Seconds to wait before `count` bytes may go at `rate` bytes per second."""
        with self._lock:
            now = self._clock()
            begin = max(now, self._free_at)
            self._free_at = begin + count / rate
            return begin - now
