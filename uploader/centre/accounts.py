"""What the ledger says to whoever compares it with the stations' own accounts: takes, not uploads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine, Row, Select, case, func, or_, select

from config import making_tables
from uploader.centre.ledger import FOUND, META, PROVEN, looks, uploads

MOST_LOST = 500
"""Lost takes that are named; all are counted."""
SLACK_SECONDS = 15.0
"""So far the clocks of workers may differ, with what they had not committed yet."""
ANEW_SECONDS = 900.0
"""After so long everything is counted anew, whatever clocks said."""
AT_ONCE = 500
"""Stations of one question."""
TAKE = (uploads.c.station, uploads.c.session, uploads.c.take_id)


@dataclass(frozen=True)
class LostTake:
    """A take of which no upload is in a store any more."""

    take_id: str
    student: str
    item: str
    attempt: str


@dataclass(frozen=True)
class CentreTakes:
    """The takes of one station's session."""

    takes: int = 0
    """There, each counted once."""
    proven: int = 0
    """Of these, read to their end, with a receipt."""
    doubles: int = 0
    """Uploads beyond one of each take."""
    lost_count: int = 0
    lost: tuple[LostTake, ...] = field(default=())


class Accounts:
    """Reads only; many boards may. Thread safe."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        """Makes the ledger's tables where they are not there. Raises SQLAlchemyError."""
        self._engine, self._clock = engine, clock
        with making_tables(engine) as db:
            META.create_all(db)
        self._lock = threading.Lock()
        self._all: dict[tuple[str, str], CentreTakes] = {}
        self._counted_at: float | None = None
        """When all stations were counted, by `clock`."""
        self._as_of = 0.0
        """The newest change that is counted, by the workers' clocks."""
        self._absent: set[str] = set()

    def last_look(self) -> float | None:
        """When the store that was looked at longest ago was; None where there is no store. Unix seconds."""
        with self._engine.connect() as db:
            times = list(db.execute(select(looks.c.done_at)).scalars())
        return min(times) if times and None not in times else None

    def takes(self, stations: Collection[str] | None = None) -> Mapping[tuple[str, str], CentreTakes]:
        """(station, session) -> what the centre has of it; of all stations where none are named."""
        return self._everywhere() if stations is None else self._count(stations)

    def _everywhere(self) -> Mapping[tuple[str, str], CentreTakes]:
        """A country has some 360,000 recordings: counted once, then where something changed."""
        with self._lock:
            now = self._clock()
            newest, changed, absent = self._changes()
            if self._counted_at is None or now - self._counted_at > ANEW_SECONDS:
                self._all, self._counted_at = dict(self._count(None)), now
            else:
                touched = changed | absent | self._absent
                self._all = {key: one for key, one in self._all.items() if key[0] not in touched}
                stations = sorted(touched)
                for first in range(0, len(stations), AT_ONCE):
                    self._all.update(self._count(stations[first : first + AT_ONCE]))
            self._as_of, self._absent = newest, absent
            return self._all

    def _changes(self) -> tuple[float, set[str], set[str]]:
        """The newest change, the stations where something changed, and those of which something is absent."""
        since = self._as_of - SLACK_SECONDS
        recent = or_(uploads.c.found_at >= since, uploads.c.proven_at >= since)
        # One question for each maximum: SQLite reads the end of an index for one, the whole table for two.
        newest = select(
            select(func.max(uploads.c.found_at)).scalar_subquery(),
            select(func.max(uploads.c.proven_at)).scalar_subquery(),
        )
        with self._engine.connect() as db:
            row = db.execute(newest).one()
            changed = set()
            if self._counted_at is not None:
                changed = set(db.execute(select(uploads.c.station).where(recent)).scalars())
            # A comparison: SQLite asks no index whether something is not null. And each row by itself: for
            # different ones it would read all stations in their order.
            absent = select(uploads.c.station).where(uploads.c.absent_at > 0.0)
            return max(row[0] or 0.0, row[1] or 0.0), changed, set(db.execute(absent).scalars())

    def _count(self, stations: Collection[str] | None) -> dict[tuple[str, str], CentreTakes]:
        each = _each_take(stations).subquery()
        query = select(
            each.c.station,
            each.c.session,
            func.sum(case((each.c.copies > 0, 1), else_=0)).label("takes"),
            func.sum(case((each.c.read > 0, 1), else_=0)).label("proven"),
            func.sum(case((each.c.copies > 1, each.c.copies - 1), else_=0)).label("doubles"),
            func.sum(case((each.c.copies == 0, 1), else_=0)).label("lost"),
        ).group_by(each.c.station, each.c.session)
        lost_ones = (
            select(each).where(each.c.copies == 0).order_by(each.c.station, each.c.student).limit(MOST_LOST)
        )
        with self._engine.connect() as db:
            rows = db.execute(query).all()
            lost = db.execute(lost_ones).all() if any(row.lost for row in rows) else []
        named: dict[tuple[str, str], list[LostTake]] = {}
        for row in lost:
            named.setdefault((row.station, row.session), []).append(_lost(row))
        return {
            (row.station, row.session): CentreTakes(
                int(row.takes),
                int(row.proven),
                int(row.doubles),
                int(row.lost),
                tuple(named.get((row.station, row.session), ())),
            )
            for row in rows
        }

    def receipt(self, upload_id: str) -> str | None:
        """The newest receipt of an upload that is still there."""
        query = select(uploads.c.receipt).where(uploads.c.upload_id == upload_id, uploads.c.state == PROVEN)
        with self._engine.connect() as db:
            found = db.execute(query.order_by(uploads.c.proven_at.desc()).limit(1)).scalar()
        return None if found is None else str(found)


def _each_take(stations: Collection[str] | None) -> Select[tuple[str, str, str, str, str, str, int, int]]:
    query = select(
        *TAKE,
        func.max(uploads.c.student_id).label("student"),
        func.max(uploads.c.item).label("item"),
        func.max(uploads.c.attempt).label("attempt"),
        func.sum(case((uploads.c.state.in_((FOUND, PROVEN)), 1), else_=0)).label("copies"),
        func.sum(case((uploads.c.state == PROVEN, 1), else_=0)).label("read"),
    ).group_by(*TAKE)
    return query if stations is None else query.where(uploads.c.station.in_(stations))


def _lost(row: Row[tuple[object, ...]]) -> LostTake:
    return LostTake(row.take_id, row.student, row.item, row.attempt)
