"""What every station said last.

1. A station has one row; an older status never replaces a newer one.
2. A station that stands in no list has one too, under its token's school; at most a few for each school.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, delete, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from board.store.relations import latest
from config.status import Status, StatusError

MOST_READ = 20_000
MOST_UNEXPECTED = 5
"""Stations of a school that stand in no list."""


@dataclass(frozen=True)
class Arrival:
    """A status and when the board had it."""

    status: Status
    received_at: float
    district: str
    school: str
    pasted_by: str = ""
    """Who pasted it by hand; empty where the station sent it."""


class Arrivals:
    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock
        self._read: dict[str, tuple[str, Status]] = {}
        """Station -> what it said, and that understood: most say nothing new between two looks."""
        # SQLite lets one write at a time, and those that wait for it by themselves may wait for ever.
        self._turn: AbstractContextManager[Any] = (
            threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    def keep(self, status: Status, district: str, school: str, pasted_by: str = "") -> bool:
        """True where it is the newest of its station; False where a newer one is known."""
        at = datetime.fromisoformat(status.at).timestamp()
        values = {
            "district": district,
            "school": school,
            "received_at": self._clock(),
            "run": status.run,
            "seq": status.seq,
            "at": at,
            "pasted_by": pasted_by,
            "body": status.to_json(),
        }
        newer = or_(
            and_(latest.c.run == status.run, latest.c.seq < status.seq),
            and_(latest.c.run != status.run, latest.c.at < at if pasted_by else true()),
        )
        query = update(latest).where(latest.c.station == status.station, newer).values(**values)
        with self._turn, self._engine.begin() as db:
            if db.execute(query).rowcount:
                return True
        try:
            with self._turn, self._engine.begin() as db:
                db.execute(insert(latest).values(station=status.station, **values))
        except IntegrityError:
            return False
        return True

    def room_for(self, station: str, school: str, expected: frozenset[str] | set[str]) -> bool:
        """Whether a station that stands in no list may have a row."""
        query = select(latest.c.station).where(latest.c.school == school)
        with self._engine.connect() as db:
            others = set(db.execute(query).scalars()) - set(expected)
        return station in others or len(others) < MOST_UNEXPECTED

    def last(self, district: str = "") -> Mapping[str, Arrival]:
        """Station -> what it said last; of one district, or of all under ""."""
        query = select(latest)
        if district:
            query = query.where(latest.c.district == district)
        return self._found(query)

    def of(self, station: str) -> Arrival | None:
        return self._found(select(latest).where(latest.c.station == station)).get(station)

    def owner(self, station: str) -> str | None:
        """The school under which a station has spoken."""
        query = select(latest.c.school).where(latest.c.station == station)
        with self._engine.connect() as db:
            return db.execute(query).scalar()

    def forget(self, district: str) -> int:
        """Before another day: remove what the stations of a district have said; how many."""
        with self._engine.begin() as db:
            count = db.execute(select(func.count()).where(latest.c.district == district)).scalar()
            db.execute(delete(latest).where(latest.c.district == district))
        return int(count or 0)

    def _found(self, query: object) -> dict[str, Arrival]:
        found = {}
        with self._engine.connect() as db:
            for row in db.execute(query):  # type: ignore[call-overload]
                status = self._understood(row.station, row.body)
                if status is not None:
                    found[row.station] = Arrival(
                        status, row.received_at, row.district, row.school, row.pasted_by
                    )
        return found

    def _understood(self, station: str, body: str) -> Status | None:
        known = self._read.get(station)
        if known is not None and known[0] == body:
            return known[1]
        try:
            status = Status.of_json(body)
        except StatusError:
            return None
        if len(self._read) >= MOST_READ:
            self._read.clear()
        self._read[station] = (body, status)
        return status
