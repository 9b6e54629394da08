"""Uploads of the ledger counted as takes: what is there, proven, doubled and lost of each session."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Engine, Row, Select, case, func, select

from uploader.centre.ledger import FOUND, PROVEN, uploads

MOST_LOST = 500
"""Lost takes that are named; all are counted."""
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


def counted(engine: Engine, stations: Collection[str] | None) -> dict[tuple[str, str], CentreTakes]:
    """(station, session) -> its takes; of all stations where none are named."""
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
    with engine.connect() as db:
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
