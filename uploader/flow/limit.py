"""Bandwidth limits: "500k", "off", or a timetable "13:30,200k 16:30,off". Pure but for the clock passed in.

Rates are bytes per second; k is 1000, M is 1000000. Before the first time of a day the last one holds.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from config.base import ConfigError, say

RATE = re.compile(r"(\d+(?:\.\d+)?)([kKmM]?)")
UNITS = {"": 1, "k": 1000, "m": 1_000_000}


@dataclass(frozen=True)
class Timetable:
    """Rates from times of the day on, sorted; None is no limit."""

    entries: tuple[tuple[time, float | None], ...]

    def rate_at(self, now: time) -> float | None:
        past = [rate for begin, rate in self.entries if begin <= now]
        return past[-1] if past else self.entries[-1][1]


def parse_limit(text: str) -> Timetable:
    """Raises ConfigError that names the word which is wrong."""
    words = text.split()
    if not words:
        return Timetable(((time(), None),))
    if len(words) == 1 and "," not in words[0]:
        return Timetable(((time(), _rate(words[0])),))
    return Timetable(tuple(sorted((_entry(word) for word in words), key=lambda entry: entry[0])))


def _entry(word: str) -> tuple[time, float | None]:
    begin, comma, rate = word.partition(",")
    try:
        if not comma:
            raise ValueError(word)
        return datetime.strptime(begin, "%H:%M").time(), _rate(rate)  # noqa: DTZ007 - a time of any day
    except ValueError as error:
        raise _wrong(word) from error


def _rate(word: str) -> float | None:
    if word == "off":
        return None
    match = RATE.fullmatch(word)
    if match is None or not (rate := float(match[1]) * UNITS[match[2].lower()]):
        raise _wrong(word)
    return rate


def _wrong(word: str) -> ConfigError:
    return ConfigError(
        say("station.toml: “delivery.limit” does not understand “{word}”.", word=word),
        say("Write “500k”, “2M”, “off”, or times with rates: “13:30,200k 16:30,off”."),
    )


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
