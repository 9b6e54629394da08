"""A rehearsal from the screens: where it is begun, and how it is ended."""

from __future__ import annotations

from config.settings import Settings
from station.run.rehearsing import Wish
from station.session import day
from tests.station.session.samples import NOON
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.test_stage import all_away, opened, prepared
from tests.station.tui.walk import Walk


def test_a_rehearsal_is_begun_from_the_page_before_the_opening_and_not_later(settings: Settings) -> None:
    async def before(walk: Walk, station: FakeStation) -> None:
        await walk.see("Ctrl+R: a rehearsal with sample pupils")
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
