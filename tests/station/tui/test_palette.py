"""The command palette: the keys of the screen below it, in its language."""

from __future__ import annotations

from textual.command import CommandInput, CommandPalette, SearchIcon

from config.settings import Settings
from station.session import events as ev
from station.words.i18n import set_language
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk


def test_the_palette_speaks_chinese_and_marks_the_selected_pupil(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        set_language("zh_CN")
        await walk.press("down", "ctrl+p")
        await walk.until(lambda: isinstance(walk.app.screen, CommandPalette), "the palette")
        field = walk.app.screen.query_one(CommandInput)
        assert field.placeholder == "输入命令中的几个字"
        assert not walk.app.screen.query_one(SearchIcon).display
        field.value = "缺考"
        await walk.pilot.pause(0.5)
        await walk.press("enter")
        await walk.see("0108 刘思远 为什么不唱")
        await walk.press("1")
        await walk.until(lambda: bool(station.posted), "the answer")
        assert station.posted == [ev.MarkedAbsent("0108", "absent")]

    drive(settings, test)
