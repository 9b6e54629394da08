"""A scan while something is asked answers nothing and is written nowhere; a person's digit answers."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest
from textual.widgets import Input

from config.settings import Settings
from station.session import events as ev
from station.tui.app import StationApp
from station.tui.dialogs import Choose, Happened
from station.tui.scanner import SETTLE_SECONDS
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED, drive
from tests.station.tui.walk import Walk

SCAN = (*"1107", "enter")


def test_a_scan_answers_no_question(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*CHECKED[:1])
        await walk.press("f4")
        await walk.see("does 0107")
        for keys in (SCAN, ("1", "enter"), ("x", "2", "enter")):
            await walk.scan(*keys)
            assert isinstance(walk.app.screen, Choose)
            assert station.posted == []
        begin = monotonic()
        await walk.press("1")
        await walk.until(lambda: bool(station.posted), "the answer")
        assert station.posted == [ev.MarkedAbsent("0107", "absent")]
        assert monotonic() - begin < 1.0

    drive(settings, test)


def test_a_digit_and_enter_of_a_person_are_one_answer(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*CHECKED[:1])
        await walk.press("f4")
        await walk.see("does 0107")
        await walk.type("2", after=1.5)
        await walk.type("enter", after=0.07)
        await walk.until(lambda: bool(station.posted), "the answer")
        assert station.posted == [ev.MarkedAbsent("0107", "unwell")]

    drive(settings, test)


def test_a_key_that_waits_as_the_screens_close_breaks_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    close, release = StationApp._close_all, StationApp._release
    apps, late = list[StationApp](), list[bool]()

    async def close_slowly(app: StationApp) -> None:
        await close(app)
        apps.append(app)
        # The key's time is over before the last messages are worked off.
        await asyncio.sleep(4 * SETTLE_SECONDS)

    async def released(app: StationApp) -> None:
        late.append(bool(apps))
        await release(app)

    monkeypatch.setattr(StationApp, "_close_all", close_slowly)
    monkeypatch.setattr(StationApp, "_release", released)

    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*CHECKED[:1])
        await walk.press("f4")
        await walk.see("does 0107")
        late.clear()
        await walk.type("2", after=1.5)

    drive(settings, test)
    assert late == [True], "the key has waited for longer than the screens"
    assert apps[0].fault is None


def test_a_scan_is_no_note(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f6", "4", *"noise")
        await walk.pilot.pause(0.1)
        await walk.scan(*SCAN)
        assert isinstance(walk.app.screen, Happened)
        assert walk.app.screen.query(Input).first().value == "noise"
        await walk.press("enter", "enter", "enter")
        await walk.until(lambda: bool(station.posted), "the note")
        [note] = station.posted
        assert isinstance(note, ev.IncidentNoted)
        assert note.note == "noise"

    drive(settings, test)
