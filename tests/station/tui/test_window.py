"""In any window a rehearsal is marked, nothing is cut without a sign, and columns stay where they are."""

from __future__ import annotations

from unicodedata import east_asian_width

import pytest
from textual.widgets import DataTable, Static

from config.roster import Pupil, Roster
from config.settings import Settings
from station.tui.app import StationApp
from station.tui.screens.session import WIDTHS
from station.tui.widgets.words import even
from station.words.i18n import set_language
from station.words.present import cells, cut
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED, RECORDING, drive
from tests.station.tui.walk import Walk

LONG = "买买提江·阿卜杜热合曼"
ODD = ("阿里·买买提", "王①", "李“小”明", "☆星☆", "—横—", "Ян Ли")


def named(*names: str) -> Roster:
    return Roster(tuple(Pupil(f"{number:04}", name, "四(1)班", "") for number, name in enumerate(names, 107)))


def row(walk: Walk, number: int) -> list[str]:
    table = walk.app.screen.query_one(DataTable)
    return [str(cell) for cell in table.get_row_at(number)]


def with_names(*names: str) -> object:
    def prepare(station: FakeStation) -> None:
        station.roster = named(*names)
        pupils = {pupil.student_id for pupil in station.roster.pupils}
        known = station.view.session.pupils
        assert pupils <= set(known)

    return prepare


def test_a_long_name_is_cut_with_a_sign_and_stands_whole_below(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        assert row(walk, 0)[2] == "买买提江･阿…"
        assert cells(row(walk, 0)[2]) <= WIDTHS[2]
        await walk.until(
            lambda: even(LONG) in str(walk.app.screen.query_one("#next", Static).render()), "whole"
        )

    drive(settings, test, prepare=with_names(LONG, "王小明"))  # type: ignore[arg-type]


def test_no_sign_in_a_name_moves_a_column_in_any_terminal(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        for number in range(len(ODD) - 1):
            text = "".join(row(walk, number))
            assert [char for char in text if east_asian_width(char) == "A"] == []
        assert row(walk, len(ODD) - 1)[2] == "Ян Ли", "letters are not taken away"

    drive(settings, test, prepare=with_names(*ODD))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [LONG, "王小明", "Anna-Maria Smith-Jones"])
def test_cutting_never_exceeds_the_width(name: str) -> None:
    for width in range(2, 30):
        short = cut(name, width)
        assert cells(short) <= width
        assert short == name or short.endswith("…")


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_rehearsal_is_marked_on_every_screen(settings: Settings, language: str) -> None:
    word = {"en": "REHEARSAL", "zh_CN": "演练"}[language]

    def head(walk: Walk) -> str:
        return str(walk.app.screen.query_one("#head", Static).render())

    async def pupils(walk: Walk, station: FakeStation) -> None:
        set_language(language)  # type: ignore[arg-type]
        for events in (CHECKED[:1], CHECKED[1:], RECORDING[len(CHECKED) :]):
            station.show(*events)
            await walk.until(lambda: word in head(walk), "the mark")

    async def side(walk: Walk, station: FakeStation) -> None:
        set_language(language)  # type: ignore[arg-type]
        for mode in sorted(StationApp.MODES):
            if mode in ("queue", "selftest", "help"):
                walk.app.show_mode(mode)
                await walk.until(lambda mode=mode: walk.app.current_mode == mode, mode)  # type: ignore[misc]
            await walk.until(lambda: word in head(walk), "the mark")

    def rehearsing(station: FakeStation) -> None:
        station.rehearsal = True

    drive(settings, pupils, prepare=rehearsing)
    drive(settings, side, prepare=rehearsing)


def test_a_narrow_window_says_that_it_is_too_narrow(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.see("Make the window larger: 80 columns and 24 lines are needed.")
        await walk.pilot.resize_terminal(80, 24)
        await walk.until(lambda: "Make the window larger" not in walk.text(), "gone")
        station.show(*CHECKED[:1])
        await walk.pilot.resize_terminal(60, 24)
        await walk.see("Make the window larger")

    drive(settings, test, (60, 24))
