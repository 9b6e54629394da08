"""The bottom line: right in every moment, in windows of any width, and a key for the mouse, too."""

from __future__ import annotations

from time import monotonic

from textual.events import AppBlur, AppFocus

from config.settings import Settings
from station.session import events as ev
from station.tui.widgets.keyline import KeyLine
from station.words.present import cells
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import CHECKED, RECORDING, drive
from tests.station.tui.walk import Walk


def line(walk: Walk) -> KeyLine:
    return walk.app.screen.query_one(KeyLine)


def text(walk: Walk) -> str:
    return str(line(walk).render())


def test_the_keys_are_right_while_another_window_has_the_focus(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "Enter Call" in text(walk), "the keys of home")
        walk.app.post_message(AppBlur())
        await walk.pilot.pause()
        assert "Enter Call" in text(walk), "Enter calls the pupil as soon as the window is used again"
        station.show(*CHECKED)
        await walk.until(lambda: "Enter Heard" in text(walk), "the keys of the check")
        station.show(ev.CheckAccepted())
        await walk.until(lambda: "Enter Begin" in text(walk), "the keys of the song")
        walk.app.post_message(AppFocus())
        await walk.pilot.pause()
        assert "Enter Begin" in text(walk)

    drive(settings, test)


def test_enter_calls_a_pupil_though_the_field_lost_the_focus(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "Enter Call" in text(walk), "the keys of home")
        walk.app.screen.set_focus(None)
        await walk.pilot.pause()
        assert "Enter Call" in text(walk)
        await walk.press("enter")
        assert station.posted == [ev.PupilNamed("0107")]

    drive(settings, test)


def test_enter_is_there_when_the_minimum_is_over_by_itself(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        minimum = station.kit.items[0].min_seconds
        station.show(*RECORDING, recording_since_at=monotonic() - minimum + 4.0)
        await walk.until(lambda: "Enter End early" in text(walk), "the key")
        assert not line(walk).keys[0].enabled
        await walk.until(lambda: line(walk).keys[0].enabled, "that it can be pressed")

    drive(settings, test)


def test_a_line_that_says_the_same_is_not_drawn(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        station.show(*RECORDING, recording_since_at=monotonic() - 20.0)
        await walk.until(lambda: "Enter End early" in text(walk), "the key")
        await walk.pilot.pause(0.3)
        drawn: list[object] = []
        line(walk)._draw = lambda: drawn.append(None)  # type: ignore[method-assign]
        for progress in range(5):
            station.show(lost_ms=float(progress))
            await walk.pilot.pause(0.1)
        assert not drawn

    drive(settings, test)


def test_a_narrow_window_says_that_there_are_more_keys(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "..." in text(walk), "more keys")
        assert text(walk).startswith(" Enter Call ")
        assert text(walk).endswith(" ^P all ")
        assert cells(text(walk)) == 48
        await walk.pilot.resize_terminal(80, 24)
        await walk.until(lambda: "..." not in text(walk), "all keys")
        assert cells(text(walk)) == 80

    drive(settings, test, (48, 24))


def test_a_key_that_came_too_early_is_asked_for_again(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "Enter Call" in text(walk), "the keys of home")
        station.show(ev.MarkedAbsent("0136", "unwell"))
        await walk.see("absent 1")
        await walk.type("enter", after=0.0)
        await walk.until(lambda: "Enter too early, press again" in text(walk), "that it did not count")
        assert station.posted == []
        await walk.until(lambda: "Enter Call" in text(walk), "the keys as before")
        await walk.press("enter")
        assert station.posted == [ev.PupilNamed("0107")]

    drive(settings, test)


def test_a_key_that_came_too_early_for_nothing_is_not_spoken_of(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "Enter Call" in text(walk), "the keys of home")
        station.show(ev.MarkedAbsent("0136", "unwell"))
        await walk.see("absent 1")
        before = text(walk)
        await walk.type("f5", after=0.0)
        await walk.until(lambda: walk.app.settled, "acted")
        assert text(walk) == before

    drive(settings, test)


def test_a_click_on_a_key_presses_it(settings: Settings) -> None:
    async def test(walk: Walk, station: FakeStation) -> None:
        await walk.until(lambda: "F1 Help" in text(walk), "the keys")
        await walk.pilot.click(KeyLine, offset=(text(walk).index("F1") + 1, 0))
        await walk.see("The afternoon in five steps")

    drive(settings, test)
