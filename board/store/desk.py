"""What the technician writes: notes for the district itself, and words for a station's proctor."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from board.store.relations import notes, words
from config.base import shown

MAX_NOTE, MAX_WORD = 500, 120
SHOWN_NOTES = 20
MOST_NOTES = 200
"""Of a station; the oldest give way."""
WORD_SECONDS = 3600.0
"""After an hour words are out of date and go to nobody any more."""


@dataclass(frozen=True)
class DeskNote:
    at: float
    author: str
    text: str


@dataclass(frozen=True)
class DistrictWord:
    """One line for proctors."""

    id: int
    at: float
    author: str
    text: str
    station: str
    """Empty: for every station of the district."""


class DistrictDesk:
    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock

    def note(self, station: str, author: str, text: str) -> bool:
        """False for an empty one."""
        line = shown(text, MAX_NOTE)
        if not line:
            return False
        with self._engine.begin() as db:
            db.execute(insert(notes).values(station=station, at=self._clock(), author=author, text=line))
            kept = select(notes.c.id).where(notes.c.station == station).order_by(notes.c.id.desc())
            oldest = db.execute(kept.offset(MOST_NOTES - 1).limit(1)).scalar()
            if oldest is not None:
                db.execute(delete(notes).where(notes.c.station == station, notes.c.id < oldest))
        return True

    def notes(self, station: str) -> list[DeskNote]:
        """The newest first."""
        query = select(notes).where(notes.c.station == station).order_by(notes.c.id.desc()).limit(SHOWN_NOTES)
        with self._engine.connect() as db:
            return [DeskNote(row.at, row.author, row.text) for row in db.execute(query)]

    def last_notes(self, stations: Collection[str]) -> dict[str, str]:
        """Station -> its newest note."""
        newest = select(func.max(notes.c.id)).where(notes.c.station.in_(stations)).group_by(notes.c.station)
        with self._engine.connect() as db:
            found = db.execute(select(notes.c.station, notes.c.text).where(notes.c.id.in_(newest)))
            return {row.station: row.text for row in found}

    def tell(self, district: str, station: str, author: str, text: str) -> bool:
        """Words for a station, or for all of a district under ""; they replace those before."""
        line = shown(text, MAX_WORD)
        if not line:
            return False
        self.withdraw(district, station)
        values = {
            "district": district,
            "station": station,
            "at": self._clock(),
            "author": author,
            "text": line,
        }
        with self._engine.begin() as db:
            db.execute(insert(words).values(**values))
        return True

    def withdraw(self, district: str, station: str) -> None:
        query = update(words).where(
            words.c.district == district, words.c.station == station, words.c.withdrawn_at.is_(None)
        )
        with self._engine.begin() as db:
            db.execute(query.values(withdrawn_at=self._clock()))

    def word_for(self, district: str, station: str) -> DistrictWord | None:
        """The newest words that hold for a station: its own, or those for all."""
        with self._engine.connect() as db:
            return self.words_for(db, [(district, station)])[0]

    def words_for(self, db: Connection, asked: Sequence[tuple[str, str]]) -> list[DistrictWord | None]:
        """The same for each (district, station)."""
        query = (
            select(words)
            .where(
                words.c.district.in_({district for district, _ in asked}),
                words.c.station.in_({"", *(station for _, station in asked)}),
                words.c.withdrawn_at.is_(None),
                words.c.at > self._clock() - WORD_SECONDS,
            )
            .order_by(words.c.id)
        )
        # In the order of their numbers: a newer one takes the place of an older one.
        held = {(row.district, row.station): row for row in db.execute(query)}
        found = list[DistrictWord | None]()
        for district, station in asked:
            rows = [row for row in (held.get((district, station)), held.get((district, ""))) if row]
            row = max(rows, key=lambda one: one.id, default=None)
            found.append(DistrictWord(row.id, row.at, row.author, row.text, row.station) if row else None)
        return found
