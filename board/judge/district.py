"""All stations of a district in the order in which they need somebody, judged from nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from board.boardfile import BoardSettings
from board.judge.seen import NOTHING, BoardRow, CentreAccount, CentreHas, Day, Seen
from board.judge.standing import standing_of
from board.store.arrivals import Arrival, Arrivals
from board.store.roll import Place, Roll
from config.status import Status


def seen_of(places: Iterable[Place], arrivals: Mapping[str, Arrival]) -> list[Seen]:
    """The expected stations in their order, then those that stand in no list."""
    found = []
    left = dict(arrivals)
    for place in places:
        arrival = left.pop(place.row.station, None)
        found.append(seen_at(place.row.station, place, arrival))
    return found + [seen_at(station, None, arrival) for station, arrival in sorted(left.items())]


def seen_at(station: str, place: Place | None, arrival: Arrival | None) -> Seen:
    """What is known of one of them, but for the centre's account."""
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
        software=software or most(status.software for status in statuses),
        kit=most(status.kit for status in statuses),
    )


def most(values: Iterable[str]) -> str:
    """The most frequent that is not empty; of equals the first."""
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
    day = day_of(seen, now, begins_at(settings), settings.software)
    return rows_of(seen, replace(day, looked_at=looked_at))


def begins_at(settings: BoardSettings) -> float | None:
    return settings.begins.timestamp() if settings.begins else None


def with_centre(seen: Sequence[Seen], centre: CentreAccount, *, everywhere: bool) -> list[Seen]:
    """Beside what each station says, what the centre has of the same session."""
    found = said_names(centre.takes(None if everywhere else [one.station for one in seen]))
    return [
        replace(one, centre=found.get((one.station, one.status.session), NOTHING))
        if one.status is not None
        else one
        for one in seen
    ]


Names = tuple[str, str]
"""Of a station and of a session."""


def said_names(
    has: Mapping[Names, CentreHas], known: dict[Names, Names] | None = None
) -> dict[Names, CentreHas]:
    """By the names that a status has: letters that every log has. Uploads have them as they are.

    `known` is kept by who asks often.
    """
    names = {} if known is None else known
    for key in has.keys() - names.keys():
        names[key] = Status.ident(key[0]), Status.ident(key[1])
    return {names[key]: one for key, one in has.items()}
