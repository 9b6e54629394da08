"""Keys act in the order in which they come, however busy the computer is."""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Input

from config.settings import Settings
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.test_stage import prepared
from tests.station.tui.walk import Walk


def test_a_letter_does_not_overtake_the_backspace_before_it(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        for key in ("a", "b", "backspace", "c", "left", "d"):
            walk.app.post_message(Key(key, key if len(key) == 1 else None))
        await walk.until(lambda: len(walk.app.screen.query_one(Input).value) >= 3, "typed")
        assert walk.app.screen.query_one(Input).value == "adc"

    drive(settings, test, prepare=prepared)
