"""Every screen in Chinese has no English sentence left, and follows F3 at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import DataTable

from station.session.state import Phase
from station.tui.app import StationApp
from station.words.i18n import set_language, tr
from tests.station.tui.walk import Walk, afternoon, speedy
from tests.tools.messages import read

SENTENCES = [
    str(message.id)
    for domain in ("tui", "station")
    for message in read(domain)
    if message.id and re.search("[a-z]{3}", str(message.id)) and "{" not in str(message.id)
]
WORD = "(?<![\\w-]){}(?![\\w-])"


def everything(walk: Walk) -> str:
    """What the screen shows, with headings of tables and the names of keys."""
    screen = walk.app.screen
    parts = [walk.text()]
    for table in screen.query(DataTable):
        parts += [str(column.label) for column in table.ordered_columns]
    parts += [active.binding.description for active in screen.active_bindings.values() if active.binding.show]
    return "\n".join(parts)


def english_in(text: str) -> list[str]:
    """Sentences that have a translation, but stand there in English."""
    found = [
        sentence
        for sentence in SENTENCES
        # A thousand patterns are more than are kept compiled.
        if sentence in text and re.search(WORD.format(re.escape(sentence)), text)
    ]
    return [sentence for sentence in found if tr(sentence) != sentence]


async def screens(folder: Path) -> dict[str, tuple[list[str], str]]:
    """Screen -> (English left in Chinese, its text in English)."""
    found: dict[str, tuple[list[str], str]] = {}

    async def look(name: str) -> None:
        before = walk.view.session.phase
        for language in ("zh_CN", "en"):
            set_language(language)
            walk.app.redraw()
            await walk.pilot.pause()
            if language == "zh_CN":
                left = english_in(everything(walk))
        found[name] = (left, everything(walk))
        assert walk.view.session.phase is before

    def shows(mode: str) -> Callable[[], bool]:
        return lambda: app.current_mode == mode

    with afternoon(speedy(folder)) as demo:
        app = StationApp(demo.station)
        async with app.run_test(size=(80, 24)) as pilot:
            walk = Walk(pilot, app, demo.voices)
            await walk.until(lambda: walk.view.device_ready, "the headset opens")
            await look("session")
            for key, mode in (("f7", "queue"), ("f8", "selftest"), ("f9", "forms"), ("f1", "help")):
                await walk.press(key)
                await walk.until(shows(mode), mode)
                await look(mode)
                await walk.press("escape")
                await walk.until(shows("session"))
            await walk.press("enter")
            await walk.phase(Phase.IDENTITY)
            await look("identity")
            await walk.press("enter")
            await walk.phase(Phase.CHECK_RESULT)
            await look("check")
            await walk.press("enter")
            await walk.phase(Phase.INSTRUCTION)
            await look("test")
    return found


@pytest.mark.costly
def test_no_english_is_left_on_a_chinese_screen(tmp_path: Path) -> None:
    found = asyncio.run(screens(tmp_path / "demo"))
    assert len(found) == 8
    assert {name: left for name, (left, _) in found.items() if left} == {}
    # The search finds something where there is something.
    assert all(english_in_english(text) for _, text in found.values())


def english_in_english(text: str) -> list[str]:
    set_language("zh_CN")
    try:
        return english_in(text)
    finally:
        set_language("en")
