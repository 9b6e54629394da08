"""Prepared, open, closed, sealed, cleared: what each stage allows, who signs, and what a crash leaves."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import get_args

import pytest

from station.session import day
from station.session import events as ev
from station.session.chair import RefusedError
from station.session.day import SessionStage
from station.session.machine import ACTS, allows, replay, step
from station.session.replay import replayed
from station.session.stages import PUPIL_EVENTS, STAGES, signers
from station.session.state import Phase, Session, Standing
from tests.station.session.samples import (
    BY,
    BY_TWO,
    NOON,
    PLAN,
    PROCTOR,
    PROVEN,
    TWO,
    acts,
    events_to,
    random_event,
    samples,
)

NEW = Session.prepared(PLAN)
AWAY: list[ev.Event] = [ev.MarkedAbsent(pupil, "absent") for pupil in PLAN.pupils]
SEALED = day.SessionSealed(NOON, BY, 1, "CODE", "ab" * 32, 0)
TO_STAGE: dict[SessionStage, list[ev.Event]] = {
    SessionStage.PREPARED: [],
    SessionStage.OPEN: [day.SessionOpened(NOON, PROCTOR)],
    SessionStage.CLOSED: [*AWAY, day.SessionClosed(NOON, BY)],
    SessionStage.SEALED: [SEALED],
    SessionStage.CLEARED: [day.ClearingBegun(NOON, BY, (PROVEN,)), day.SessionCleared(NOON)],
}
"""What leads from the stage before to this one, with one person and no pupil who sang."""


def way_to(stage: SessionStage) -> list[ev.Event]:
    stages = list(SessionStage)
    return [event for passed in stages[: stages.index(stage) + 1] for event in TO_STAGE[passed]]


def at(stage: SessionStage) -> Session:
    return replay(NEW, way_to(stage))


def after(session: Session, *events: ev.Event) -> Session:
    return replay(session, events)


def tries(session: Session) -> Iterable[ev.Event]:
    return [*samples(session), *acts(session)]


@pytest.mark.parametrize("stage", SessionStage)
def test_each_stage_allows_what_its_row_says_and_nothing_else(stage: SessionStage) -> None:
    session = at(stage)
    assert session.day.stage is stage
    for event in tries(session):
        if not allows(session, event):
            continue
        moved, effects = step(session, event)
        if type(event) in ACTS:
            assert moved.day.stage is STAGES[stage][type(event)].leads_to
            assert effects == ()
        else:
            assert stage not in PUPIL_EVENTS or type(event) in PUPIL_EVENTS[stage]
            assert moved.day == session.day
    assert session == at(stage), "step() must not change its argument"


def test_every_act_is_in_the_table_and_every_row_is_reached() -> None:
    assert {kind for row in STAGES.values() for kind in row} == set(get_args(day.Act)) == ACTS
    seen = set()
    begun = after(at(SessionStage.SEALED), day.ClearingBegun(NOON, BY, (PROVEN,)))
    gone = after(at(SessionStage.OPEN), *AWAY)
    for session in (*map(at, SessionStage), begun, gone):
        seen |= {(session.day.stage, type(event)) for event in acts(session) if allows(session, event)}
    assert seen == {(stage, kind) for stage, row in STAGES.items() for kind in row}


@pytest.mark.parametrize("stage", [stage for stage in SessionStage if stage is not SessionStage.OPEN])
def test_nobody_is_called_and_nothing_is_recorded_unless_it_is_open(stage: SessionStage) -> None:
    with pytest.raises(RefusedError):
        step(at(stage), ev.PupilNamed("0107"))
    # Whatever phase a damaged journal may have left: no take begins.
    for phase in Phase:
        session = replace(replay(Session.fresh(PLAN), events_to(phase)), day=at(stage).day)
        assert not allows(session, ev.TimerEnded("take-7"))


def test_replay_of_any_day_is_the_day_that_was_lived_also_after_a_crash_at_any_step() -> None:
    rng = random.Random(23)
    reached = set()
    for _ in range(150):
        session, journal = NEW, list[ev.Event]()
        for _ in range(90):
            offered = acts(session) if rng.random() < 0.25 else [random_event(session, rng)]
            event = rng.choice(offered)
            if not allows(session, event):
                continue
            session, _ = step(session, event)
            journal.append(event)
            reached.add(session.day.stage)
            again = replay(NEW, journal)
            assert again == session
            assert step(again, ev.Restarted())[0].day == session.day
    assert {SessionStage.PREPARED, SessionStage.OPEN} <= reached


def test_a_journal_from_before_there_were_stages_means_open() -> None:
    old: list[ev.Event] = [
        ev.IncidentNoted(NOON, "fire drill"),
        ev.Restarted(),
        ev.PupilNamed("0107"),
        ev.WentBack(),
    ]
    session = reduce(replayed, old, NEW)
    assert session.day == day.SessionDay()
    assert allows(session, ev.PupilNamed("0107"))
    noted = reduce(replayed, old[:2], NEW)
    assert noted.day.stage is SessionStage.PREPARED, "nobody has been called yet"


def test_before_its_time_a_session_is_opened_for_a_reason_only() -> None:
    early = day.SessionOpened(NOON, PROCTOR, opens="2026-05-26T13:00:00+08:00")
    with pytest.raises(RefusedError, match="reason"):
        step(NEW, early)
    opened = after(NEW, replace(early, reason="the bus leaves at two"))
    assert opened.day.opened == day.Signed(NOON, BY, "the bus leaves at two")
    assert allows(NEW, replace(early, at="2026-05-26T05:00:00+00:00")), "the same moment elsewhere"


@pytest.mark.parametrize(
    "persons",
    [
        pytest.param((), id="nobody"),
        pytest.param(TWO[:1], id="one alone"),
        pytest.param((TWO[0], replace(TWO[0], code="hash-2")), id="one person twice"),
        pytest.param((TWO[0], replace(TWO[1], code="")), id="one without a code"),
        pytest.param((TWO[0], replace(TWO[1], name="  ")), id="one without a name"),
        pytest.param((TWO[0], replace(TWO[1], name="李" * 41)), id="a name without end"),
        pytest.param((TWO[0], replace(TWO[1], name="李\n老师")), id="a name of two lines"),
    ],
)
def test_two_different_persons_with_codes_open_where_two_must(persons: tuple[day.Signer, ...]) -> None:
    assert allows(NEW, day.SessionOpened(NOON, TWO, "two"))
    assert not allows(NEW, day.SessionOpened(NOON, persons, "two"))


def test_only_those_who_opened_can_sign_where_two_must() -> None:
    opened = after(NEW, day.SessionOpened(NOON, TWO, "two"), *AWAY)
    assert not allows(opened, day.SessionClosed(NOON, ("赵老师",)))
    closed = after(opened, day.SessionClosed(NOON, ("李老师",)))
    assert closed.day.on_duty == "李老师"
    assert not allows(closed, SEALED), "one alone"
    assert not allows(closed, replace(SEALED, by=("王老师", "王老师")))
    sealed = after(closed, replace(SEALED, by=BY_TWO))
    assert not allows(sealed, day.SessionReopened(NOON, BY, "late"))
    assert allows(sealed, day.SessionReopened(NOON, BY_TWO, "late"))
    assert [signers(s.day, day.SessionSealed) for s in (opened, closed)] == [0, 2]


def test_it_closes_when_nobody_is_left_and_what_is_not_fine_was_read() -> None:
    opened = at(SessionStage.OPEN)
    with pytest.raises(RefusedError, match="3 pupils are still to do, 0107 first"):
        step(opened, day.SessionClosed(NOON, BY))
    pupils = {k: replace(p, standing=Standing.DONE) for k, p in opened.pupils.items()}
    pupils["0108"] = replace(pupils["0108"], standing=Standing.TROUBLED)
    done = replace(opened, pupils=pupils)
    with pytest.raises(RefusedError, match="Not all is fine"):
        step(done, day.SessionClosed(NOON, BY))
    assert after(done, day.SessionClosed(NOON, BY, ("0108",))).day.stage is SessionStage.CLOSED
    named = after(opened, ev.PupilNamed("0107"))
    with pytest.raises(RefusedError, match="in the chair"):
        step(named, day.SessionClosed(NOON, BY))


def test_a_session_that_was_opened_again_gets_another_seal_and_keeps_the_first() -> None:
    reopened = after(at(SessionStage.SEALED), day.SessionReopened(NOON, BY, "one pupil came late"))
    assert reopened.day.stage is SessionStage.OPEN
    assert reopened.day.seal is None
    closed = after(reopened, day.SessionClosed(NOON, BY))
    assert not allows(closed, SEALED), "its number was used"
    second = after(closed, replace(SEALED, number=2, code="OTHER"))
    assert [(seal.number, seal.code) for seal in second.day.seals] == [(1, "CODE"), (2, "OTHER")]
    assert second.day.seal == second.day.seals[1]
    assert [signed.reason for signed in second.day.reopenings] == ["one pupil came late"]
    assert not allows(at(SessionStage.SEALED), day.SessionReopened(NOON, BY, " "))


def test_nothing_is_removed_that_is_not_proven() -> None:
    sealed = at(SessionStage.SEALED)
    for level in ("", "L0", "L1"):
        with pytest.raises(RefusedError, match="0107_song1_1"):
            step(sealed, day.ClearingBegun(NOON, BY, (replace(PROVEN, level=level),)))
    assert not allows(sealed, day.SessionCleared(NOON)), "nobody began"
    begun = after(sealed, day.ClearingBegun(NOON, BY, (PROVEN,)))
    assert not allows(begun, day.SessionCleared(NOON, ("0107_song1_1.wav",))), "some are left"
    assert not allows(begun, day.SessionReopened(NOON, BY, "late"))
    again = after(begun, day.ClearingBegun(NOON, BY, ()))
    assert again.day.inventory == (PROVEN,), "after a crash the inventory of before stays"
    assert after(again, day.SessionCleared(NOON)).day.cleared == day.Signed(NOON, BY)


def test_with_a_check_in_nobody_is_called_whose_card_was_not_seen() -> None:
    opened = after(NEW, day.SessionOpened(NOON, PROCTOR, checkin=True))
    with pytest.raises(RefusedError, match="not checked in"):
        step(opened, ev.PupilNamed("0107"))
    here = after(opened, ev.CheckedIn("0107"))
    assert allows(here, ev.PupilNamed("0107"))
    assert not allows(here, ev.CheckedIn("0107"))
    assert not allows(here, day.CheckInEnded(NOON, BY))
    gone = after(here, ev.MarkedAbsent("0108", "absent"), ev.MarkedLate("0109"))
    assert after(gone, day.CheckInEnded(NOON, BY)).day.checked_in == day.Signed(NOON, BY)
    came = after(gone, ev.CheckedIn("0108"), ev.CheckedIn("0109"))
    assert {came.pupils[pupil].standing for pupil in PLAN.pupils} == {Standing.WAITING}
    assert not came.pupils["0109"].late
    again = after(came, ev.MarkedAbsent("0107", "unwell"), ev.AbsenceUndone("0107"))
    assert not again.pupils["0107"].checked_in, "who was away shows the card again"


def test_who_is_excused_has_a_reason() -> None:
    opened = at(SessionStage.OPEN)
    assert not allows(opened, ev.MarkedAbsent("0107", "excused"))
    excused = after(opened, ev.MarkedAbsent("0107", "excused", "no lessons this year"))
    assert (excused.totals.away, excused.totals.to_do) == (1, 2)
