"""The progress line of another station with the same roster, pasted at home."""

from __future__ import annotations

import pytest
from textual.events import Paste
from textual.widgets import DataTable, Input, Static

from config.base.message import say
from config.settings import Settings
from station.session import events as ev
from station.tui.dialogs import Choose, PasteLine, Tell
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.test_decisions import TROUBLED
from tests.station.tui.walk import Walk

LINE = "S1 run=0a1b2c3d seq=1 station=310105-017-B check=ABCDEF"
NEWS = ev.SungElsewhere("demo-station-B", "2026-05-26T14:32:00+08:00", ("0107", "0108"), "line")


def totals(walk: Walk) -> str:
    return str(walk.app.screen.query_one("#totals", Static).render())


@pytest.mark.parametrize("key", ["", "ctrl+o"])
def test_a_pasted_line_is_shown_and_taken_over_by_a_key(settings: Settings, key: str) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.lives = True
        if key:
            await walk.press(key)
            await walk.until(lambda: isinstance(walk.app.screen, PasteLine), "the question")
        walk.app.screen.query_one(Input).post_message(Paste(LINE.replace(" ", "\n")))
        if key:
            await walk.pilot.pause()
            await walk.press("enter")
        await walk.until(lambda: isinstance(walk.app.screen, Choose), "what it says")
        assert station.posted == []
        assert "demo-station-B says at 14:32: 2 of this roster" in walk.text()
        await walk.press("1")
        await walk.until(lambda: "at another station 2" in totals(walk), "the sums")
        assert station.posted == [NEWS]
        await walk.see("done at B")
        assert walk.app.screen.query_one(Input).value == ""

    drive(settings, test)


def test_a_line_that_is_of_no_use_says_why_and_changes_nothing(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.day_end.refusal = say("another roster")
        walk.app.screen.query_one(Input).post_message(Paste(LINE))
        await walk.until(lambda: isinstance(walk.app.screen, Tell), "the reason")
        assert station.posted == []
        station.day_end.refusal = None
        await walk.press("enter")
        station.show(NEWS)
        walk.app.screen.query_one(Input).post_message(Paste(LINE))
        await walk.until(lambda: "known already" in walk.text(), "the reason")

    drive(settings, test)


def test_who_sang_there_is_called_with_a_reason_only_and_scanning_asks_for_it(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(NEWS)
        await walk.press("0", "1", "0", "7", "enter")
        await walk.until(lambda: isinstance(walk.app.screen, Choose), "the question")
        assert "Leave it so" not in walk.text()
        assert station.posted == []
        await walk.press("2")
        assert station.posted == [ev.PupilNamed("0107", "headset")]

    drive(settings, test)


def test_bad_recordings_here_can_be_left_for_the_good_ones_there(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*TROUBLED)
        await walk.scan(*"0107", "enter")
        await walk.see("not all recordings are fine")
        await walk.press("9", "escape")
        assert station.posted == [], "only where the pupil has sung there"
        station.show(NEWS)
        await walk.scan(*"0107", "enter")
        await walk.see("not all recordings are fine")
        await walk.press("9")
        await walk.until(lambda: bool(station.posted), "the answer")
        assert station.posted == [ev.TakesAccepted("0107", "elsewhere")]

    drive(settings, test)


def test_news_leaves_the_cursor_where_it_is_unless_its_pupil_has_sung_there(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("down", "down", "down")
        station.show(NEWS, last_event=NEWS)
        table = walk.app.screen.query_one(DataTable)
        await walk.until(lambda: "at another station 2" in totals(walk), "the sums")
        assert table.cursor_row == 3
        late = ev.SungElsewhere("demo-station-C", NEWS.at, ("0110",), "centre")
        station.show(late, last_event=late)
        await walk.until(lambda: table.cursor_row == 2, "the next one")

    drive(settings, test)


def test_a_pasted_number_is_still_a_number(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        field = walk.app.screen.query_one(Input)
        field.post_message(Paste("0109\nS1"))
        await walk.until(lambda: field.value == "0109", "the number")

    drive(settings, test)
