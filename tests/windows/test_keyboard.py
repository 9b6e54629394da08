"""Keys, scanners and window sizes as a console of Windows hands them over, on the real screens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from config.settings import Settings
from station.session import events as ev
from station.tui.dialogs import Choose, Happened
from station.tui.terminal.windows_input import lasting
from tests.station.conftest import home, settings
from tests.station.tui.fake import FakeStation
from tests.station.tui.states import drive
from tests.station.tui.walk import Walk
from tests.windows.console import SHIFT_PRESSED, VK_SHIFT, Console, scripted, textual_win32

__all__ = ["home", "settings"]
F1, F4, F6, F7 = "\x1bOP", "\x1bOS", "\x1b[17~", "\x1b[18~"
CTRL_Q = "\x11"
HIGH, LOW = "\ud842", "\udfb7"
"""The halves of 𠮷."""
Test = Callable[[Console, Walk, FakeStation], Awaitable[None]]


SEEN_SECONDS = 0.6
"""A person has seen the screen by then."""


def on_console(settings: Settings, test: Test) -> None:
    """Run `test` with the real reading thread between the console and the screens."""

    async def connected(walk: Walk, station: FakeStation) -> None:
        driver = walk.app._driver
        assert driver is not None
        leave = threading.Event()
        with scripted() as console:
            monitor = lasting(textual_win32())(
                asyncio.get_running_loop(), walk.app, leave, driver.process_message
            )
            monitor.start()
            try:
                await test(console, walk, station)
            finally:
                leave.set()
                monitor.join()

    drive(settings, connected)


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize(
    ("key", "words"), [(F1, "The afternoon in five steps"), (F4, "does 0107"), (F7, "Retry")]
)
def test_function_keys_arrive(settings: Settings, key: str, words: str) -> None:
    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        if key == F4:
            station.show(ev.PupilNamed("0107"))
            await walk.pilot.pause(SEEN_SECONDS)
        console.type(key)
        await walk.see(words)

    on_console(settings, test)


def test_ctrl_q_asks_whether_to_leave(settings: Settings) -> None:
    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        console.type(CTRL_Q, control=0x0008, virtual_key=ord("Q"))
        await walk.until(lambda: isinstance(walk.app.screen, Choose), "the question")

    on_console(settings, test)


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize("pieces", [["0108\r"], ["0", "1", "0", "8", "\r"], ["01", "08\r"]])
def test_a_scanned_number_calls_its_pupil_however_it_is_cut(settings: Settings, pieces: list[str]) -> None:
    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        for piece in pieces:
            console.type(piece)
        await walk.until(lambda: bool(station.posted), "a pupil")
        assert station.posted == [ev.PupilNamed("0108")]

    on_console(settings, test)


def test_another_size_of_the_window_is_drawn(settings: Settings) -> None:
    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        console.resize(100, 30)
        await walk.until(lambda: walk.app.screen.size == (100, 30), "the new size")
        console.resize(80, 24)
        await walk.until(lambda: walk.app.screen.size == (80, 24), "the old size")

    on_console(settings, test)


def test_shift_alone_mouse_and_focus_do_nothing(settings: Settings) -> None:
    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        before = walk.text()
        console.type("\0", control=SHIFT_PRESSED, virtual_key=VK_SHIFT)
        console.other()
        console.read.acquire()
        console.read.acquire()
        await walk.pilot.pause(0.2)
        assert (walk.text(), station.posted) == (before, [])

    on_console(settings, test)


def test_rare_characters_and_emoji_are_typed_into_a_note(settings: Settings) -> None:
    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        console.type(F6)
        await walk.until(lambda: isinstance(walk.app.screen, Choose), "what sort of thing")
        await walk.pilot.pause(SEEN_SECONDS)
        console.type("1")
        await walk.until(lambda: isinstance(walk.app.screen, Happened), "the note")
        console.type("陈𠮷😀")
        field = walk.app.screen.query_one(Input)
        await walk.until(lambda: field.value == "陈𠮷😀", "the characters")

    on_console(settings, test)


@pytest.mark.sampled(7, fewest=1)
@pytest.mark.parametrize(
    "rubbish",
    [HIGH, LOW, "\x1b[", "\x00\xff\x9b", "\x1b[99999999999;1;1u", "\x1b[1;1;99999999u", "\x1b[48;0;0;0;0t"],
)
def test_half_a_character_and_rubbish_do_not_end_the_keyboard(settings: Settings, rubbish: str) -> None:
    """Windows hands over UTF-16 in pieces: a pair may be cut, or come alone."""

    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        console.type(rubbish)
        console.read.acquire()
        await walk.pilot.pause(SEEN_SECONDS)
        console.type(F1)
        await walk.see("The afternoon in five steps")

    on_console(settings, test)


def test_a_pair_that_is_cut_between_two_readings_is_one_character(settings: Settings) -> None:
    async def test(console: Console, walk: Walk, station: FakeStation) -> None:
        console.type(F6)
        await walk.until(lambda: isinstance(walk.app.screen, Choose), "what sort of thing")
        await walk.pilot.pause(SEEN_SECONDS)
        console.type("1")
        await walk.until(lambda: isinstance(walk.app.screen, Happened), "the note")
        console.type(HIGH)
        console.type(LOW)
        field = walk.app.screen.query_one(Input)
        await walk.until(lambda: field.value == "𠮷", "the character")

    on_console(settings, test)


def test_the_app_reads_the_console_that_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Textual's driver takes the thread from its module, and starts what it finds there."""
    win32 = textual_win32()
    # On Windows an app that ran before in this process has installed it.
    before = next(kind for kind in win32.EventMonitor.__mro__ if kind.__name__ == "EventMonitor")
    monkeypatch.setattr(win32, "EventMonitor", before)
    from station.tui.terminal.windows_input import install

    install(win32)
    assert issubclass(win32.EventMonitor, before)
    assert win32.EventMonitor is not before
    installed = win32.EventMonitor
    install(win32)
    assert win32.EventMonitor is installed
