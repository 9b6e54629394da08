"""The account of an afternoon: who sang, who did not and why, what arrived, what happened.

Made from what is on the disk, so that it works beside a running station and after it. Pupils are numbers
in it; a roster's names that somebody wrote into a note are replaced by their numbers, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config import Settings
from config.base import ConfigError, Message, say, shown
from config.disk import DataDir, is_file, is_folder, is_there
from config.kit import Kit
from config.roster import Pupil, Roster
from station.reports.own_incidents import OwnIncident, OwnIncidents
from station.session.events import IncidentNoted, TakeRecovered
from station.session.journal import Journal
from station.session.machine import step
from station.session.plan import Plan
from station.session.replay import replayed
from station.session.state import PupilState, Session, Take
from station.takes.identity import told_by_session
from station.takes.settle import look_through, settle
from uploader.queue import ProofLevel, Row, State

MIN_NAME = 2
"""A shorter name may be part of any word."""


@dataclass(frozen=True)
class PupilLine:
    """One pupil."""

    pupil: Pupil
    state: PupilState
    tests: tuple[Take, ...]
    """Recordings of test items, oldest first."""
    rows: Mapping[str, Row]
    """Their deliveries, by take id."""

    @property
    def delivered(self) -> int:
        return sum(row.delivered for row in self.rows.values())

    @property
    def level(self) -> ProofLevel | None:
        """The weakest proof; None where a recording has none."""
        levels = [
            self.rows[take.take_id].verify_level if take.take_id in self.rows else None for take in self.tests
        ]
        known = [level for level in levels if level is not None]
        return min(known) if known and len(known) == len(levels) else None

    @property
    def last(self) -> list[Take]:
        """The recording that counts of each test item."""
        return list({take.item_id: take for take in self.tests}.values())


@dataclass(frozen=True)
class Stray:
    """A recording that is gone, or that name, tags, facts, journal and queue give to different pupils."""

    file: str
    why: str
    """As in audio.file.Recovered; "queue" where the queue differs, "gone" where the file is not there."""


@dataclass(frozen=True)
class Account:
    settings: Settings
    kit: Kit
    session_id: str
    at: datetime
    session: Session
    lines: tuple[PupilLine, ...]
    strays: tuple[Stray, ...] = ()
    """Recordings that are not counted as anybody's."""
    own: tuple[OwnIncident, ...] = ()
    """What the station itself saw happen."""

    @property
    def notes(self) -> Sequence[IncidentNoted]:
        return self.session.incidents

    @property
    def deliveries(self) -> dict[str, int]:
        """Recordings of test items: all = delivered + sent + open."""
        rows = [line.rows.get(take.take_id) for line in self.lines for take in line.tests]
        delivered = sum(row is not None and row.delivered for row in rows)
        sent = sum(row is not None and row.state is State.SENT for row in rows)
        return {
            "total": len(rows),
            "delivered": delivered,
            "sent": sent,
            "open": len(rows) - delivered - sent,
        }

    def told(self, note: str, names: bool) -> str:
        """A note, with numbers for names unless `names` are wanted."""
        pupils = sorted((line.pupil for line in self.lines), key=lambda pupil: -len(pupil.name))
        for pupil in pupils if not names else ():
            if len(pupil.name) >= MIN_NAME:
                note = note.replace(pupil.name, pupil.student_id)
        return note

    def as_json(self, names: bool) -> dict[str, Any]:
        station, totals = self.settings.station, self.session.totals
        return {
            "station": station.id,
            "school": station.school,
            "room": station.room,
            "session": self.session_id,
            "kit": {"id": self.kit.id, "version": self.kit.version},
            "at": self.at.isoformat(timespec="seconds"),
            "totals": {
                "expected": totals.expected,
                "done": totals.done,
                "troubled": totals.troubled,
                "elsewhere": totals.elsewhere,
                "absent": totals.away,
                "broke_off": totals.broke_off,
                "to_do": totals.to_do,
            },
            "deliveries": self.deliveries,
            "put_aside": [{"file": stray.file, "why": stray.why} for stray in self.strays],
            "pupils": [self._line_json(line, names) for line in self.lines],
            "notes": [self._note_json(note, names) for note in self.notes],
            "incidents": [incident.as_json() for incident in self.own],
        }

    def _note_json(self, note: IncidentNoted, names: bool) -> dict[str, Any]:
        return {
            "at": note.at,
            "student_id": note.student_id or None,
            "category": note.category or None,
            "note": self.told(note.note, names),
            "minutes": note.minutes,
            "remedy": self.told(note.remedy, names),
        }

    def _line_json(self, line: PupilLine, names: bool) -> dict[str, Any]:
        named = {"name": line.pupil.name, "class": line.pupil.class_name} if names else {}
        return {
            "student_id": line.pupil.student_id,
            **named,
            "state": line.state.standing.value,
            "late": line.state.late,
            "note": self.told(line.state.note, names),
            "check_skipped": "; ".join(line.state.skips),
            "called_again": line.state.again,
            "accepted": line.state.accepted,
            "sung_elsewhere": list(line.state.elsewhere),
            "delivered": line.delivered,
            "verify_level": None if line.level is None else line.level.name,
            "takes": [_take_json(take, line.rows.get(take.take_id)) for take in line.tests],
        }


