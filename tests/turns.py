"""Threads that run one at a time, in an order that a number decides: the same races again every time.

A thread gives its turn away only where it says at(); between two of those it runs alone. What it holds there
(a lock, a transaction) the others would wait for in vain, so it says nothing then.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

PATIENCE_SECONDS = 30.0
FOR_EVER = 1_000_000
LONGEST_TURN = 40
"""Places that one thread passes while the others stand still: most faults of order need few long waits."""


class Turns:
    """`run()` functions that call `at()`."""

    def __init__(self, seed: int = 0, *, first: int | None = None, places: int = 0) -> None:
        """By `seed`; or function number `first` passes so many `places`, then the others run to their end."""
        self._rng = random.Random(seed)
        self._first, self._places = first, places
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._now: threading.Thread | None = None
        self._left = 0
        """Places until the turn ends."""
        self.interrupted = False
        """One stood still while another ran."""
        self.told: list[str] = []
        """Who was where, in this order: for the message of a test that fails."""

    def run(self, *works: Callable[[], object]) -> None:
        """All at once; raises what the first of them raised."""
        errors: list[BaseException] = []

        def thread_of(work: Callable[[], object]) -> threading.Thread:
            def whole() -> None:
                try:
                    self._wait(threading.current_thread())
                    work()
                except BaseException as error:  # noqa: BLE001 - told to the test below
                    errors.append(error)
                finally:
                    self._pass_on(left=True)

            return threading.Thread(target=whole, name=f"turn-{len(self._threads)}")

        for work in works:
            self._threads.append(thread_of(work))
        self._now, self._left = self._begin()
        running = list(self._threads)
        for thread in running:
            thread.start()
        for thread in running:
            thread.join(PATIENCE_SECONDS)
        if errors:
            raise errors[0]
        assert not any(thread.is_alive() for thread in running), self.told[-5:]

    def _begin(self) -> tuple[threading.Thread, int]:
        if self._first is None:
            return self._rng.choice(self._threads), 0
        return self._threads[self._first], self._places

    def at(self, place: str, *, waiting: int | None = None) -> None:
        """Perhaps another thread goes on from here. Of no effect on threads that are not of run().

        `waiting`: a thread of no turns says it for this function, which waits for what it does.
        """
        mine = threading.current_thread() if waiting is None else self._thread_of(waiting)
        if mine in self._threads:
            self.told.append(f"{mine.name} {place}")
            self._left -= 1
            if self._left < 0:
                self.interrupted = True
                self._pass_on()
                self._wait(mine)

    def _thread_of(self, number: int) -> threading.Thread:
        found = (thread for thread in self._threads if thread.name == f"turn-{number}")
        return next(found, threading.current_thread())

    def _wait(self, mine: threading.Thread) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._now is mine, PATIENCE_SECONDS), self.told[-5:]

    def _pass_on(self, *, left: bool = False) -> None:
        with self._changed:
            if left:
                self._threads.remove(threading.current_thread())
            others = [thread for thread in self._threads if thread is not self._now]
            if self._first is None:
                self._left = int(LONGEST_TURN ** self._rng.random())
                self._now = self._rng.choice(self._threads) if self._threads else None
            else:
                self._left = FOR_EVER
                self._now = others[0] if others else threading.current_thread()
            self._changed.notify_all()
