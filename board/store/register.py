"""What stations say, taken in: who may write which row, what is newest, and the district's words back.

1. What came while the last was being written is written together: a hundred cost little more than one.
2. What is refused leaves no row.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from board.store.arrivals import Arrivals, owner_of, room_for, words_beside
from board.store.desk import DistrictDesk, DistrictWord
from board.store.roll import Place, SchoolToken, places_of, schools_of
from config.status import Beside, Status

MOST_A_MINUTE = 30
"""Of one station; it says something every ten seconds at most."""
MOST_KNOWN = 20_000
TAKEN, NO_STATUS, NO_TOKEN, ANOTHERS, TOO_OFTEN = 201, 400, 401, 403, 429


@dataclass
class StationPace:
    """How often each station has spoken within a minute. Bounded."""

    clock: Callable[[], float] = time.monotonic
    counts: dict[str, int] = field(default_factory=dict)
    began: float = 0.0

    def allows(self, station: str) -> bool:
        if self.clock() - self.began >= 60 or len(self.counts) > MOST_KNOWN:
            self.counts, self.began = {}, self.clock()
        self.counts[station] = self.counts.get(station, 0) + 1
        return self.counts[station] <= MOST_A_MINUTE


@dataclass(frozen=True)
class Spoken:
    """What came over one line."""

    token: str
    """The digest of the token that came with it."""
    status: Status | None
    """None where it was no status."""


@dataclass(frozen=True)
class Heard:
    """The answer."""

    code: int
    """Status of HTTP."""
    word: DistrictWord | None = None
    beside: tuple[Beside, ...] = ()
    """What other stations of the school with the same roster have said last."""


class Register:
    """One call at a time."""

    def __init__(self, arrivals: Arrivals, desk: DistrictDesk, pace: StationPace) -> None:
        self._arrivals, self._desk, self._pace = arrivals, desk, pace

    def take(self, batch: Sequence[Spoken]) -> list[Heard]:
        """An answer to each, in their order. Raises SQLAlchemyError; then none of them is kept."""
        with self._arrivals.writing() as db:
            schools = schools_of(db, {one.token for one in batch})
            places = places_of(db, {one.status.station for one in batch if one.status is not None})
            codes = [self._code(db, one, schools.get(one.token), places) for one in batch]
            taken = [
                (schools[one.token], one.status)
                for one, code in zip(batch, codes, strict=True)
                if code == TAKEN and one.status is not None
            ]
            listed = [(school, status) for school, status in taken if status.station in places]
            # By their ids: of two boards on one database none waits for the other's rows in a ring.
            self._enter(db, sorted(listed, key=lambda pair: pair[1].station))
            words = self._desk.words_for(db, [(school.district, said.station) for school, said in taken])
            beside = words_beside(db, taken)
            heard = iter([Heard(TAKEN, *told) for told in zip(words, beside, strict=True)])
        return [next(heard) if code == TAKEN else Heard(code) for code in codes]

    def _code(
        self, db: Connection, one: Spoken, school: SchoolToken | None, places: Mapping[str, Place]
    ) -> int:
        if school is None:
            return NO_TOKEN
        if one.status is None:
            return NO_STATUS
        place = places.get(one.status.station)
        if not (_listed(place, school) if place is not None else _unlisted(db, school, one.status)):
            return ANOTHERS
        if not self._pace.allows(one.status.station):
            return TOO_OFTEN
        if place is None:
            # At once: the next of its school is counted with it.
            self._enter(db, [(school, one.status)])
        return TAKEN

    def _enter(self, db: Connection, taken: Sequence[tuple[SchoolToken, Status]]) -> None:
        if taken:
            rows = [self._arrivals.row_of(said, school.district, school.school) for school, said in taken]
            self._arrivals.enter(db, rows)


def _listed(place: Place, school: SchoolToken) -> bool:
    return (place.district, place.row.school) == (school.district, school.school)


def _unlisted(db: Connection, school: SchoolToken, status: Status) -> bool:
    """Whether a station that stands in no list is this school's, by what was said before."""
    owner = owner_of(db, status.station)
    return owner == school.school if owner is not None else room_for(db, school.district, school.school)
