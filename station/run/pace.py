"""How long a pupil takes here, measured, so that the end of the afternoon can be foretold.

The median of the times between two pupils' ends; a break or a long search for one pupil does not
count much. Before there are two, the time from confirming the first to its end.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import time

from station.session.events import Event, IdentityConfirmed
from station.session.state import Session


class Pace:
    """Feed it every accepted event; read `pupil_seconds`."""

    def __init__(self, wall: Callable[[], float] = time) -> None:
        self._wall = wall
        self._confirmed_at: float | None = None
        self._ended_at: float | None = None
        self._done = 0
        self._spans: list[float] = []

    @property
    def pupil_seconds(self) -> float:
        """Seconds per pupil; 0 before the first is done."""
        return median(self._spans) if self._spans else 0.0

    def note(self, event: Event, session: Session, at: float | None = None) -> None:
        """`session` is the state after `event`; `at` its time in Unix seconds, now by default."""
        at = self._wall() if at is None else at
        done = session.totals.done + session.totals.troubled
        if isinstance(event, IdentityConfirmed):
            self._confirmed_at = at
        elif done > self._done and self._confirmed_at is not None:
            began = self._ended_at if self._ended_at is not None else self._confirmed_at
            if at >= began:
                # Else the clock was set back meanwhile.
                self._spans.append(at - began)
            self._ended_at = at
        self._done = done
