"""F9 writes the forms and says where; the checklist keeps who has looked; F6 asks what the form asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from config.disk import DataDir
from config.settings import Settings
from station.checks.byhand import ITEMS, ticks_of
from station.forms.titles import FORMS
from station.session import day
from station.session import events as ev
from station.session.state import Session
from station.tui.screens.checklist import ChecklistScreen
from station.tui.screens.forms import FormsScreen
from tests.station.forms.day import SAID, happened, sung
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk


def called_s(settings: Settings) -> Settings:
    """As the fake station calls its session."""
    return settings.model_copy(update={"session": settings.session.model_copy(update={"id": "s"})})


@pytest.mark.parametrize("names", [False, True])
def test_f9_writes_all_forms_and_says_where_they_are(settings: Settings, names: bool) -> None:
    settings = called_s(settings)
    happened(settings, *sung(settings))

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f9")
        await walk.until(lambda: isinstance(walk.app.screen, FormsScreen), "the forms")
        await walk.see("Record of the singing test", "Enter writes them into")
        await walk.press(*(("n",) if names else ()), "enter")
        await walk.see("Open and print them from here")
        folder = DataDir(settings.data.dir).forms / "s"
        assert {file.stem for file in folder.iterdir()} == {*FORMS, "forms"}
        page = (folder / "record.html").read_text(encoding="utf-8")
        assert (station.roster.pupils[0].name in page) == names

    drive(settings, test)


def test_a_folder_that_can_not_be_written_is_said_on_the_screen(settings: Settings) -> None:
    settings = called_s(settings)
    happened(settings, *sung(settings)[:1])
    DataDir(settings.data.dir).forms.write_text("a file", encoding="utf-8")

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f9", "enter")
        await walk.see("The forms can't be written into")

    drive(settings, test)


def test_a_tick_is_kept_with_who_looked_and_can_be_taken_away(settings: Settings) -> None:
    data = DataDir(settings.data.dir)

    def ticked() -> dict[str, str]:
        return {name: tick.by for name, tick in ticks_of(data, datetime.now().astimezone()).items()}

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f8", "c")
        await walk.until(lambda: isinstance(walk.app.screen, ChecklistScreen), "the checklist")
        await walk.press("enter", *"Li", "enter")
        await walk.see("[x]", "Li", "1/10 in order")
        await walk.press("down", "enter")
        assert ticked() == {ITEMS[0].id: "Li", ITEMS[1].id: "Li"}, "the name is asked once"
        await walk.press("n", *"Wu", "enter", "down", "enter")
        assert ticked()[ITEMS[2].id] == "Wu"
        await walk.press("up", "up", "enter")
        assert set(ticked()) == {ITEMS[1].id, ITEMS[2].id}
        await walk.press("escape")
        await walk.until(lambda: walk.app.current_mode == "selftest", "the self-test")

    drive(settings, test)


@pytest.mark.costly
def test_an_incident_has_a_sort_minutes_and_what_was_done(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f6", "4", "enter", *"drill", "enter", *"1x2", "enter", *"asked", "enter")
        await walk.until(lambda: bool(station.posted), "the note")
        [note] = station.posted
        assert isinstance(note, ev.IncidentNoted)
        assert (note.category, note.note, note.minutes, note.remedy) == ("noise", "drill", 12, "asked")
        await walk.press("f6", "2", *"dead", "escape")
        await walk.press("f6", "escape")
        assert len(station.posted) == 1, "Esc changes nothing"

    drive(settings, test)


@pytest.mark.parametrize("stage", ["prepared", "closed"])
def test_forms_are_written_before_the_opening_and_after_the_end(settings: Settings, stage: str) -> None:
    """The checklist is signed the day before, the others after the seal."""
    settings = called_s(settings)
    opened = day.SessionOpened(SAID, (day.Signer("Wang", "principal"),))
    closed = day.SessionClosed(SAID, ("Wang",))

    def prepare(station: FakeStation) -> None:
        absent = [ev.MarkedAbsent(pupil.student_id, "absent") for pupil in station.roster.pupils]
        events: tuple[ev.Event, ...] = () if stage == "prepared" else (opened, *absent, closed)
        happened(settings, *events)
        station.view = replace(station.view, session=Session.prepared(station.view.session.plan))
        station.show(*events)

    async def test(walk: Walk, station: FakeStation) -> None:
        assert walk.app.current_mode == "stage"
        assert ("F9 writes the forms" in walk.text()) == (stage == "closed")
        await walk.press("f9", "enter")
        await walk.see("Open and print them from here")
        posted = DataDir(settings.data.dir).forms / "s" / "posting.html"
        named = station.roster.pupils[0].name in posted.read_text(encoding="utf-8")
        assert named == (stage == "closed")

    drive(settings, test, prepare=prepare)
