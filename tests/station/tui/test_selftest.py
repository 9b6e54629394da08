"""The self-test on its screen: its questions, and in the end the gravest finding with its advice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

import pytest
from textual.widgets import DataTable

from config.base.message import say
from config.disk.datadir import DataDir
from config.settings import Settings
from station.checks import lastpass
from station.checks.catalogue import BY_ID, CHECKS
from station.checks.check import Outcome, Result, ok
from station.checks.fingerprint import fingerprint
from station.checks.lastpass import Pass
from station.tui import asking
from station.tui.screens import selftest
from station.tui.screens.selftest import SelftestScreen
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk


@pytest.mark.costly
def test_the_gravest_finding_is_shown_with_its_advice(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        (settings.session.kit / "kit.toml").write_text("id = 3", encoding="utf-8")
        await walk.press("f8")
        screen = await opened(walk)
        screen.begin([BY_ID[name] for name in ("version", "kit", "roster", "second_volume")])
        await walk.until(lambda: screen.finished)
        await walk.see("must be text in quotation marks", "Copy the kit again")
        table = screen.query_one(DataTable)
        assert CHECKS[table.cursor_row].id == "kit"
        assert not table.show_horizontal_scrollbar

    drive(settings, test)


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("key", ["2", "escape"])
def test_somebody_is_asked_to_sing_and_may_refuse(settings: Settings, key: str) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f8")
        screen = await opened(walk)
        screen.begin([BY_ID["device"], BY_ID["voice"]])
        await walk.see("sing loudly into the microphone")
        await walk.press(key)
        await walk.see("Hold an ear cup to the microphone")
        await walk.press(key)
        await walk.until(lambda: screen.finished)
        await walk.see("Nobody sang")

    drive(settings, test)


@pytest.mark.costly
def test_the_morning_check_tells_whether_something_changed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = (BY_ID["kit"], BY_ID["device"])
    monkeypatch.setattr(lastpass, "morning_checks", lambda before, now, at: checks)
    data = DataDir(settings.data.dir)
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    passed = [Result(check, ok(say("Fine.")), 0.1, at) for check in CHECKS]
    lastpass.save(data, passed, fingerprint(settings, ("builtin", "builtin")))

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f8")
        screen = await opened(walk)
        await walk.press("m")
        await walk.until(lambda: screen.finished)
        await walk.see("Nothing has changed since the self-test of")
        lastpass.save(data, passed, fingerprint(settings, ("ALSA: other", "builtin")))
        await walk.press("m")
        await walk.see("the microphone is another one")

    drive(settings, test)


@pytest.mark.costly
@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("key", ["m", "r"])
def test_what_was_found_yesterday_is_not_made_young_by_testing_a_part_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    checks = (BY_ID["kit"], BY_ID["version"])
    data = DataDir(settings.data.dir)
    yesterday = datetime.now().astimezone().replace(microsecond=0) - timedelta(days=1)
    old = [Result(check, ok(say("Fine.")), 0.1, yesterday.isoformat()) for check in CHECKS]

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f8")
        screen = await opened(walk)
        monkeypatch.setattr(
            selftest, "run_checks", lambda *_, on_result, **__: [*map(on_result, old)] and old
        )
        screen.begin(CHECKS)
        await walk.until(lambda: screen.finished)
        monkeypatch.undo()
        monkeypatch.setattr(lastpass, "morning_checks", lambda before, now, at: checks)
        passed = Pass(yesterday, Outcome.OK, {}, tuple(each.as_json() for each in old))
        lastpass.renew(data, passed, [], fingerprint(settings, ("-", "-")))
        await walk.press(key)
        await walk.until(lambda: screen.finished)
        found = lastpass.load(data)
        assert found is not None
        assert found.at == yesterday
        assert any(result["at"] != yesterday.isoformat() for result in found.results), "the new finding"
        assert (found.fingerprint["input"] == "builtin") == (key == "m"), "one check is not all that changed"

    drive(settings, test)


@pytest.mark.costly
def test_nobody_is_there_to_answer(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.2)

    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.press("f8")
        screen = await opened(walk)
        screen.begin([BY_ID["ears"]])
        await walk.until(lambda: screen.finished)
        await walk.see("Nobody answered")
        assert walk.app.screen is screen, "the question is gone"

    drive(settings, test)


@pytest.mark.costly
@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("key", ["escape", "f7"])
def test_no_question_comes_over_another_screen(settings: Settings, key: str) -> None:
    gate = Event()

    @contextmanager
    def lent() -> Iterator[bool]:
        gate.wait(10)
        yield True

    async def test(walk: Walk, station: FakeStation) -> None:
        station.lent_headset = lent  # type: ignore[method-assign]
        await walk.press("f8")
        screen = await opened(walk)
        screen.begin([BY_ID["ears"], BY_ID["kit"]])
        await walk.press(key)
        await walk.until(lambda: walk.app.screen is not screen, "another screen")
        gate.set()
        await walk.until(lambda: not screen.busy, "the end of the run")
        assert not walk.app.screen.is_modal
        assert ("kit" in screen.tested) == (key == "f7"), "going back to the pupils ends the run"

    drive(settings, test)


async def opened(walk: Walk) -> SelftestScreen:
    await walk.until(lambda: isinstance(walk.app.screen, SelftestScreen))
    screen = walk.app.screen
    assert isinstance(screen, SelftestScreen)
    return screen
