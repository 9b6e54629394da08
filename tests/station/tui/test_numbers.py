"""A scanned number is a number on every screen that takes one, letters and all."""

from __future__ import annotations

from dataclasses import replace

from textual.containers import VerticalScroll

from config.roster.pupils import Pupil, Roster
from config.settings import Settings
from station.session import events as ev
from station.session.plan import Plan
from station.session.state import Session
from station.tui.numbers import Numbers
from station.tui.screens.help import HelpScreen
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk

ROSTER = Roster(tuple(Pupil(student_id=number, name="陈一诺", class_name="四(2)班", sex="男")
                for number in ("A-0107", "A-0108")))  # fmt: skip


def lettered(station: FakeStation) -> None:
    """Pupils whose numbers have letters."""
    station.roster = ROSTER
    station.view = replace(station.view, session=Session.fresh(Plan.of(ROSTER, station.kit)))


def test_the_roster_decides_how_a_number_is_written() -> None:
    numbers = Numbers(ROSTER.pupils)
    assert numbers.in_roster(" \uff41-\uff10107 ") == "A-0107"
    assert numbers.in_roster("a-9") == "a-9"
    assert [numbers.knows(typed) for typed in (" a-0107", "A-0108", "0107", "a-9", "")] == [
        True,
        True,
        *[False] * 3,
    ]
    assert [char for char in "aA-\uff107bq" if numbers.has(char)] == list("aA-\uff107")
    assert not numbers.has(None)


def test_a_scan_with_letters_never_marks_the_pupil_in_the_chair_absent(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(ev.PupilNamed("A-0107"))
        await walk.see("Is this the pupil in the chair?")
        await walk.press(*"a-0108", "enter")
        assert station.posted == [ev.PupilNamed("A-0108")]

    drive(settings, test, prepare=lettered)


def test_an_absent_pupil_who_is_called_is_named_as_such(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(ev.MarkedAbsent("0107", "unwell"), ev.PupilNamed("0107"))
        await walk.see("Marked: unwell. Enter calls the pupil all the same.")

    drive(settings, test)


def test_the_help_names_keys_as_the_footer_does(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f1")
        await walk.until(lambda: isinstance(walk.app.screen, HelpScreen), "help")
        await walk.see("Enter ", "Esc ", "F4 ", "^Q ")
        assert "ESCAPE" not in walk.text()
        scroll = walk.app.screen.query_one(VerticalScroll)
        await walk.press("end")
        await walk.until(lambda: scroll.scroll_y > 0, "the end")
        await walk.press("escape", "f1")
        await walk.until(lambda: scroll.scroll_y == 0, "the beginning")
        assert "F4 /" not in walk.text()

    drive(settings, test)
