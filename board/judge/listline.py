"""A station as a line of the list: what is shown of it, and what it adds to the sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from board.judge.seen import BoardRow, Grade
from config.base import Message


@dataclass(frozen=True, slots=True)
class ListLine:
    grade: Grade
    station: str
    school: str
    room: str
    contact: str
    """Whom to call where the station has never spoken; else empty."""
    state: Message
    flags: tuple[Message, ...]
    """What else is not as it should be."""
    pupils: tuple[int, int] | None
    """Sung or absent, expected; None where it has never spoken."""
    takes: tuple[int, int] | None
    """Delivered, recorded."""
    heard_at: float | None
    pasted: bool
    """By hand, not by the station."""


class Sums(NamedTuple):
    """Over any number of stations."""

    stations: int = 0
    heard: int = 0
    bad: int = 0
    watch: int = 0
    expected: int = 0
    """Pupils; of a silent station as the district's list has them."""
    done: int = 0
    absent: int = 0
    recorded: int = 0
    delivered: int = 0
    at_centre: int = 0
    lost: int = 0
    """Deleted from the centre's store."""


def line_of(row: BoardRow) -> ListLine:
    seen, standing, status = row.seen, row.standing, row.seen.status
    place = seen.expected
    return ListLine(
        grade=standing.grade,
        station=seen.station,
        school=seen.school,
        room=place.room if place else "",
        contact=place.contact if place and not status else "",
        state=standing.state,
        flags=tuple(finding.short for finding in standing.findings if finding.short != standing.state),
        pupils=(status.pupils.done + status.pupils.absent, status.pupils.expected) if status else None,
        takes=(status.takes.delivered, status.takes.recorded) if status else None,
        heard_at=seen.received_at if status else None,
        pasted=bool(seen.pasted_by),
    )


def part_of(row: BoardRow) -> Sums:
    """What one station adds; who has sung at another with the same roster is counted there."""
    status, centre, grade = row.seen.status, row.seen.centre, row.standing.grade
    elsewhere = status.pupils.elsewhere if status else 0
    return Sums(
        stations=1,
        heard=status is not None,
        bad=grade is Grade.BAD,
        watch=grade is Grade.WATCH,
        expected=row.seen.pupils - elsewhere,
        done=status.pupils.done - elsewhere if status else 0,
        absent=status.pupils.absent if status else 0,
        recorded=status.takes.recorded if status else 0,
        delivered=status.takes.delivered if status else 0,
        at_centre=centre.takes if centre else 0,
        lost=centre.lost_count if centre else 0,
    )


def total(parts: Iterable[Sums]) -> Sums:
    return Sums(*map(sum, zip(*parts, strict=True)))


def sums_of(rows: Iterable[BoardRow]) -> Sums:
    return total(map(part_of, rows))
