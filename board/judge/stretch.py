"""How long a judgement stays true: questions about a time are asked here, and their bounds are kept."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from board.judge.seen import Day

EDGE = 0.001
"""Seconds beside a bound in which nothing is taken for sure: sums of times round."""


@dataclass(slots=True)
class Stretch:
    """A time, in seconds, and the stretch around it in which all answers that it has given are the same."""

    at: float
    since: float = -inf
    until: float = inf

    def past(self, moment: float) -> bool:
        """Whether it is later than `moment`."""
        if self.at > moment:
            self.since = max(self.since, moment)
            return True
        self.until = min(self.until, moment)
        return False

    def minutes_since(self, moment: float) -> int:
        """Whole ones."""
        whole = int((self.at - moment) // 60)
        self.since = max(self.since, moment + 60 * whole)
        self.until = min(self.until, moment + 60 * (whole + 1))
        return whole

    def holds(self, at: float) -> bool:
        """Whether all answers would be the same at another time; where it is not sure, False."""
        return at == self.at or self.since + EDGE < at < self.until - EDGE


@dataclass(slots=True)
class Hour:
    """The Day as one judgement asks it; `now` and `looked` know afterwards how long it holds."""

    day: Day
    now: Stretch
    looked: Stretch
    """When the centre's stores were looked at last; for ever ago where none is."""

    @classmethod
    def of(cls, day: Day) -> Hour:
        return cls(day, Stretch(day.now), Stretch(looked_at(day)))

    def holds(self, day: Day) -> bool:
        """Whether a judgement by this is one by `day`, too, as far as times go."""
        return self.now.holds(day.now) and self.looked.holds(looked_at(day))


def looked_at(day: Day) -> float:
    return -inf if day.looked_at is None else day.looked_at
