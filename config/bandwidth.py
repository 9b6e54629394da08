"""Bandwidth limits as people write them: "500k", "off", or a timetable "13:30,200k 16:30,off".

Rates are bytes per second; k is 1000, M is 1000000. Before the first time of a day the last one holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

RATE = re.compile(r"(?=[0-9.]*[1-9])([0-9]{1,9}(?:\.[0-9]{1,6})?)([kKmM]?)")
BEGIN = re.compile(r"([0-9]{1,2}):([0-9]{1,2})")
UNITS = {"": 1, "k": 1000, "m": 1_000_000}


@dataclass(frozen=True)
class Timetable:
    """Rates from times of the day on, sorted; None is no limit."""

    entries: tuple[tuple[time, float | None], ...]

    def rate_at(self, now: time) -> float | None:
        """Bytes per second."""
        past = [rate for begin, rate in self.entries if begin <= now]
        return past[-1] if past else self.entries[-1][1]


def parse_limit(text: str) -> Timetable:
    """Raises ValueError for what is none."""
    words = text.split()
    if not words:
        return Timetable(((time(), None),))
    if len(words) == 1 and "," not in words[0]:
        return Timetable(((time(), _rate(words[0])),))
    return Timetable(tuple(sorted((_entry(word) for word in words), key=lambda entry: entry[0])))


def _entry(word: str) -> tuple[time, float | None]:
    begin, _, rate = word.partition(",")
    match = BEGIN.fullmatch(begin)
    if match is None:
        raise ValueError(f"no time: {begin!r}")
    return time(int(match[1]), int(match[2])), _rate(rate)


def _rate(word: str) -> float | None:
    if word == "off":
        return None
    match = RATE.fullmatch(word)
    if match is None:
        raise ValueError(f"no rate: {word!r}")
    return float(match[1]) * UNITS[match[2].lower()]
