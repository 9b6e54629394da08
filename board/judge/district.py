"""All stations of a district in the order in which they need somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from board.boardfile import BoardSettings
from board.judge.seen import CentreAccount, Day, Grade, LostAtCentre, Seen, StationStanding
from board.judge.standing import standing_of
from board.store.arrivals import Arrival, Arrivals
from board.store.roll import Place, Roll
from config.status import MissingTake, Status

ORDER = ("never", "lost", "closed", "headset", "selftest", "late")
"""Troubles in the order in which a telephone call helps most; others behind them."""


@dataclass(frozen=True)
class NothingThere:
    """Of a session of which the centre has nothing."""

    takes: int = 0
    proven: int = 0
    doubles: int = 0
    lost_count: int = 0
    lost: tuple[LostAtCentre, ...] = ()


NOTHING = NothingThere()


@dataclass(frozen=True)
class BoardRow:
    seen: Seen
    standing: StationStanding

    @property
    def rank(self) -> tuple[int, int]:
        first = self.standing.codes[0] if self.standing.codes else ""
        return self.standing.grade, ORDER.index(first) if first in ORDER else len(ORDER)

    @property
    def missing(self) -> list[tuple[MissingTake | LostAtCentre, str]]:
        """Recordings that are not there and the code of why: by the station's account, then the centre's."""
        status, centre = self.seen.status, self.seen.centre
        told = [] if status is None else [(take, take.code) for take in status.missing]
        return [*told, *((take, "erased") for take in (() if centre is None else centre.lost))]


@dataclass(frozen=True)
class Sums:
    """Over all stations that have spoken."""

    stations: int = 0
    heard: int = 0
    bad: int = 0
    watch: int = 0
    expected: int = 0
    done: int = 0
    absent: int = 0
    recorded: int = 0
    delivered: int = 0
    at_centre: int = 0
    lost: int = 0
    """Deleted from the centre's store."""


def seen_of(places: Iterable[Place], arrivals: Mapping[str, Arrival]) -> list[Seen]:
    """The expected stations in their order, then those that stand in no list."""
    found = []
    left = dict(arrivals)
    for place in places:
        arrival = left.pop(place.row.station, None)
        found.append(_seen(place.row.station, place, arrival))
    return found + [_seen(station, None, arrival) for station, arrival in sorted(left.items())]


def _seen(station: str, place: Place | None, arrival: Arrival | None) -> Seen:
    district = place.district if place is not None else arrival.district if arrival is not None else ""
    school = place.row.school if place is not None else arrival.school if arrival is not None else ""
    expected = place.row if place is not None else None
    if arrival is None:
        return Seen(station, district, expected, school=school)
    return Seen(station, district, expected, arrival.status, arrival.received_at, school, arrival.pasted_by)


def day_of(seen: Sequence[Seen], now: float, begins: float | None, software: str = "") -> Day:
    """What is usual today: the version and the kit that most stations have."""
    statuses = [one.status for one in seen if one.status is not None]
    return Day(
        now=now,
        due=begins is None or now >= begins,
        software=software or _most(status.software for status in statuses),
        kit=_most(status.kit for status in statuses),
    )


def _most(values: Iterable[str]) -> str:
    found = Counter(value for value in values if value)
    return found.most_common(1)[0][0] if found else ""


def rows_of(seen: Iterable[Seen], day: Day) -> list[BoardRow]:
    """Troubles on top, the list's order among equals."""
    rows = [BoardRow(one, standing_of(one, day)) for one in seen]
    return sorted(rows, key=lambda row: row.rank)


def judged_rows(
    roll: Roll,
    arrivals: Arrivals,
    settings: BoardSettings,
    district: str,
    now: float,
    centre: CentreAccount | None = None,
) -> list[BoardRow]:
    """All stations of a district, of all of them under "", as they are now."""
    seen = seen_of(roll.places(district), arrivals.last(district))
    looked_at = centre.last_look() if centre is not None else None
    if centre is not None and looked_at is not None:
        seen = with_centre(seen, centre, everywhere=not district)
    begins = settings.begins.timestamp() if settings.begins else None
    return rows_of(seen, replace(day_of(seen, now, begins, settings.software), looked_at=looked_at))


def with_centre(seen: Sequence[Seen], centre: CentreAccount, *, everywhere: bool) -> list[Seen]:
    """Beside what each station says, what the centre has of the same session."""
    has = centre.takes(None if everywhere else [one.station for one in seen])
    # A status has the name of a session in letters that every log has; uploads have it as it is.
    found = {(Status.ident(station), Status.ident(session)): one for (station, session), one in has.items()}
    return [
        replace(one, centre=found.get((one.station, one.status.session), NOTHING))
        if one.status is not None
        else one
        for one in seen
    ]


def sums_of(rows: Iterable[BoardRow]) -> Sums:
    rows = list(rows)
    statuses = [row.seen.status for row in rows if row.seen.status is not None]
    grades = Counter(row.standing.grade for row in rows)
    return Sums(
        stations=len(rows),
        heard=len(statuses),
        bad=grades[Grade.BAD],
        watch=grades[Grade.WATCH],
        expected=sum(row.seen.pupils for row in rows),
        done=sum(status.pupils.done for status in statuses),
        absent=sum(status.pupils.absent for status in statuses),
        recorded=sum(status.takes.recorded for status in statuses),
        delivered=sum(status.takes.delivered for status in statuses),
        at_centre=sum(row.seen.centre.takes for row in rows if row.seen.centre is not None),
        lost=sum(row.seen.centre.lost_count for row in rows if row.seen.centre is not None),
    )
