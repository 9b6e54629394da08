"""When a station speaks: at its start, at changes, and once a minute where a board listens. Pure.

Where no board answers, what is said stays at the server as an empty object: changes of stage only, and at
most twenty a session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import uniform

EVERY, JITTER = 60.0, 10.0
"""Seconds; the jitter keeps the stations of a district, switched on together, from speaking together."""
GAP = 10.0
"""Seconds between two changes that are told."""
MOST_KEPT = 20


@dataclass
class Schedule:
    """Times are monotonic seconds."""

    kept: int = 0
    """How many of this session's statuses lie at a server without a board."""
    board: bool | None = None
    """Whether a board answers; None while that is not known."""
    spoke_at: float | None = None
    jitter: Callable[[float, float], float] = uniform
    _pause: float = EVERY

    def due_at(self, *, changed: bool, stage: bool) -> float | None:
        """When to speak next; None: not before something changes. `stage`: the change is one of stage."""
        if self.spoke_at is None:
            return 0.0 if self.kept < MOST_KEPT else None
        if self.board is False:
            return self.spoke_at + GAP if stage and self.kept < MOST_KEPT else None
        return self.spoke_at + (GAP if changed or stage else self._pause)

    def spoken(self, now: float, board: bool | None) -> None:
        """`board`: whether one has answered; None where nothing took the words."""
        self.spoke_at = now
        self._pause = EVERY + self.jitter(-JITTER, JITTER)
        if board is not None:
            self.board = board
        if board is False:
            self.kept += 1
