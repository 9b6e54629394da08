"""The queue in 80 x 24: when a recording is tried again, and all about it, however much that is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from textual.containers import VerticalScroll
from textual.widgets import DataTable

from config.base.message import say
from config.settings import Settings
from tests.station.tui.fake import FakeStation, row
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk
from uploader.queue.states import State


def test_a_waiting_recording_says_when_it_is_tried_again(settings: Settings) -> None:
    due = datetime(2026, 11, 25, 16, 9, 30).astimezone()

    async def test(walk: Walk, station: FakeStation) -> None:
        error = say("The server can't be reached.")
        station.rows = [replace(row("0107", State.WAITING, None, error), due_at=due.timestamp())]
        await walk.press("f7")
        await walk.see("again 16:09:30", "The server can't be reached.")
        assert not walk.app.screen.query_one(DataTable).show_horizontal_scrollbar

    drive(settings, test)


def test_long_details_scroll_and_say_how_to_close_them(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.rows = [row("0107", State.BLOCKED, None, say("Refused. " * 20))]
        await walk.press("f7")
        await walk.see("needs help")
        await walk.press("enter")
        dialog = walk.app.screen.query_one(VerticalScroll)
        await walk.until(lambda: dialog.max_scroll_y > 0, "laid out")
        assert dialog.region.bottom <= 24
        assert str(dialog.border_subtitle) == "Enter closes this"
        await walk.press("pagedown")
        await walk.until(lambda: dialog.scroll_y > 0, "the rest")
        await walk.press("enter")
        assert not walk.app.screen.is_modal

    drive(settings, test)


def test_one_key_sends_from_here_what_is_on_a_stick_and_says_what_follows(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        carried = say("Carried away on a stick; waits for the receipt. To send it from here, let it go on.")
        paused = row("0107", State.PAUSED, None, carried)
        station.rows = [row("0108", State.WAITING)]
        await walk.press("f7")
        await walk.press("s")
        assert station.sent_carried == 0, "nothing waits for a stick"
        station.rows = [replace(paused, error_kind="carried")]
        station.show()
        await walk.see("From here")
        await walk.press("s")
        await walk.see("the centre drops the doubles")
        assert station.sent_carried == 1

    drive(settings, test)
