"""The list of very many stations: judged and written once for everybody who looks at it.

Who asks gets the list as it was made last, with its time in it, and a newer one is made after the answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from board.web.phrases import Tongue

MANY = 300
"""Stations of a list that is kept; a shorter one is made for each who asks."""
FRESH_SECONDS = 8.0
"""Pages ask every ten."""
OLD_SECONDS = 30.0
"""A list that is older is not shown any more: who asks first waits for a new one."""


@dataclass(frozen=True)
class WrittenList:
    """A list as a part of a page."""

    html: str
    stations: int
    made_at: float
    """By the keeper's clock."""


class WideLists:
    """`write(district, language)` makes a list; it is not called twice at once for the same. Thread safe."""

    def __init__(
        self,
        write: Callable[[str, Tongue], tuple[str, int]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write, self._clock = write, clock
        self._lists: dict[tuple[str, Tongue], WrittenList] = {}
        self._making: dict[tuple[str, Tongue], threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, district: str, language: Tongue) -> WrittenList:
        """As it was made last, where it is not too old."""
        key = (district, language)
        found = self._lists.get(key)
        if found is not None and self._age(found) <= OLD_SECONDS:
            return found
        with self._turn(key):
            found = self._lists.get(key)
            if found is not None and self._age(found) <= OLD_SECONDS:
                return found
            return self._make(key)

    def renew(self, district: str, language: Tongue) -> None:
        """After an answer: a newer one for who asks next, unless it is fresh, short, or being made."""
        key = (district, language)
        found = self._lists.get(key)
        if found is None or self._age(found) < FRESH_SECONDS:
            return
        turn = self._turn(key)
        if turn.acquire(blocking=False):
            try:
                self._make(key)
            finally:
                turn.release()

    def _make(self, key: tuple[str, Tongue]) -> WrittenList:
        html, stations = self._write(*key)
        made = WrittenList(html, stations, self._clock())
        if stations > MANY:
            self._lists[key] = made
        else:
            self._lists.pop(key, None)
        return made

    def _turn(self, key: tuple[str, Tongue]) -> threading.Lock:
        with self._lock:
            return self._making.setdefault(key, threading.Lock())

    def _age(self, made: WrittenList) -> float:
        return self._clock() - made.made_at
