"""A song on the pupil's screen: on a staff or in numbers, on pages that follow the time."""

from __future__ import annotations

from itertools import pairwise
from time import monotonic

import pytest

from config.kit import Item, parse_key, parse_lines
from config.settings import Settings
from station.tui.notation.score import page_at, pages_of, seconds_of
from station.tui.notation.staff import accidental_of, drawn, key_signature, step_of
from station.tui.screens.test import TestScreen
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import RECORDING, drive
from tests.station.tui.walk import Walk

LINE = "1 3 5 1' | 7_ 6_ 5. 4_ 3 | 2 0 5, - | 1 - - - ||"


def item(lines: int, **fields: object) -> Item:
    base = {"id": "song", "title": "t", "notation": f"{LINE}\n" * lines, "lyrics": "一 二 三 四\n" * lines}
    return Item.model_validate({**base, **fields})


def test_notes_stand_on_their_lines() -> None:
    key = parse_key("C")
    [signs] = parse_lines("1 2 3 5, 1'")
    assert [step_of(sign, key) for sign in signs] == [28, 29, 30, 25, 35]
    text = drawn(parse_lines("3 4 5 | 1 -")[0], ["一", "二", "三"], key, "4/4", (38, 28))
    assert len(text) == 12
    assert text[-1].split() == ["一", "二", "三"]
    heads = {row: line.count("@") + line.count("O") for row, line in enumerate(text[:-1])}
    assert {row: count for row, count in heads.items() if count} == {6: 1, 7: 1, 8: 1, 10: 1}
    assert "O" in text[10], "two beats are open"
    assert text[10].lstrip().startswith("-"), "a ledger line below the staff"
    assert sum(line.startswith("---") or set(line[:1]) == {"-"} for line in text[:9:2]) == 5, "five lines"


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        ("C", {}),
        ("G", {"F": 1}),
        ("bB", {"B": -1, "E": -1}),
        ("A", {"F": 1, "C": 1, "G": 1}),
        ("F", {"B": -1}),
    ],
)
def test_a_key_has_its_signature(key: str, signature: dict[str, int]) -> None:
    assert key_signature(parse_key(key)) == signature


@pytest.mark.parametrize(
    ("key", "sign", "shown"), [("C", "#4", "#"), ("G", "b7", "n"), ("F", "#4", "n"), ("C", "4", "")]
)
def test_accidentals_are_those_that_the_signature_does_not_have(key: str, sign: str, shown: str) -> None:
    [[note]] = parse_lines(sign)
    assert accidental_of(note, parse_key(key)) == shown


@pytest.mark.parametrize("show", ["numbered", "staff"])
def test_every_line_is_on_a_page_and_all_pages_have_the_same_height(show: str) -> None:
    pages = pages_of(item(8, show=show), 12, 78)
    assert len(pages) > 1
    assert len({page.text.count("\n") for page in pages}) == 1
    assert all(page.text.count("\n") < 12 for page in pages)
    assert [page.begins for page in pages] == sorted(page.begins for page in pages)
    assert pages[0].begins == 0
    assert max(len(line) for page in pages for line in page.text.split("\n")) <= 78


def test_a_page_turns_in_the_middle_of_the_line_that_both_pages_have() -> None:
    pages = pages_of(item(8), 12, 78)
    for before, after in pairwise(pages):
        last = [line for line in before.text.split("\n") if line.strip()][-2:]
        assert after.text.split("\n")[:2] == last
    assert pages[1].begins == pytest.approx(5.5 / 8)
    assert [page_at(pages, part) for part in (0.0, 0.68, 0.69, 2.0)] == [0, 0, 1, 1]


def test_a_staff_that_has_no_room_is_shown_in_numbers() -> None:
    assert "1 " in pages_of(item(1, show="staff"), 9, 78)[0].text.split("\n")[0]
    assert "@" in pages_of(item(1, show="staff"), 15, 78)[0].text


def test_a_notation_that_nobody_can_read_is_shown_as_it_is_written() -> None:
    page = pages_of(item(0, notation="do re ~ mi", lyrics=""), 12, 78)[0]
    assert page.text.split() == ["do", "re", "~", "mi"]


def test_the_tempo_says_how_long_a_song_is() -> None:
    assert seconds_of(item(2, tempo=120, max_seconds=600)) == pytest.approx(32 / 2)
    assert seconds_of(item(40, max_seconds=60)) == 60


def test_the_page_follows_the_song_and_nothing_else_moves(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        song = item(8, id="warmup", kind="practice", tempo=60, max_seconds=200)
        station.kit = station.kit.model_copy(update={"items": (song, *station.kit.items[1:])})
        # Nothing happens but time: the page turns by itself 88 s after the beginning.
        station.show(*RECORDING, recording_since_at=monotonic() - 86)
        await walk.until(lambda: isinstance(walk.app.screen, TestScreen), "the pupil's screen")
        await walk.see("(1/2)")
        places = {name: walk.app.screen.query_one(name).region for name in ("#item", "#sheet", "#count")}
        await walk.see("(2/2)")
        assert {name: walk.app.screen.query_one(name).region for name in places} == places

    drive(settings, test)
