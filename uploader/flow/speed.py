"""How fast bytes are acknowledged: the basis of "all delivered at about 16:52"."""

from __future__ import annotations

import threading

WEIGHT = 0.3
"""Of the latest measure: a shared uplink changes within minutes."""


class Speed:
    """Exponentially smoothed bytes per second. Thread safe."""

    def __init__(self) -> None:
        self._rate: float | None = None
        self._lock = threading.Lock()

    def note(self, count: int, seconds: float) -> None:
        rate = count / max(seconds, 0.001)
        with self._lock:
            self._rate = rate if self._rate is None else (1 - WEIGHT) * self._rate + WEIGHT * rate

    def seconds_for(self, count: int) -> float | None:
        with self._lock:
            return None if self._rate is None else count / self._rate
