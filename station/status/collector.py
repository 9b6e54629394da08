"""Session, uploads and last self-test -> config.status.Status. Pure.

Whatever a person wrote freely (names, notes, sentences about a fault) stays here: only counts, codes and
times go out, and the numbers of pupils whose recordings have not arrived.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config import Settings
from config.base import shown
from config.roster import sung_bits
from config.status import (
    Ahead,
    Incident,
    MissingTake,
    Pupils,
    SelfTest,
    Stage,
    Status,
    TakeCounts,
    WaitReason,
)
from station.checks.check import Outcome
from station.checks.lastpass import VALID, Pass
from station.session.state import PupilState, Session, Standing, Take
from uploader.queue import ProofLevel, Row, State

STUCK = (State.BLOCKED, State.MISSING, State.UNCONFIRMED)
MAX_MISSING = 24
MAX_KINDS = 20
NOTED = "noted"
"""The one sort of incident of which only words are known."""


@dataclass(frozen=True)
class Who:
    """What is the same in every status of one start of the program."""

    settings: Settings
    session_id: str
    kit: str
    """Id and version."""
    software: str
    release: str
    run: str
    """Eight hexadecimal digits, anew with every start."""
    roster: str = ""
    """Its mark; empty where no other station is to know it."""


@dataclass(frozen=True)
class Now:
    """What changes from one status to the next."""

    at: datetime
    session: Session
    rows: Sequence[Row]
    selftest: Pass | None
    bytes_left: int = 0
    paused: bool = False
    delivered_at: datetime | None = None
    pupil_seconds: float = 0.0
    headset: bool = True
    closed: bool = False
    clock: int | None = None
    heard: int = 0
    head: str = ""
    """Last link of the journal."""


def stage_of(session: Session) -> Stage:
    if not session.totals.to_do:
        return Stage.FINISHED
    begun = session.current or any(
        pupil.standing is not Standing.WAITING or pupil.takes for pupil in session.pupils.values()
    )
    return Stage.RUNNING if begun else Stage.INSTALLED


def status_of(who: Who, now: Now, seq: int) -> Status:
    """All that is said now. Raises StatusError never: every value is made to fit its bounds."""
    rows = {row.take_id: row for row in now.rows}
    tests = list(_tests(now.session))
    open_takes = [
        (pupil, take, reason_of(rows.get(take.take_id)))
        for pupil, take in tests
        if not _delivered(rows.get(take.take_id))
    ]
    open_takes.sort(key=lambda found: found[1].started_at or "~")
    reasons = Counter(code for _, _, code in open_takes)
    return Status(
        run=who.run,
        seq=seq,
        at=_iso(now.at),
        station=Status.ident(who.settings.station.id),
        school=shown(who.settings.station.school),
        session=Status.ident(who.session_id),
        stage=Stage.CLOSED if now.closed else stage_of(now.session),
        session_stage=now.session.day.stage.value,
        seal=now.session.day.seal.code if now.session.day.seal is not None else "",
        head=now.head,
        software=who.software,
        release=who.release,
        kit=shown(who.kit),
        roster=who.roster,
        sung=sung_bits(now.session.pupils, sung_here(now.session)) if who.roster else "",
        absent=_absent(now.session) if who.roster else "",
        selftest=_selftest(now.selftest),
        pupils=_pupils(now.session),
        takes=takes_of(rows.get(take.take_id) for _, take in tests),
        ahead=_ahead(who, now, open_takes[0][1].started_at if open_takes else ""),
        why=tuple(WaitReason(code=code, count=count) for code, count in reasons.most_common(MAX_KINDS)),
        missing=tuple(_missing(*found) for found in open_takes[:MAX_MISSING]),
        incidents=_incidents(now.session),
        headset=now.headset,
        clock=now.clock,
        heard=now.heard,
    )


def sung_here(session: Session) -> frozenset[str]:
    """Who has sung everything at this station, well or not."""
    sung = (Standing.DONE, Standing.TROUBLED)
    return frozenset(pupil.student_id for pupil in session.pupils.values() if pupil.standing in sung)


def _absent(session: Session) -> str:
    absent = {pupil.student_id for pupil in session.pupils.values() if pupil.away}
    return sung_bits(session.pupils, absent) if absent else ""


def _missing(student_id: str, take: Take, code: str) -> MissingTake:
    return MissingTake(
        student=Status.ident(student_id), item=Status.ident(take.item_id), attempt=take.attempt, code=code
    )


def _tests(session: Session) -> Iterable[tuple[str, Take]]:
    """Recordings that are to be delivered, with their pupils."""
    practice = {item.id for item in session.plan.items if item.practice}
    for pupil in session.pupils.values():
        yield from (
            (pupil.student_id, take) for take in pupil.takes if take.file and take.item_id not in practice
        )


def _delivered(row: Row | None) -> bool:
    return row is not None and row.delivered


def reason_of(row: Row | None) -> str:
    """Why a recording has not arrived: the kind of its fault, or its state where nothing is wrong."""
    if row is None:
        return "unqueued"
    code = str(row.error_kind or row.state.value)
    return code if re.fullmatch(r"[a-z0-9][a-z0-9_]{0,31}", code) else "other"


def takes_of(rows: Iterable[Row | None]) -> TakeCounts:
    """Recordings counted by how far they are; the parts make the whole."""
    found = Counter(_place(row) for row in rows)
    return TakeCounts(recorded=found.total(), **found)


def _place(row: Row | None) -> str:
    if row is None:
        return "unqueued"
    if row.delivered and row.verify_level is not None:
        return {ProofLevel.L1: "l1", ProofLevel.L2: "l2", ProofLevel.L3: "l3"}[row.verify_level]
    if row.state in STUCK:
        return "stuck"
    return "sent" if row.state in (State.SENT, State.VERIFIED, State.PURGE_DUE, State.PURGED) else "waiting"


def _pupils(session: Session) -> Pupils:
    totals = session.totals
    return Pupils(
        expected=totals.expected,
        # Of these somebody here has still to decide; the district reads that they need care.
        done=totals.done + totals.troubled + totals.elsewhere,
        absent=totals.away + totals.broke_off,
        to_do=totals.to_do,
        elsewhere=totals.elsewhere,
        care=sum(_needs_care(session, pupil) for pupil in session.pupils.values()),
    )


def _needs_care(session: Session, pupil: PupilState) -> bool:
    """The last recording of an item counts; one of them is not fine."""
    practice = {item.id for item in session.plan.items if item.practice}
    last: Mapping[str, Take] = {
        take.item_id: take for take in pupil.takes if take.file and take.item_id not in practice
    }
    return any(take.ok is False for take in last.values())


def _selftest(found: Pass | None) -> SelfTest | None:
    if found is None:
        return None
    failed = [check for check, outcome in found.outcomes.items() if outcome is Outcome.FAIL]
    return SelfTest(
        at=_iso(found.at),
        outcome=str(found.outcome),
        expires=_iso(found.at + VALID),
        failed=tuple(failed[:MAX_KINDS]),
    )


def _ahead(who: Who, now: Now, oldest: str) -> Ahead:
    left = now.session.totals.to_do
    ends = who.settings.session.ends
    sung = now.at + timedelta(seconds=now.pupil_seconds * left) if left and now.pupil_seconds else None
    return Ahead(
        bytes=now.bytes_left,
        oldest=_of_text(oldest),
        delivered_at=_iso(now.delivered_at) if now.delivered_at else None,
        sung_at=_iso(sung) if sung else None,
        ends=_iso(ends.astimezone()) if ends else None,
        paused=now.paused,
    )


def _incidents(session: Session) -> tuple[Incident, ...]:
    """Counted by sort; those that were noted without one are just noted."""
    sorts = dict.fromkeys(note.category or NOTED for note in session.incidents)
    return tuple(_of_sort(sort, session) for sort in sorts)


def _of_sort(sort: str, session: Session) -> Incident:
    notes = [note for note in session.incidents if (note.category or NOTED) == sort]
    return Incident(category=sort, count=len(notes), minutes=sum(note.minutes or 0 for note in notes))


def _of_text(text: str) -> str | None:
    """A time of a take's facts; None for one that is none."""
    try:
        return _iso(datetime.fromisoformat(text).astimezone())
    except (ValueError, OSError, OverflowError):
        return None


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
