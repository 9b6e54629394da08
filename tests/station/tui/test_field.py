"""Keys act in the order in which they come, however busy the computer is."""

from __future__ import annotations

import pytest
from textual.events import Key
from textual.widgets import Input

from config.settings import Settings
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.test_stage import prepared
from tests.station.tui.walk import Walk


@pytest.mark.sampled(6, fewest=1)
@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        ("a b backspace c left d", "adc"),
        ("a b ctrl+u c d e", "cde"),
        ("a b ctrl+w c d e", "cde"),
        ("b c home a", "abc"),
        ("b c ctrl+a a", "abc"),
        ("a b c x home ctrl+right backspace", "abc"),
    ],
)
def test_a_letter_does_not_overtake_the_key_before_it(settings: Settings, keys: str, typed: str) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        for number, key in enumerate(keys.split()):
            event = Key(key, key if len(key) == 1 else None)
            # A person's; the busy computer looks at all of them at once.
            event.time += number * 0.2
            walk.app.post_message(event)
        await walk.until(lambda: walk.app.screen.query_one(Input).value == typed, f"{typed} is typed")

    drive(settings, test, prepare=prepared)
