"""A whole afternoon of 30 pupils in journal and queue, and forms as a reader of page or file sees them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import python_calamine

from config.disk import DataDir
from config.kit import load_kit
from config.roster import load_roster
from config.settings import Settings
from station.forms.basis import Basis, basis_of
from station.session import events as ev
from station.session.journal import Journal
from station.takes.naming import session_of
from tests.station.tui.fake import row
from uploader.queue import Row
from uploader.queue.states import ProofLevel, State

AT = datetime(2026, 5, 26, 16, 40, tzinfo=UTC)
SAID = "2026-05-26T14:05:00+08:00"
BAD, ABSENT, GONE, AGAIN = "0109", "0110", "0111", "0112"
"""Pupils whose recording is not fine, who did not come, who went away, who sang one song twice."""


def take(student: str, item: str, attempt: int = 1, ok: bool = True, *reasons: str) -> ev.TakeRecovered:
    name = f"{student}_{item}_{attempt}"
    return ev.TakeRecovered(student, item, attempt, name, f"{name}.wav", 46.2, "ab" * 32, ok, reasons)


def sung(settings: Settings) -> list[ev.Event]:
    found: list[ev.Event] = []
    for pupil in load_roster(settings.session.roster).pupils:
        student = pupil.student_id
        if student == ABSENT:
            found.append(ev.MarkedAbsent(student, "unwell", "fever since the morning"))
            continue
        found.append(take(student, "song1"))
        if student == GONE:
            found.append(ev.MarkedAbsent(student, "refused"))
        elif student == BAD:
            found.append(take(student, "song2", 1, False, "silent"))
        else:
            found.append(take(student, "song2"))
        if student == AGAIN:
            found.append(take(student, "song1", 2))
    return found


def happened(settings: Settings, *events: ev.Event) -> None:
    """Into the journal of today's session."""
    journal = Journal(DataDir(settings.data.dir), session_of(settings))
    for event in events:
        journal.append(event)
    journal.close()


def delivered(settings: Settings, take_id: str, state: State = State.VERIFIED) -> Row:
    student, item, attempt = take_id.split("_")
    return replace(
        row(student, state, ProofLevel.L2 if state is not State.BLOCKED else None),
        take_id=take_id,
        item=item,
        attempt=int(attempt),
        session=session_of(settings),
        sha256="ab" * 32,
    )


def basis(
    settings: Settings, rows: Sequence[Row] = (), *, names: bool = False, rehearsal: bool = False
) -> Basis:
    kit, roster = load_kit(settings.session.kit), load_roster(settings.session.roster)
    session = session_of(settings)
    return basis_of(settings, kit, roster, session, rows, AT, names=names, rehearsal=rehearsal)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        self._inside = tag in ("td", "th")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def rows_of_page(page: str) -> list[list[str]]:
    """The cells of all tables of a page."""
    reader = _Tables()
    reader.feed(page)
    return reader.rows


def sheets_of(book: bytes) -> dict[str, list[list[str]]]:
    """Sheet -> its lines without empty cells at their ends."""
    found = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {
        name: [list(map(str, line)) for line in found.get_sheet_by_name(name).to_python()]
        for name in found.sheet_names
    }
