"""What the ledger says to whoever compares it with the stations' own accounts: takes, not uploads."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping

from sqlalchemy import Engine, func, or_, select

from config import making_tables
from uploader.centre.ledger import META, PROVEN, looks, uploads
from uploader.centre.takecounts import CentreTakes, counted

SLACK_SECONDS = 15.0
"""So far the clocks of workers may differ, with what they had not committed yet."""
AT_ONCE = 500
"""Stations of one question."""
IN_TURN = 100
"""Stations that are counted anew each time, whatever clocks said: 6,000 within sixty looks."""


class Accounts:
    """Reads only; many boards may. Thread safe."""

    def __init__(self, engine: Engine) -> None:
        """Makes the ledger's tables where they are not there. Raises SQLAlchemyError."""
        self._engine = engine
        with making_tables(engine, META):
            pass
        self._lock = threading.Lock()
        self._all: dict[tuple[str, str], CentreTakes] | None = None
        self._as_of = 0.0
        """The newest change that is counted, by the workers' clocks."""
        self._recent: Mapping[str, tuple[object, ...]] = {}
        """Uploads that changed shortly before it, as they were counted."""
        self._absent: set[str] = set()
        self._turn = ""
        """The last station that was counted in its turn."""

    def last_look(self) -> float | None:
        """When the store that was looked at longest ago was; None where there is no store. Unix seconds."""
        with self._engine.connect() as db:
            times = list(db.execute(select(looks.c.done_at)).scalars())
        return min(times) if times and None not in times else None

    def takes(self, stations: Collection[str] | None = None) -> Mapping[tuple[str, str], CentreTakes]:
        """(station, session) -> what the centre has of it; of all stations where none are named."""
        return self._everywhere() if stations is None else counted(self._engine, stations)

    def _everywhere(self) -> Mapping[tuple[str, str], CentreTakes]:
        """A country has some 360,000 recordings: counted once, then where something changed."""
        with self._lock:
            changed = self._changed()
            if self._all is None:
                self._all = counted(self._engine, None)
                return self._all
            touched = changed | self._in_turn(self._all)
            self._all = {key: one for key, one in self._all.items() if key[0] not in touched}
            stations = sorted(touched)
            for first in range(0, len(stations), AT_ONCE):
                self._all.update(counted(self._engine, stations[first : first + AT_ONCE]))
            return self._all

    def _changed(self) -> set[str]:
        """Stations where something changed since this was asked last, or is absent."""
        since = self._as_of - SLACK_SECONDS
        # One question for each maximum: SQLite reads the end of an index for one, the whole table for two.
        newest = select(
            select(func.max(uploads.c.found_at)).scalar_subquery(),
            select(func.max(uploads.c.proven_at)).scalar_subquery(),
        )
        recent = select(
            uploads.c.place, uploads.c.station, uploads.c.state, uploads.c.found_at, uploads.c.proven_at
        ).where(or_(uploads.c.found_at >= since, uploads.c.proven_at >= since))
        # A comparison: SQLite asks no index whether something is not null. And each row by itself: for
        # different ones it would read all stations in their order.
        absent = select(uploads.c.station).where(uploads.c.absent_at > 0.0)
        with self._engine.connect() as db:
            as_of = max(at or 0.0 for at in db.execute(newest).one())
            now_recent = {row[0]: tuple(row) for row in db.execute(recent)} if self._all is not None else {}
            now_absent = set(db.execute(absent).scalars())
        found = {str(row[1]) for place, row in now_recent.items() if self._recent.get(place) != row}
        found |= now_absent | self._absent
        self._as_of, self._recent, self._absent = as_of, now_recent, now_absent
        return found

    def _in_turn(self, known: Mapping[tuple[str, str], CentreTakes]) -> set[str]:
        """The next stations by their names, with those that are counted and have no upload any more."""
        before = self._turn
        query = select(uploads.c.station).where(uploads.c.station > before).group_by(uploads.c.station)
        with self._engine.connect() as db:
            found = list(db.execute(query.order_by(uploads.c.station).limit(IN_TURN)).scalars())
        self._turn = found[-1] if len(found) == IN_TURN else ""
        between = {station for station, _ in known if before < station and station <= (self._turn or station)}
        return between | set(found)

    def receipt(self, upload_id: str) -> str | None:
        """The newest receipt of an upload that is still there."""
        query = select(uploads.c.receipt).where(uploads.c.upload_id == upload_id, uploads.c.state == PROVEN)
        with self._engine.connect() as db:
            found = db.execute(query.order_by(uploads.c.proven_at.desc()).limit(1)).scalar()
        return None if found is None else str(found)
