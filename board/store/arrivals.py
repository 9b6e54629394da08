"""What every station said last.

1. A station has one row; an older status never replaces a newer one.
2. A station that stands in no list has one too, under its token's school; at most a few for each school.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Table, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from board.store.relations import expected, latest
from board.store.roll import SchoolToken
from config.status import Beside, Status, StatusError

MOST_UNEXPECTED = 5
"""Stations of a school that stand in no list."""


Stamp = tuple[float, str, int]
"""When a status came, and which it is."""


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
        # SQLite lets one write at a time, and those that wait for it by themselves may wait for ever.
        self._turn: AbstractContextManager[Any] = (
            threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )
        self._entry = _entry(sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that changes what stations have said."""
        with self._turn, self._engine.begin() as db:
            yield db

    def keep(self, status: Status, district: str, school: str, pasted_by: str = "") -> bool:
        """True where it is the newest of its station; False where a newer one is known."""
        with self.writing() as db:
            return self.enter(db, [self.row_of(status, district, school, pasted_by)])

    def row_of(self, status: Status, district: str, school: str, pasted_by: str = "") -> dict[str, Any]:
        return {
            "station": status.station,
            "district": district,
            "school": school,
            "received_at": self._clock(),
            "run": status.run,
            "seq": status.seq,
            "at": datetime.fromisoformat(status.at).timestamp(),
            "pasted_by": pasted_by,
            "body": status.to_json(),
        }

    def enter(self, db: Connection, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Each row that is newer than its station's; of a single one whether it was."""
        return bool(db.execute(self._entry, rows).rowcount)

    def last(self, district: str = "") -> Mapping[str, Arrival]:
        """Station -> what it said last; of one district, or of all under ""."""
        query = select(latest)
        if district:
            query = query.where(latest.c.district == district)
        with self._engine.connect() as db:
            return _understood(db.execute(query))

    def of(self, station: str) -> Arrival | None:
        return self.of_these([station]).get(station)

    def of_these(self, stations: Collection[str]) -> Mapping[str, Arrival]:
        with self._engine.connect() as db:
            return _understood(db.execute(select(latest).where(latest.c.station.in_(stations))))

    def stamps(self) -> Mapping[str, Stamp]:
        """Station -> what is another as soon as it says something: a look at all that reads no status."""
        query = select(latest.c.station, latest.c.received_at, latest.c.run, latest.c.seq)
        with self._engine.connect() as db:
            return {station: (at, run, seq) for station, at, run, seq in db.execute(query)}

    def forget(self, district: str) -> int:
        """Before another day: remove what the stations of a district have said; how many."""
        with self._engine.begin() as db:
            count = db.execute(select(func.count()).where(latest.c.district == district)).scalar()
            db.execute(delete(latest).where(latest.c.district == district))
        return int(count or 0)


def _understood(rows: Iterable[Any]) -> dict[str, Arrival]:
    """Without those that an older program can't read."""
    found = {}
    for row in rows:
        with suppress(StatusError):
            status = Status.of_json(row.body)
            found[row.station] = Arrival(status, row.received_at, row.district, row.school, row.pasted_by)
    return found


def _entry(insert: Callable[[Table], Any]) -> Executable:
    """One statement for the first word of a station and for the next: an older one changes nothing."""
    made = insert(latest)
    said = made.excluded
    newer = or_(
        and_(latest.c.run == said.run, latest.c.seq < said.seq),
        and_(latest.c.run != said.run, or_(said.pasted_by == "", latest.c.at < said.at)),
    )
    changed = {column.name: said[column.name] for column in latest.c if not column.primary_key}
    entry: Executable = made.on_conflict_do_update(
        index_elements=[latest.c.station], set_=changed, where=newer
    ).execution_options(preserve_rowcount=True)
    return entry


def words_beside(db: Connection, taken: Sequence[tuple[SchoolToken, Status]]) -> Iterator[tuple[Beside, ...]]:
    """For each: what its school's other stations with the same roster have said in this session."""
    names = {token.school for token, status in taken if status.roster}
    columns = latest.c.district, latest.c.school, latest.c.station, latest.c.body
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    rows = db.execute(select(*columns).where(latest.c.school.in_(names))) if names else ()
    for district, school, *rest in rows:
        said.setdefault((district, school), []).append((rest[0], rest[1]))
    for token, status in taken:
        own, found = Beside.of(status), []
        for station, body in said.get((token.district, token.school), ()) if status.roster else ():
            with suppress(StatusError):
                if station != status.station and (word := Beside.of(Status.of_json(body))).fits(own):
                    found.append(word)
        yield tuple(found)


def owner_of(db: Connection, station: str) -> str | None:
    """The school under which a station has spoken."""
    return db.execute(select(latest.c.school).where(latest.c.station == station)).scalar()


def room_for(db: Connection, district: str, school: str) -> bool:
    """Whether a school may have one more station that stands in no list."""
    listed = select(expected.c.station).where(expected.c.district == district)
    query = select(func.count()).where(latest.c.school == school, latest.c.station.not_in(listed))
    return (db.execute(query).scalar() or 0) < MOST_UNEXPECTED
