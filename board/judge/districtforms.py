"""The forms of a whole district, summed over its schools; the same tables for pages and for Excel. Pure.

They have what stations and centre say: numbers and codes, no names of pupils, no words of a proctor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from board.judge.duties import duty
from board.judge.listline import sums_of
from board.judge.seen import BoardRow
from board.judge.wordings import INCIDENTS, incident_word, stage_word
from config.base import Message, say
from config.status import Incident

Cell = Message | str | int
NONE = "-"
MOST_LINES = 2000
"""Recordings that are named on one form; more than that is no list that somebody reads."""


@dataclass(frozen=True)
class DistrictTable:
    heading: tuple[Message, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Each as long as `heading`; the last is the sum where there is one."""
    title: Message | None = None


@dataclass(frozen=True)
class DistrictForm:
    id: str
    title: Message
    tables: tuple[DistrictTable, ...]
    signs: tuple[Message, ...] = ()


def incidents(rows: Sequence[BoardRow]) -> DistrictForm:
    """What the proctors noted, by sort, with the minutes that were lost."""
    sorts = [*INCIDENTS, *sorted({one.category for row in rows for one in _noted(row)} - set(INCIDENTS))]
    lines: list[tuple[Cell, ...]] = [
        (
            *_station(row),
            *(sum(one.count for one in _noted(row) if one.category == sort) for sort in sorts),
            sum(one.count for one in _noted(row)),
            sum(one.minutes for one in _noted(row)),
        )
        for row in _by_school(rows)
    ]
    heading = (*STATION, *map(incident_word, sorts), say("Together"), say("Minutes lost"))
    return DistrictForm(
        "incidents", say("Report of incidents (district)"), (DistrictTable(heading, _summed(lines)),), SIGNS
    )


def uploads(rows: Sequence[BoardRow]) -> DistrictForm:
    """Pupils and recordings of each station, and what has not arrived."""
    heading = (
        *STATION,
        say("Expected"),
        say("Sung"),
        say("Absent"),
        say("Recorded"),
        say("Delivered"),
        say("With receipt"),
        say("In the centre's store"),
        say("Not arrived"),
        say("State"),
    )
    lines: list[tuple[Cell, ...]] = [
        (*_station(row), *_counts(row), row.standing.state) for row in _by_school(rows)
    ]
    missing = [
        (*_station(row), take.student, take.item, str(take.attempt), duty(code).why, duty(code).who)
        for row in _by_school(rows)
        for take, code in row.missing
    ]
    named = DistrictTable(
        (*STATION, say("Number"), say("Item"), say("Attempt"), say("Why"), say("Who must act")),
        tuple(missing[:MOST_LINES]),
        say("What has not arrived"),
    )
    title = say("Report of uploads (district)")
    return DistrictForm("uploads", title, (DistrictTable(heading, _summed(lines)), named), SIGNS)


def handover(rows: Sequence[BoardRow]) -> DistrictForm:
    """The equipment that comes back, with the seal code to compare with the school's own sheet."""
    heading = (
        *STATION,
        say("Stage"),
        say("Recorded"),
        say("Delivered"),
        say("Seal code"),
        say("Handed over by"),
        say("Received by"),
        say("Time"),
    )
    lines: list[tuple[Cell, ...]] = []
    for row in _by_school(rows):
        status = row.seen.status
        if status is None:
            lines.append((*_station(row), row.standing.state, 0, 0, NONE, "", "", ""))
            continue
        stage = stage_word(status.session_stage) if status.session_stage else NONE
        counts = (status.takes.recorded, status.takes.delivered)
        lines.append((*_station(row), stage, *counts, status.seal or NONE, "", "", ""))
    title = say("Hand-over of the test equipment (district)")
    return DistrictForm("handover", title, (DistrictTable(heading, _summed(lines)),), SIGNS)


def summary(rows: Sequence[BoardRow]) -> DistrictForm:
    """All districts that the reader sees, a line each."""
    heading = (
        say("District"),
        say("Stations"),
        say("Stations heard"),
        say("need help"),
        say("to look at"),
        say("Expected"),
        say("Sung"),
        say("Absent"),
        say("Recorded"),
        say("Delivered"),
        say("In the centre's store"),
        say("deleted there"),
    )
    districts: dict[str, list[BoardRow]] = {}
    for row in rows:
        districts.setdefault(row.seen.district, []).append(row)
    lines: list[tuple[Cell, ...]] = []
    for district, own in sorted(districts.items()):
        sums = sums_of(own)
        lines.append(
            (district, sums.stations, sums.heard, sums.bad, sums.watch, sums.expected, sums.done, sums.absent,
             sums.recorded, sums.delivered, sums.at_centre, sums.lost)
        )  # fmt: skip
    return DistrictForm("summary", say("Summary of the districts"), (DistrictTable(heading, _summed(lines)),))


FORMS: Mapping[str, Callable[[Sequence[BoardRow]], DistrictForm]] = {
    "uploads": uploads,
    "incidents": incidents,
    "handover": handover,
    "summary": summary,
}
STATION = (say("School"), say("Station"))
SIGNS = (say("District's technician"), say("Person in charge"), say("Date"))


def _station(row: BoardRow) -> tuple[str, str]:
    return row.seen.school or NONE, row.seen.station


def _by_school(rows: Iterable[BoardRow]) -> list[BoardRow]:
    """As people look for them, not by how much they need somebody."""
    return sorted(rows, key=lambda row: (row.seen.school, row.seen.station))


def _noted(row: BoardRow) -> tuple[Incident, ...]:
    return row.seen.status.incidents if row.seen.status is not None else ()


def _counts(row: BoardRow) -> tuple[int, ...]:
    status, centre = row.seen.status, row.seen.centre
    there = centre.takes if centre is not None else 0
    if status is None:
        return row.seen.pupils, 0, 0, 0, 0, 0, there, 0
    pupils, takes = status.pupils, status.takes
    lost = centre.lost_count if centre is not None else 0
    missing = takes.recorded - takes.delivered + lost
    return (
        row.seen.pupils,
        pupils.done,
        pupils.absent,
        takes.recorded,
        takes.delivered,
        takes.l3,
        there,
        missing,
    )


def _summed(lines: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """With a last line: the sum of each column of numbers."""
    if not lines:
        return ()
    last: list[Cell] = []
    for column in zip(*lines, strict=True):
        numbers = [cell for cell in column if isinstance(cell, int)]
        last.append(sum(numbers) if len(numbers) == len(column) else "")
    last[0] = say("Sum")
    return (*lines, tuple(last))
