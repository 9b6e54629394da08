"""What the station says of a session is what the session, the queue and the self-test have."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.disk import DataDir
from config.kit.kitfile import load_kit
from config.roster.rosterfile import load_roster
from config.roster.same import sung_of
from config.settings import Settings
from config.status.grammar import Stage, ident
from config.status.record import Status
from config.status.textline import as_text
from station.session.chair import RefusedError
from station.session.day import SessionClosed, SessionSealed
from station.session.events import IncidentNoted, MarkedAbsent, TakeRecovered
from station.session.journal import Journal
from station.session.machine import step
from station.session.plan import Plan
from station.session.state import Session
from station.session.view import View
from station.status.beside import from_line
from station.status.broadcast import Asked
from station.status.collector import Now, status_of
from station.status.here import now_of, own_word, who_of
from tests.station.session.samples import PLAN, random_event
from tests.station.tui.fake import row
from uploader.faults import Kind
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel, State

NOON, CODE = "2026-05-26T12:00:00+08:00", "7K3M-9QWX-ABCD-EFGH-JKMN"
NOW = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)
Told = Callable[..., Status]


@pytest.fixture
def session(settings: Settings) -> Session:
    return Session.fresh(Plan.of(load_roster(settings.session.roster), load_kit(settings.session.kit)))


def sung(session: Session, student: str, item: str = "song1", *, ok: bool = True) -> Session:
    take_id = f"take-{student}" if item == "song1" else f"take-{student}-{item}"
    take = TakeRecovered(
        student_id=student, item_id=item, attempt=1, take_id=take_id, file="x.wav",
        seconds=20.0, sha256="ab" * 32, ok=ok,
    )  # fmt: skip
    return step(session, take)[0]


def told(settings: Settings, session: Session, rows: list[Row], **more: Any) -> Status:
    who = who_of(settings, "s-1", load_kit(settings.session.kit), load_roster(settings.session.roster))
    return status_of(who, Now(at=NOW, session=session, rows=rows, selftest=None, **more), 1)


PLACES = [
    (None, "unqueued", "unqueued"),
    (row("0107", State.VERIFIED, ProofLevel.L1), "l1", ""),
    (row("0107", State.VERIFIED, ProofLevel.L2), "l2", ""),
    (row("0107", State.PURGED, ProofLevel.L3), "l3", ""),
    (row("0107", State.SENT, ProofLevel.L0), "sent", "sent"),
    (row("0107", State.UPLOADING), "waiting", "uploading"),
    (row("0107", State.PAUSED), "waiting", "paused"),
    (replace(row("0107", State.WAITING), error_kind=Kind.TLS), "waiting", "tls"),
    (replace(row("0107", State.BLOCKED), error_kind=Kind.AUTH), "stuck", "auth"),
    (row("0107", State.MISSING), "stuck", "missing"),
    (row("0107", State.UNCONFIRMED), "stuck", "unconfirmed"),
    (replace(row("0107", State.WAITING), error_kind="Ärger mit Anna"), "waiting", "other"),
]


@pytest.mark.parametrize(("found", "place", "code"), PLACES)
def test_every_recording_is_counted_once_with_its_reason(
    settings: Settings, session: Session, found: Row | None, place: str, code: str
) -> None:
    status = told(settings, sung(session, "0107"), [found] if found else [])
    assert status.takes.recorded == 1
    assert getattr(status.takes, place) == 1
    assert [(take.student, take.item, take.code) for take in status.missing] == (
        [("0107", "song1", code)] if code else []
    )
    assert [(reason.code, reason.count) for reason in status.why] == ([(code, 1)] if code else [])


def test_pupils_balance_and_a_bad_recording_needs_care(settings: Settings, session: Session) -> None:
    session = step(session, MarkedAbsent("0108", "unwell", "王小明发烧"))[0]
    session = sung(session, "0107", ok=False)
    pupils = told(settings, session, []).pupils
    assert (pupils.absent, pupils.care) == (1, 1)
    assert pupils.expected == pupils.done + pupils.absent + pupils.to_do == len(session.pupils)


def test_whatever_happens_to_the_pupils_the_district_is_told(settings: Settings) -> None:
    """Troubled ones and those who broke off, too: a session that can't be told looks like a dead station."""
    rng = random.Random(5)
    seen = Counter[str]()
    troubled = sung(sung(Session.fresh(PLAN), "0109", ok=False), "0109", "song2", ok=False)
    for number in range(40):
        session = troubled if number % 2 else Session.fresh(PLAN)
        for _ in range(40):
            with suppress(RefusedError):
                session, _ = step(session, random_event(session, rng))
        totals, pupils = session.totals, told(settings, session, []).pupils
        assert pupils.done == totals.done + totals.troubled + totals.elsewhere
        assert pupils.elsewhere == totals.elsewhere
        assert pupils.absent == totals.away + totals.broke_off
        seen.update(troubled=totals.troubled, broke_off=totals.broke_off, elsewhere=totals.elsewhere)
    assert min(seen.values()) > 0