def _take_json(take: Take, row: Row | None) -> dict[str, Any]:
    return {
        "take_id": take.take_id,
        "item": take.item_id,
        "attempt": take.attempt,
        "retake_reason": take.reason or None,
        "seconds": round(take.seconds, 3),
        "sha256": take.sha256,
        "verdict": {
            "ok": take.ok,
            "reasons": list(take.reasons),
            "remarks": list(take.remarks),
            "numbers": dict(take.numbers),
        },
        "state": None if row is None else row.state.value,
        "verify_level": None if row is None or row.verify_level is None else row.verify_level.name,
    }


def account_of(
    settings: Settings, kit: Kit, roster: Roster, session_id: str, rows: Sequence[Row], at: datetime
) -> Account:
    """Journal, takes folder and queue together. Raises StationError."""
    data = DataDir(settings.data.dir)
    session, own_incidents, strays = _session(data, session_id, Session.prepared(Plan.of(roster, kit)))
    tests = {item.id for item in kit.items if item.kind == "test"}
    by_id = {row.take_id: row for row in rows}
    lines = []
    for pupil in roster.pupils:
        state = session.pupils[pupil.student_id]
        takes = tuple(take for take in state.takes if take.item_id in tests and take.file)
        own = {}
        for take in takes:
            row = by_id.get(take.take_id)
            if row is not None and not _same(row, session_id, pupil.student_id, take):
                strays.append(Stray(take.file, "queue"))
            elif row is not None:
                own[take.take_id] = row
            if not is_file(data.session(session_id) / take.file) and (
                row is None or row.state is not State.PURGED
            ):
                strays.append(Stray(take.file, "gone"))
        lines.append(PupilLine(pupil, state, takes, own))
    return Account(settings, kit, session_id, at, session, tuple(lines), tuple(strays), tuple(own_incidents))


def _same(row: Row, session_id: str, student_id: str, take: Take) -> bool:
    """Whether the queue names the same pupil and recording as the journal."""
    queued = row.session, row.student_id, row.item, row.attempt, row.sha256
    return queued == (session_id, student_id, take.item_id, take.attempt, take.sha256)


def _session(
    data: DataDir, session_id: str, session: Session
) -> tuple[Session, list[OwnIncident], list[Stray]]:
    own = OwnIncidents()
    known = {folder.name for folder in data.takes.glob("*") if is_folder(folder)}
    if is_there(data.database):
        journal = Journal(data, session_id, readonly=True)
        try:
            known |= journal.sessions()
            for event, at in journal.entries():
                session = replayed(session, event)
                own.note(event, at, session.current)
        finally:
            journal.close()
    if known and session_id not in known:
        # On the day after, "today" is a session that nobody held: its page would say that nobody sang.
        raise ConfigError(
            say("There is no session {id} on this computer.", id=shown(session_id)),
            say("Name one with --session: {ids}", ids=Message.listed(sorted(known))),
        )
    # What no screen has seen yet: recorded by a command, or rebuilt.
    takes, damaged = look_through(data.session(session_id), told_by_session(session))
    for event in settle(takes, session):
        if isinstance(event, TakeRecovered):
            session, _ = step(session, event)
    return session, own.found, [Stray(left.path.name, left.outcome) for left in damaged]
