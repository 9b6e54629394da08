"""A rehearsal from the screens: where it is begun, and how it is ended."""

from __future__ import annotations

from dataclasses import replace

from config.settings import Settings
from station.run.rehearsing import Wish
from station.session import day
from station.session import events as ev
from station.session.state import Session, Standing
from station.words.hints import hint
from tests.station.session.samples import NOON, PLAN
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED, drive
from tests.station.tui.test_stage import all_away, opened, prepared
from tests.station.tui.walk import Walk


def test_a_rehearsal_is_begun_from_the_page_before_the_opening_and_not_later(settings: Settings) -> None:
    async def before(walk: Walk, station: FakeStation) -> None:
        await walk.see("Ctrl+R: a rehearsal with invented pupils")
        await walk.press("ctrl+r")
        await walk.until(lambda: walk.app.wish is Wish.REHEARSAL, "the wish")
        assert walk.app.return_code == 0

    async def after(walk: Walk, station: FakeStation) -> None:
        station.show(*all_away(station), day.SessionClosed(NOON, ("Wang",)))
        await walk.see("C l o s e d")
        await walk.press("ctrl+r")
        await walk.pilot.pause()
        assert walk.app.wish is None

    drive(settings, before, prepare=prepared)
    drive(settings, after, prepare=opened)


def test_a_rehearsal_is_ended_by_its_name(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.rehearsal = True
        await walk.press("ctrl+q")
        await walk.see("End the rehearsal?")
        await walk.press("2")
        await walk.until(lambda: walk.app.return_code == 0, "the end")
        assert walk.app.wish is None

    drive(settings, test)


def test_who_rehearses_for_the_first_time_is_told_what_to_press(
    settings: Settings,
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.rehearsal = True
        walk.app.redraw()
        await walk.see("Hint: press Enter now; it calls the pupil")
        station.show(*CHECKED[:2])
        await walk.see("Hint: press nothing")
        station.show(*CHECKED[2:])
        await walk.see("Hint: ask whether the melody was heard")
        station.show(ev.CheckAccepted())
        await walk.see("Hint: let the pupil read, then press Enter")
        station.show(ev.ItemBegun())
        await walk.until(lambda: "Hint" not in walk.text(), "the pupil's screen without it")

    drive(settings, test)


def test_after_two_pupils_and_in_the_real_session_there_is_no_hint() -> None:
    session = Session.fresh(PLAN)
    assert hint(session)
    done = {name: replace(session.pupils[name], standing=Standing.DONE) for name in PLAN.pupils[:2]}
    assert hint(replace(session, pupils={**session.pupils, **done})) == ""