def test_no_name_and_no_written_word_leaves_the_computer(settings: Settings, session: Session) -> None:
    roster = load_roster(settings.session.roster)
    for pupil in roster.pupils[:5]:
        session = step(session, IncidentNoted("14:00", f"{pupil.name} 哭了", pupil.student_id))[0]
    session = step(session, MarkedAbsent(roster.pupils[1].student_id, "absent", roster.pupils[1].name))[0]
    status = told(settings, sung(session, roster.pupils[0].student_id), [])
    assert status.incidents[0].count == 5
    text = status.to_json()
    assert not [pupil.name for pupil in roster.pupils if pupil.name in text]
    assert "哭" not in text


def test_stages_follow_the_session(settings: Settings, session: Session) -> None:
    assert told(settings, session, []).stage is Stage.INSTALLED
    assert told(settings, sung(session, "0107"), []).stage is Stage.RUNNING
    for student in session.pupils:
        session = step(session, MarkedAbsent(student, "absent"))[0]
    assert told(settings, session, []).stage is Stage.FINISHED
    assert told(settings, session, [], closed=True).stage is Stage.CLOSED


def test_the_stage_and_the_seal_are_said_and_the_head_of_the_journal(
    settings: Settings, session: Session
) -> None:
    assert told(settings, session, []).session_stage == "open"
    for student in session.pupils:
        session = step(session, MarkedAbsent(student, "absent"))[0]
    session = step(session, SessionClosed(NOON, ("李老师",)))[0]
    assert (told(settings, session, []).session_stage, told(settings, session, []).seal) == ("closed", "")
    session = step(session, SessionSealed(NOON, ("李老师",), 1, CODE, "ab" * 32, 0))[0]
    data = DataDir(settings.data.dir)
    with closing(Journal(data, "s-1")) as journal:
        assert journal.head() == ""
        journal.append(SessionClosed(NOON, ("李老师",)))
        head = journal.chain()[-1].link
    now = now_of(View(session), [], None, data, Asked(1, False, None, 0), "s-1")
    status = status_of(who_of(settings, "s-1", load_kit(settings.session.kit)), now, 1)
    assert (status.session_stage, status.seal, status.head) == ("sealed", CODE, head)
    assert "李" not in status.to_json()


@pytest.mark.parametrize("text", ["", "名册-1126", "-", "a" * 200, "a b/c", "\x00"])
def test_any_name_of_a_session_becomes_one_that_can_be_sent(
    settings: Settings, session: Session, text: str
) -> None:
    who = replace(who_of(settings, text, load_kit(settings.session.kit)))
    status = status_of(who, Now(at=NOW, session=session, rows=[], selftest=None), 1)
    assert status.session == ident(text)


def test_more_missing_recordings_than_have_room_are_still_counted(
    settings: Settings, session: Session
) -> None:
    for student in session.pupils:
        session = sung(session, student)
    status = told(settings, session, [])
    assert status.takes.unqueued == len(session.pupils)
    assert len(status.missing) == min(24, len(session.pupils))


def test_the_release_folder_is_not_needed(settings: Settings, tmp_path: Path) -> None:
    assert who_of(settings, "s", load_kit(settings.session.kit)).release == ""


def test_what_one_station_tells_of_its_pupils_is_what_another_with_the_roster_hears(
    settings: Settings, session: Session
) -> None:
    roster = load_roster(settings.session.roster)
    who = who_of(settings, "s-1", load_kit(settings.session.kit), roster)
    sung_both = sung(sung(session, "0107"), "0107", "song2")
    sung_both, _ = step(sung_both, MarkedAbsent("0110", "unwell"))
    found = status_of(who, Now(at=NOW, session=sung_both, rows=[], selftest=None), 1)
    assert sung_of(found.sung, session.pupils) == ("0107",)
    own = own_word(replace(who, settings=named(settings, "310105-017-B")), NOW)
    heard, _ = step(session, from_line(as_text(found), own, session))
    again = status_of(who, Now(at=NOW, session=heard, rows=[], selftest=None), 2)
    assert (again.pupils.done, again.pupils.elsewhere) == (1, 1)
    assert heard.pupils["0110"].absent_at == (found.station,)
    assert (again.pupils.absent, again.pupils.to_do) == (0, found.pupils.to_do + 1), "it is a hint"
    assert sung_of(again.sung, session.pupils) == ()
    assert again.absent == "", "only what was marked here goes out"


def named(settings: Settings, station: str) -> Settings:
    return settings.model_copy(update={"station": settings.station.model_copy(update={"id": station})})
