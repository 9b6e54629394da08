"""The progress as a QR code: what a telephone reads is what the chat would get."""
# ruff: noqa: RUF001 - the signs of both scripts

from __future__ import annotations

import pytest
import segno

from config.settings import Settings
from station.tui.terminal.encoding import draws_half_blocks
from station.tui.widgets.qrcode import HALVES, QrCode, code_rows
from station.tui.widgets.wrapped import Sentences
from station.words.wrapping import CLOSES, OPENS
from tests.station.tui.fake import LINE, FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk


@pytest.fixture(autouse=True)
def utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("WT_SESSION", "1")


def modules(rows: tuple[str, ...]) -> list[list[bool]]:
    """Dark or not, row by row."""
    found: list[list[bool]] = []
    for row in rows:
        halves = [HALVES.index(char) for char in row]
        found += [[half >= 2 for half in halves], [half % 2 == 1 for half in halves]]
    return found


def wanted(text: str) -> list[list[bool]]:
    matrix = segno.make_qr(text, error="l", encoding="utf-8").matrix
    return [[bool(module) for module in row] for row in matrix]


def quiet_of(drawn: list[list[bool]], text: str) -> int:
    return (len(drawn[0]) - len(wanted(text))) // 2


def inner(drawn: list[list[bool]], text: str) -> list[list[bool]]:
    """Without the light modules around it."""
    quiet, size = quiet_of(drawn, text), len(wanted(text))
    return [row[quiet : quiet + size] for row in drawn[quiet : quiet + size]]


@pytest.mark.parametrize("text", ["S1 station=310105-017-A", "娄山小学 16:05\n应到 30 完成 9", "x" * 150])
def test_every_module_of_the_code_is_drawn_with_light_around_it(text: str) -> None:
    rows = code_rows(text, 50, 24)
    drawn, quiet = modules(rows), quiet_of(modules(rows), text)
    assert len(rows) <= 24
    assert all(len(row) <= 50 for row in rows)
    assert 1 <= quiet <= 4
    assert inner(drawn, text) == wanted(text)
    assert sum(map(sum, drawn)) == sum(map(sum, wanted(text))), "all around is light"


def test_a_text_that_has_no_room_has_no_code() -> None:
    assert code_rows("x" * 160, 50, 24) == ()
    assert code_rows("x" * 5000, 500, 500) == ()


@pytest.mark.parametrize(("size", "whole"), [((80, 24), False), ((120, 40), True)])
def test_ctrl_g_shows_text_and_code_beside_each_other(
    settings: Settings, size: tuple[int, int], whole: bool
) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.day_end.line = LINE + " x=" + "y" * 150
        await walk.press("ctrl+g")
        await walk.see("Copied: paste it into the group chat.", "Expected 30", station.day_end.line)
        assert ("without what begins" in walk.text()) is not whole
        code = walk.app.screen.query_one(QrCode)
        assert code.size.width == len(str(code.render()).split("\n")[0])
        assert code.region.right == size[0]
        await walk.press("enter")
        await walk.until(lambda: not walk.app.screen.is_modal, "home")

    drive(settings, test, size)


def test_chinese_words_beside_the_code_fill_their_lines(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.day_end.line = "示例小学 应到 30：还有 20 名学生待测（其中 2 名没有送达）。" * 3
        await walk.press("ctrl+g")
        await walk.see(station.day_end.line)
        sentences = walk.app.screen.query_one(Sentences)
        lines = [sentences.render_line(y).text.rstrip() for y in range(sentences.size.height)]
        assert "".join(station.day_end.line.split()) in "".join("".join(lines).split())
        assert not [line for line in lines if line and (line[0] in CLOSES or line[-1] in OPENS)]

    drive(settings, test)


def test_where_school_and_room_have_no_room_the_id_of_the_station_is_in_the_code(settings: Settings) -> None:
    named = settings.model_copy(
        update={"station": settings.station.model_copy(update={"school": "上海市普陀区" * 6})}
    )

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("ctrl+g")
        await walk.see("without what begins")
        drawn = modules(tuple(str(walk.app.screen.query_one(QrCode).render()).split("\n")))
        text = walk.app.clipboard.rpartition("\n")[0].replace("上海市普陀区" * 6 + " 演唱测试室1 ", "")
        assert text.startswith("demo-station-A ")
        assert inner(drawn, text) == wanted(text)

    drive(named, test)


@pytest.mark.parametrize("locale", ["zh_CN.GBK", "zh_CN.GB18030"])
def test_a_terminal_that_may_draw_two_cells_for_one_gets_the_text_alone(
    settings: Settings, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.delenv("WT_SESSION")
    assert not draws_half_blocks({"LC_ALL": locale})

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("ctrl+g")
        await walk.see("Copied: paste it into the group chat.", LINE)
        assert not walk.app.screen.query(QrCode)

    drive(settings, test)
