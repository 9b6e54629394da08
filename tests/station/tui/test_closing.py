"""Esc held down, two Enters in one burst, an answer as its time runs out: the screen below stays."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
from textual._styles_cache import StylesCache
from textual.screen import Screen

from config.settings import Settings
from station.tui.base import StationScreen
from station.tui.closing import Palette
from station.tui.dialogs import Choose, Tell, Write
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk

MADE: dict[str, Callable[[], Screen[Any]]] = {
    "choose": lambda: Choose("?", [("a", "A")]),
    "write": lambda: Write("?"),
    "tell": lambda: Tell("!"),
    "palette": Palette,
}


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize("kind", MADE)
def test_what_is_closed_twice_closes_nothing_below(settings: Settings, kind: str) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        answers: list[object] = []
        dialog = MADE[kind]()
        await walk.app.push_screen(dialog, answers.append)
        dialog.dismiss(None)
        dialog.dismiss(None)
        await walk.pilot.pause()
        dialog.dismiss(None)
        await walk.see("Expected 30")
        assert isinstance(walk.app.screen, StationScreen)
        assert answers == [None]

    drive(settings, test)


def test_a_question_whose_time_is_over_goes_with_what_lies_on_it(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        below, above = Choose("below", [("a", "A")]), Tell("above")
        await walk.app.push_screen(below)
        await walk.app.push_screen(above)
        below.dismiss(None)
        above.dismiss(None)
        await walk.see("Expected 30")
        assert isinstance(walk.app.screen, StationScreen)

    drive(settings, test)


def test_commands_asked_for_over_a_dialog_that_closes_do_not_end_the_screens(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        dialog = Write("?")
        await walk.app.push_screen(dialog)
        walk.app.action_command_palette()
        dialog.dismiss(None)
        await walk.see("Expected 30")
        await walk.press("f1")
        await walk.see("The afternoon in five steps")

    drive(settings, test)


@pytest.mark.long
def test_closed_dialogs_leave_nothing_in_memory(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        found = []
        for _ in range(12):
            dialog = Write("?")
            await walk.app.push_screen(dialog)
            await walk.pilot.pause()
            dialog.dismiss(None)
            await walk.see("Expected 30")
            gc.collect()
            found.append(sum(isinstance(thing, StylesCache) for thing in gc.get_objects()))
        assert found[-1] <= found[2]

    drive(settings, test)
