"""What the centre has: every finished upload of its stores, and its receipt. SQLite, or PostgreSQL for many.

1. Any number of workers share it: each upload is claimed by one at a time, for CLAIM_SECONDS since its
   last sign of life, so that what a killed worker had is taken by another.
2. An upload that two looks at its store did not find is gone: one look may meet a rename.
3. Facts of an upload are claims of its sender; size and digest are the centre's own, from the bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Engine,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from config import making_tables
from uploader.centre.holding import FACTS, MAX_FACT, Finished, Lying

CLAIM_SECONDS = 30.0
MAX_PAUSE = 300.0
"""Seconds between two tries at an upload that can't be read."""
MAX_FAULT = 200
FOUND, PROVEN, GONE = "found", "proven", "gone"
META = MetaData()
# The order of the bytes, as stores list; SQLite has no other.
PLACE = Text().with_variant(Text(collation="C"), "postgresql")

uploads = Table(
    "centre_uploads",
    META,
    Column("place", PLACE, primary_key=True),
    Column("store", Text, nullable=False),
    Column("upload_id", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("data", Text, nullable=False),
    *(Column(name, String(MAX_FACT), nullable=False) for name in FACTS),
    Column("state", String(8), nullable=False),
    Column("found_at", Double, nullable=False),
    Column("due_at", Double, nullable=False, default=0.0),
    Column("claimed_by", String(80), nullable=False, default=""),
    Column("claimed_until", Double, nullable=False, default=0.0),
    Column("tries", Integer, nullable=False, default=0),
    Column("fault", String(MAX_FAULT), nullable=False, default=""),
    Column("absent_at", Double),
    Column("size", BigInteger),
    Column("sha256", String(64)),
    Column("receipt", Text),
    Column("proven_at", Double),
)
Index("centre_uploads_due", uploads.c.state, uploads.c.found_at)
# What changed since a board last looked is found by these.
Index("centre_uploads_found", uploads.c.found_at)
Index("centre_uploads_proven", uploads.c.proven_at)
Index("centre_uploads_absent", uploads.c.absent_at)
Index("centre_uploads_id", uploads.c.upload_id)
Index("centre_uploads_station", uploads.c.station, uploads.c.session)

looks = Table(
    "centre_looks",
    META,
    Column("store", Text, primary_key=True),
    Column("due_at", Double, nullable=False),
    Column("done_at", Double),
    Column("fault", String(MAX_FAULT), nullable=False, default=""),
)


@dataclass(frozen=True)
class Claim:
    """An upload that one worker reads now."""

    upload: Finished
    tries: int
    by: str


@dataclass(frozen=True)
class Compared:
    """What a look at a part of a store has shown."""

    news: list[Lying]
    """New, changed, or here again."""
    gone: list[str]
    """Ids of uploads that now are gone."""


class Ledger:
    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        """Makes its tables where they are not there. Raises SQLAlchemyError."""
        self.engine, self._clock = engine, clock
        with making_tables(engine, META):
            pass

    # --- looking at a store

    def take_look(self, store: str, every: float) -> bool:
        """Whether it is this worker's turn to look at the store: one of them, each `every` seconds."""
        now = self._clock()
        try:
            with self.engine.begin() as db:
                db.execute(insert(looks).values(store=store, due_at=now + every))
            return True
        except IntegrityError:
            query = update(looks).where(looks.c.store == store, looks.c.due_at <= now)
            with self.engine.begin() as db:
                return db.execute(query.values(due_at=now + every)).rowcount == 1

    def looked(self, store: str, fault: str = "") -> None:
        """A look at the whole store has ended."""
        values: dict[str, Any] = {"fault": fault[:MAX_FAULT]}
        if not fault:
            values["done_at"] = self._clock()
        with self.engine.begin() as db:
            db.execute(update(looks).where(looks.c.store == store).values(**values))

    def compare(self, store: str, page: Sequence[Lying], above: str, upto: str | None) -> Compared:
        """A page of a listing with what is known; what it has no more is absent, then gone.

        `page` is everything that lies in the store between `above` and `upto`, without the first.
        """
        now = self._clock()
        query = select(
            uploads.c.place, uploads.c.mark, uploads.c.state, uploads.c.absent_at, uploads.c.upload_id
        )
        query = query.where(uploads.c.store == store, uploads.c.place > above)
        if upto is not None:
            query = query.where(uploads.c.place <= upto)
        found = Compared([], [])
        with self.engine.begin() as db:
            known = {row.place: row for row in db.execute(query)}
            for lying in page:
                row = known.pop(lying.place, None)
                if row is None or row.state == GONE or row.mark != lying.mark:
                    found.news.append(lying)
                elif row.absent_at is not None:
                    db.execute(_at(lying.place).values(absent_at=None))
            for place, row in known.items():
                if row.absent_at is None:
                    db.execute(_at(place).values(absent_at=now))
                elif row.state != GONE:
                    db.execute(_at(place).values(state=GONE, claimed_until=0.0))
                    found.gone.append(row.upload_id)
        return found

    def enter(self, store: str, upload: Finished) -> None:
        """A finished upload that is new, changed, or here again: to be read."""
        values: dict[str, Any] = {
            "upload_id": upload.upload_id,
            "mark": upload.mark,
            "data": upload.data,
            **upload.facts,
            "state": FOUND,
            "found_at": self._clock(),
            "due_at": 0.0,
            "claimed_until": 0.0,
            "absent_at": None,
            "tries": 0,
            "fault": "",
        }
        with self.engine.begin() as db:
            changed = or_(uploads.c.mark != upload.mark, uploads.c.state == GONE)
            if db.execute(_at(upload.place).where(changed).values(**values)).rowcount:
                return
        try:
            with self.engine.begin() as db:
                db.execute(insert(uploads).values(place=upload.place, store=store, **values))
        except IntegrityError:
            return  # Another worker was first.

    # --- reading what is there

    def claim(self, store: str, by: str) -> Claim | None:
        """The oldest upload that nobody reads; None where there is none to read now."""
        now = self._clock()
        free = (
            select(uploads.c.place)
            .where(uploads.c.store == store, uploads.c.state == FOUND)
            .where(uploads.c.claimed_until <= now, uploads.c.due_at <= now)
            .order_by(uploads.c.found_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        query = update(uploads).where(uploads.c.place == free)
        query = query.values(claimed_by=by, claimed_until=now + CLAIM_SECONDS)
        with self.engine.begin() as db:
            row = db.execute(query.returning(uploads)).first()
        return None if row is None else Claim(_upload(row), row.tries, by)

    def still_reads(self, claim: Claim) -> None:
        """A sign of life from who reads a long one."""
        values = {"claimed_until": self._clock() + CLAIM_SECONDS}
        with self.engine.begin() as db:
            db.execute(_of(claim).values(**values))

    def proven(self, claim: Claim, size: int, sha256: str, receipt: str) -> bool:
        """False where the upload changed meanwhile, or is another worker's now."""
        values: dict[str, Any] = {"state": PROVEN, "size": size, "sha256": sha256, "receipt": receipt}
        values |= {"proven_at": self._clock(), "fault": ""}
        with self.engine.begin() as db:
            return db.execute(_of(claim).values(**values)).rowcount == 1

    def failed(self, claim: Claim, fault: str) -> None:
        """It could not be read: again after a pause."""
        pause = min(2.0**claim.tries, MAX_PAUSE)
        values: dict[str, Any] = {"tries": claim.tries + 1, "due_at": self._clock() + pause}
        values |= {"claimed_until": 0.0, "fault": fault[:MAX_FAULT]}
        with self.engine.begin() as db:
            db.execute(_of(claim).values(**values))


def _at(place: str) -> Any:
    return update(uploads).where(uploads.c.place == place)


def _of(claim: Claim) -> Any:
    """The row, as long as it is the claimed one."""
    return _at(claim.upload.place).where(
        uploads.c.mark == claim.upload.mark, uploads.c.claimed_by == claim.by, uploads.c.state == FOUND
    )


def _upload(row: Row[Any]) -> Finished:
    facts = {name: getattr(row, name) for name in FACTS}
    return Finished(row.upload_id, row.place, row.mark, row.data, facts)
