"""Trust in one thing that a server can do: lost after repeated failure, and given again after a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from uploader.ceilings import TRUST_BACK_SECONDS, TRUST_FAILURES


class Trust:
    """Thread safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._lost_at = 0.0

    @property
    def usable(self) -> bool:
        """Not lost, or long enough ago to try it once more."""
        with self._lock:
            rested = self._clock() - self._lost_at >= TRUST_BACK_SECONDS
            return self._failures < TRUST_FAILURES or rested

    def worked(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> bool:
        """Whether it is lost now."""
        with self._lock:
            self._failures += 1
            self._lost_at = self._clock()
            return self._failures >= TRUST_FAILURES

    def lose(self) -> None:
        """Take it for not offered, for as long as trust rests."""
        with self._lock:
            self._failures = TRUST_FAILURES
            self._lost_at = self._clock()
