"""A limit on the time in which something must end, kept by one thread for as many times as wanted.

A threading.Timer would be a new thread for each request: a quarter of what a small piece costs.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable


class Watchdog:
    """Calls `bite` from a thread of its own where end() does not come in time. Use close() when done."""

    def __init__(self, bite: Callable[[], None]) -> None:
        """`bite` must be quick: end() waits for it."""
        self._bite = bite
        self._changed = threading.Condition()
        self._until: float | None = None
        self._sleeps_until = math.inf
        self._thread: threading.Thread | None = None
        self._closed = False

    def begin(self, seconds: float) -> None:
        """From now on; takes the place of a limit that runs."""
        with self._changed:
            self._until = time.monotonic() + seconds
            if self._thread is None:
                self._closed = False
                self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
                self._thread.start()
            elif self._until < self._sleeps_until:
                self._changed.notify()

    def end(self) -> None:
        """In time, or nothing to be watched any more: `bite` is not called after this returns."""
        with self._changed:
            self._until = None

    def close(self) -> None:
        """End the thread; begin() makes another."""
        with self._changed:
            self._closed = True
            self._until = None
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        """It is not woken for each limit that ends: it sleeps on, and looks then."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                if self._until is not None and self._until <= now:
                    self._until = None
                    self._bite()
                self._sleeps_until = math.inf if self._until is None else self._until
                self._changed.wait(None if self._until is None else self._until - now)
