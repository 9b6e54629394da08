"""Expected stations, and the tokens with which the stations of a school speak."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from board.expected import ExpectedStation
from board.store.relations import about, expected, tokens

LISTS = "lists"
"""Name of the mark that is another one after each change of a list."""


@dataclass(frozen=True)
class Place:
    """An expected station and its district."""

    district: str
    row: ExpectedStation


@dataclass(frozen=True)
class SchoolToken:
    """A token as it is kept: never itself."""

    id: int
    district: str
    school: str
    made_at: float
    revoked_at: float | None


def digest(secret: str) -> str:
    """Of a secret with 256 random bits, which needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


class Roll:
    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock
        self._kept: tuple[str | None, Sequence[Place]] | None = None
        self._lock = threading.Lock()

    def expect(self, district: str, rows: Sequence[ExpectedStation]) -> list[str]:
        """Replace a district's list. Ids that another district has are returned, and nothing is changed."""
        with self._engine.begin() as db:
            known = db.execute(select(expected.c.station).where(expected.c.district != district)).scalars()
            others = set(known)
            if taken := [row.station for row in rows if row.station in others]:
                return taken
            db.execute(delete(expected).where(expected.c.district == district))
            values = [
                {"district": district, "position": place, **vars(row)} for place, row in enumerate(rows)
            ]
            db.execute(insert(expected), values)
            db.execute(delete(about).where(about.c.name == LISTS))
            db.execute(insert(about).values(name=LISTS, value=secrets.token_hex(8)))
        return []

    def all_places(self) -> Sequence[Place]:
        """The lists of all districts; read again only where one was replaced, by whatever program."""
        with self._engine.connect() as db:
            # The mark first: who replaces a list meanwhile leaves another one for the next look.
            mark = db.execute(select(about.c.value).where(about.c.name == LISTS)).scalar()
        with self._lock:
            if self._kept is None or self._kept[0] != mark:
                self._kept = (mark, self.places())
            return self._kept[1]

    def places(self, district: str = "") -> list[Place]:
        """A district's list, all of them under ""."""
        query = select(expected).order_by(expected.c.district, expected.c.position)
        if district:
            query = query.where(expected.c.district == district)
        with self._engine.connect() as db:
            return [_place(row) for row in db.execute(query)]

    def place(self, station: str) -> Place | None:
        with self._engine.connect() as db:
            return places_of(db, [station]).get(station)

    # --- tokens

    def make_token(self, district: str, school: str) -> str:
        """A new token; it is shown once and kept as a digest."""
        token = secrets.token_urlsafe(32)
        values = {"district": district, "school": school, "digest": digest(token), "made_at": self._clock()}
        with self._engine.begin() as db:
            db.execute(insert(tokens).values(**values))
        return token

    def revoke(self, number: int) -> bool:
        """False where there is no such token, or it was revoked before."""
        query = update(tokens).where(tokens.c.id == number, tokens.c.revoked_at.is_(None))
        with self._engine.begin() as db:
            return db.execute(query.values(revoked_at=self._clock())).rowcount == 1

    def tokens(self) -> list[SchoolToken]:
        query = select(tokens).order_by(tokens.c.id)
        with self._engine.connect() as db:
            return [
                SchoolToken(row.id, row.district, row.school, row.made_at, row.revoked_at)
                for row in db.execute(query)
            ]

    def whose(self, token: str) -> SchoolToken | None:
        """The school of a token; None for one that does not hold."""
        key = digest(token)
        with self._engine.connect() as db:
            return schools_of(db, [key]).get(key)


def places_of(db: Connection, stations: Collection[str]) -> dict[str, Place]:
    """Those of `stations` that are expected."""
    query = select(expected).where(expected.c.station.in_(stations))
    return {row.station: _place(row) for row in db.execute(query)}


def schools_of(db: Connection, digests: Collection[str]) -> dict[str, SchoolToken]:
    """Digest -> the school, of those tokens that hold."""
    query = select(tokens).where(tokens.c.digest.in_(digests), tokens.c.revoked_at.is_(None))
    return {
        row.digest: SchoolToken(row.id, row.district, row.school, row.made_at, None)
        for row in db.execute(query)
    }


def _place(row: Row[Any]) -> Place:
    return Place(row.district, ExpectedStation(row.station, row.school, row.room, row.contact, row.pupils))
