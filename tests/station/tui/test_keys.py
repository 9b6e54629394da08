"""Keys: shown where they work, and only there; none can spoil a take."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from config.settings import Settings
from station.session import events as ev
from station.tui.dialogs import Keyless
from station.tui.widgets.keyline import KeyLine
from station.words.i18n import Language, set_language
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED, RECORDING, drive, judged
from tests.station.tui.walk import Walk


def test_letters_of_shortcuts_do_not_get_into_the_number(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("0", "1", "x", "1", "0", "8")
        assert walk.app.screen.query_one(Input).value == "01108"
        await walk.press("enter")
        assert station.posted == [ev.PupilNamed("01108")]

    drive(settings, test)


@pytest.mark.sampled(12, fewest=1)
@pytest.mark.parametrize("key", ["escape", "a", "r", "s", "k", "t", "x", "1", "f4", "f7", "f8", "tab"])
def test_no_key_spoils_a_running_take(settings: Settings, key: str) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*RECORDING, recording_since_at=0.0)
        await walk.see("RECORDING")
        await walk.press(key)
        assert station.posted == []
        assert walk.app.screen.query("#sheet"), "the song stays on the screen"

    drive(settings, test)


def test_no_key_is_shown_that_does_nothing(settings: Settings) -> None:
    """While a question is asked, and while a recording from before the restart goes on."""

    def keys(walk: Walk) -> str:
        return " ".join(key.name for key in walk.app.screen.query_one(KeyLine).keys)

    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*RECORDING)
        await walk.until(lambda: "Enter" in keys(walk), "the end of the recording")
        station.show(ev.Restarted())
        await walk.until(lambda: "Enter" not in keys(walk), "no key for it")
        await walk.press("f6")
        [cover] = walk.app.screen.query(Keyless)
        assert (cover.region.y, cover.region.height, cover.region.width) == (23, 1, 80), "over the footer"

    drive(settings, test)


FOOTERS: dict[str, tuple[ev.Event, ...]] = {
    "home": (),
    "identity": CHECKED[:1],
    "checked": CHECKED,
    "check failed": (*CHECKED[:2], ev.CheckMeasured("silence", "fail")),
    "the song before": (*judged(True), ev.TakeKept()),
    "a good take": judged(True),
    "a bad take": judged(False, "no_singing"),
}


@pytest.mark.sampled(14, fewest=1)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("state", FOOTERS)
def test_every_key_fits_into_eighty_columns(settings: Settings, state: str, language: Language) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        set_language(language)
        station.show(*FOOTERS[state])
        line = walk.app.screen.query_one(KeyLine)
        await walk.until(lambda: len(line.keys) > 3, "the keys")
        assert [key for _, key in line.shown] == list(line.keys)

    drive(settings, test)
