"""The list of a whole country: of 6,000 stations those are judged again for which something may have changed.

1. A line is kept until its station says something, its place or the centre's account is another one, or a
   time comes at which its judgement ends (`Stretch`). It is always the one that judging from nothing gives.
2. What a station said is not kept, only its line: the statuses of a country take more memory than all else.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from board.boardfile import BoardSettings
from board.judge.district import begins_at, most, said_names, seen_at
from board.judge.listline import ListLine, Sums, line_of, part_of, total
from board.judge.seen import NOTHING, BoardRow, CentreAccount, CentreHas, Day
from board.judge.standing import differs, standing_at
from board.judge.stretch import Hour
from board.store.arrivals import Arrival, Arrivals, Stamp
from board.store.roll import Place, Roll

AT_ONCE = 500
"""Statuses that are in memory at a time."""
MOST_NAMES = 50_000


@dataclass(frozen=True)
class Country:
    """All lines, troubles on top, the lists' order among equals."""

    lines: Sequence[ListLine]
    sums: Sums
    looked_at: float | None
    """When the centre's stores were looked at last; None where none is."""


@dataclass(frozen=True)
class Known:
    """What there is to judge by, without what was said."""

    places: Mapping[str, Place]
    stamps: Mapping[str, Stamp]
    has: Mapping[tuple[str, str], CentreHas] | None

    def centre(self, station: str, session: str) -> CentreHas | None:
        """None where nothing was said, or no store is looked at."""
        return self.has.get((station, session), NOTHING) if session and self.has is not None else None


@dataclass(slots=True)
class KeptLine:
    """A line, and all that it was made of."""

    stamp: Stamp | None
    place: Place | None
    session: str
    """Empty where nothing was said."""
    centre: CentreHas | None
    software: str
    kit: str
    usual: tuple[bool, bool, bool]
    hour: Hour
    rank: tuple[int, int]
    part: Sums
    line: ListLine

    def of(self, known: Known) -> bool:
        """Whether it was made of what is known now."""
        name = self.line.station
        return (
            self.stamp == known.stamps.get(name)
            and same(self.place, known.places.get(name))
            and same(self.centre, known.centre(name, self.session))
        )

    def by(self, day: Day) -> bool:
        """Whether the day has changed nothing of it."""
        return self.hour.holds(day) and self.usual == usual_for(day, self.session, self.software, self.kit)


def same(one: object, other: object) -> bool:
    """Most are the same object: to compare their fields takes longer."""
    return one is other or one == other


def usual_for(day: Day, session: str, software: str, kit: str) -> tuple[bool, bool, bool]:
    """All that a line has of what is usual that day."""
    return day.due or bool(session), differs(software, day.software), differs(kit, day.kit)


class KeptRows:
    """Thread safe."""

    def __init__(
        self, roll: Roll, arrivals: Arrivals, settings: BoardSettings, centre: CentreAccount | None
    ) -> None:
        self._roll, self._arrivals, self._settings, self._centre = roll, arrivals, settings, centre
        self._lock = threading.Lock()
        self._kept: dict[str, KeptLine] = {}
        self._usual = Day(0.0)
        self._names: dict[tuple[str, str], tuple[str, str]] = {}

    def look(self, now: float) -> Country:
        """What judged_rows() of all districts would be shown as."""
        with self._lock:
            looked_at = self._centre.last_look() if self._centre is not None else None
            places = {place.row.station: place for place in self._roll.all_places()}
            known = Known(places, self._arrivals.stamps(), self._has(looked_at))
            order = [*places, *sorted(known.stamps.keys() - places.keys())]
            kept = self._kept = {name: self._kept[name] for name in order if name in self._kept}
            # What is usual can be said when all was read: until then it is what was usual before.
            day = replace(self._usual, now=now, looked_at=looked_at, due=self._due(now))
            self._judge([name for name in order if name not in kept or not kept[name].of(known)], known, day)
            day = self._usual = replace(
                day,
                software=self._settings.software or most(kept[name].software for name in order),
                kit=most(kept[name].kit for name in order),
            )
            self._judge([name for name in order if not kept[name].by(day)], known, day)
            # Who stands in no list and said what nobody can read has no line.
            lines = [one for name in order if (one := kept[name]).place is not None or one.session]
            lines.sort(key=attrgetter("rank"))
            return Country([one.line for one in lines], total(one.part for one in lines), looked_at)

    def _due(self, now: float) -> bool:
        begins = begins_at(self._settings)
        return begins is None or now >= begins

    def _has(self, looked_at: float | None) -> Mapping[tuple[str, str], CentreHas] | None:
        if self._centre is None or looked_at is None:
            return None
        if len(self._names) > MOST_NAMES:
            self._names = {}
        return said_names(self._centre.takes(), self._names)

    def _judge(self, names: Sequence[str], known: Known, day: Day) -> None:
        for first in range(0, len(names), AT_ONCE):
            some = names[first : first + AT_ONCE]
            said = self._arrivals.of_these([name for name in some if name in known.stamps])
            for name in some:
                self._kept[name] = kept_line(name, said.get(name), known, day)


def kept_line(name: str, arrival: Arrival | None, known: Known, day: Day) -> KeptLine:
    place, status = known.places.get(name), arrival.status if arrival is not None else None
    session, software, kit = (status.session, status.software, status.kit) if status else ("", "", "")
    centre, hour = known.centre(name, session), Hour.of(day)
    seen = replace(seen_at(name, place, arrival), centre=centre)
    row = BoardRow(seen, standing_at(seen, hour))
    return KeptLine(
        stamp=known.stamps.get(name),
        place=place,
        session=session,
        centre=centre,
        software=software,
        kit=kit,
        usual=usual_for(day, session, software, kit),
        hour=hour,
        rank=row.rank,
        part=part_of(row),
        line=line_of(row),
    )
