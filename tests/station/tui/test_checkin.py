"""Check-in and lock: who is here was seen with the card, and nobody reads names at a lonely screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.settings import Settings
from station.session import day
from station.session import events as ev
from station.session.day import SessionStage
from station.session.state import Session, Standing, Take
from station.words import standings
from tests.station.session.samples import NOON, PLAN, PROCTOR
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.test_stage import answer, names, opened, prepared, with_session
from tests.station.tui.walk import Walk


def checking(station: FakeStation) -> None:
    station.lives = True
    session = Session.prepared(station.view.session.plan)
    station.view = replace(station.view, session=session)
    station.show(day.SessionOpened(NOON, PROCTOR, checkin=True))


def test_after_the_opening_each_pupil_is_checked_in_and_the_next_is_offered(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await answer(walk, "Wang")
        first, second = list(station.view.session.pupils)[:2]
        await walk.see("Check-in: expected 30   present 0", " ".join(names(station)[0]), "Enter Present")
        await walk.press("enter")
        await walk.see("present 1", " ".join(names(station)[1]))
        assert station.view.session.pupils[first].checked_in
        await walk.scan(*"0130", "enter")
        await walk.see("present 2")
        assert station.view.session.pupils["0130"].checked_in
        await walk.press("f4", "1")
        await walk.see("absent 1", " ".join(names(station)[2]))
        assert station.view.session.pupils[second].standing is Standing.ABSENT
        await walk.scan(*"9999", "enter")
        await walk.see("Number 9999 is not in the roster.")
        await walk.press("escape")
        await walk.see("Next:")
        assert walk.app.current_mode == "session"

    drive(with_session(settings, checkin="on"), test, prepare=prepared)


def test_who_was_not_checked_in_is_not_called(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.lives = False
        await walk.press("enter")
        [called] = station.posted
        assert called == ev.PupilNamed(next(iter(station.view.session.pupils)))
        await walk.press("f12")
        await walk.see("Check-in: expected 30")

    drive(settings, test, prepare=checking)


def test_who_came_and_broke_off_counts_as_present_at_the_check_in() -> None:
    session = Session.prepared(PLAN)
    first = next(iter(session.pupils))
    sung = (Take("take-1", "song1", 1, "", file="take-1.wav"),)
    gone = replace(session.pupils[first], standing=Standing.UNWELL, takes=sung)
    assert standings.check_in_word(gone, "st") == "present"
    found = replace(session, pupils={**session.pupils, first: gone})
    assert "present 1   absent 0" in standings.check_in_totals(found)


def test_the_check_in_ends_with_a_name(settings: Settings) -> None:
    def prepare(station: FakeStation) -> None:
        checking(station)
        here = [ev.CheckedIn(pupil.student_id) for pupil in station.roster.pupils[1:]]
        station.show(*here, ev.MarkedAbsent(station.roster.pupils[0].student_id, "absent"))

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f12")
        await walk.see("Everyone is checked in, or away.", "Enter End check-in")
        await walk.press("enter")
        await walk.see("Enter ends the check-in.")
        await walk.press("enter")
        await walk.until(lambda: walk.app.current_mode == "session", "home")
        found = station.view.session.day
        assert found.stage is SessionStage.OPEN
        assert found.checked_in is not None
        assert found.checked_in.by == ("王老师",)

    drive(settings, test, prepare=prepare)


@pytest.mark.parametrize("minutes", [10, 0])
def test_names_are_hidden_after_minutes_without_a_key(settings: Settings, minutes: int) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see(names(station)[0])
        await walk.press("f4")
        await walk.see(names(station)[0])
        walk.app._touched_at -= 601
        walk.app._tick()
        if not minutes:
            assert not walk.app.locked
            return
        await walk.see("Names are hidden.")
        assert not [name for name in names(station) if name in walk.text()]
        await walk.press("f7", "escape")
        await walk.see("Names are hidden.")
        await walk.press("enter")
        await walk.see(names(station)[0])
        assert station.posted == []

    drive(with_session(settings, lock_minutes=minutes), test, prepare=opened)


def test_nothing_is_locked_while_a_pupil_is_here(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(ev.PupilNamed("0107"))
        await walk.see("Is this the pupil in the chair?")
        walk.app._touched_at -= 601
        walk.app._tick()
        assert not walk.app.locked

    drive(settings, test, prepare=opened)
