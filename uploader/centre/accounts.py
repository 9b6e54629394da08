"""What the ledger says to whoever compares it with the stations' own accounts: takes, not uploads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine, Row, Select, case, func, select

from uploader.centre.ledger import FOUND, META, PROVEN, looks, uploads

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


class Accounts:
    """Reads only; many boards may."""

    def __init__(self, engine: Engine) -> None:
        """Makes the ledger's tables where they are not there. Raises SQLAlchemyError."""
        self._engine = engine
        META.create_all(engine)

    def last_look(self) -> float | None:
        """When the store that was looked at longest ago was; None where there is no store. Unix seconds."""
        with self._engine.connect() as db:
            times = list(db.execute(select(looks.c.done_at)).scalars())
        return min(times) if times and None not in times else None

    def takes(self, stations: Collection[str] | None = None) -> Mapping[tuple[str, str], CentreTakes]:
        """(station, session) -> what the centre has of it; of all stations where none are named."""
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
