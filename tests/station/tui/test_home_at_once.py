"""All that home shows, and whose line the cursor is on, without waiting for anything."""

from __future__ import annotations

from time import monotonic

import pytest
from textual.events import Paste
from textual.widgets import DataTable, Input

from config.settings import Settings
from station.session import events as ev
from station.session.view import DeliverySummary
from station.tui.screens.session import SessionScreen
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.test_beside import LINE, NEWS
from tests.station.tui.test_home import keys, line
from tests.station.tui.walk import Walk


def at_home(walk: Walk) -> tuple[SessionScreen, DataTable[object], Input]:
    screen = walk.app.screen
    assert isinstance(screen, SessionScreen)
    return screen, screen.query_one(DataTable), screen.query_one(Input)


def test_home_names_its_columns_the_next_pupil_and_what_the_field_takes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        screen, table, field = at_home(walk)
        await walk.until(lambda: screen.drawable and table.row_count > 0, "the pupils")
        names = [column.label.plain for column in table.columns.values()]
        assert names == ["", "Number", "Name", "Class", "State", "Takes", "Uploads"]
        assert field.placeholder == "Scan or type a number; Enter alone calls the selected pupil"
        assert "Next: 0107" in line(walk)
        table.move_cursor(row=3)
        await walk.pilot.pause()
        assert "Selected: 0110" in line(walk)
        assert "F4" in keys(walk), "the key for absent is about somebody"
        monkeypatch.setattr("station.words.present.lateness", lambda *_: "   Late now")
        monkeypatch.setattr("station.words.present.expected_end", lambda *_: "the end at 16:44")
        screen.tick(station.view, monotonic())
        assert "Late now" in walk.text()
        assert "the end at 16:44" in walk.text()

    drive(settings, test)


def test_the_cursor_follows_what_the_proctor_does_and_nothing_else(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        _, table, field = at_home(walk)
        await walk.until(lambda: table.row_count > 0, "the pupils")
        absent = ev.MarkedAbsent("0107", "absent")
        rows: list[int] = []

        async def after(*events: ev.Event, **more: object) -> None:
            station.show(*events, **more)
            await walk.pilot.pause()
            rows.append(table.cursor_row)

        await after(absent, last_event=absent)
        table.move_cursor(row=6)
        await after(delivery=DeliverySummary(1, 0, 0, 1))
        await after(NEWS, last_event=NEWS)
        again = ev.MarkedAbsent("0109", "absent")
        field.value = "01"
        await after(again, last_event=again)
        field.value = ""
        third = ev.MarkedAbsent("0110", "absent")
        await after(third, last_event=third)
        assert rows == [1, 6, 6, 6, 4], "uploads, news, and an event while a number is typed"

    drive(settings, test)


def test_a_pasted_line_does_not_stand_in_the_field_too(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        _, _, field = at_home(walk)
        station.day_end.refusal = None
        field.post_message(Paste(LINE))
        await walk.until(lambda: walk.app.screen.is_modal, "what it says")
        assert field.value == ""

    drive(settings, test)
