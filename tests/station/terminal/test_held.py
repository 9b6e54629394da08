"""A key that is held down, a scan at the wrong moment and a long text, in a real terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from station.tui.scanner import DOUBT_SECONDS
from tests.station.terminal.keys import ENGLISH, ENTER, F6, close, leave, show
from tests.station.terminal.terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux")
IDENTITY = "Is this the pupil in the chair?"


@pytest.fixture
def screen(home: Path) -> Iterator[Terminal]:
    with terminal("-m", "station", "--config", home / "station.toml", env=ENGLISH) as found:
        found.see("Expected 30")
        found.gone("The headset is being opened")
        yield found


def hold(screen: Terminal, key: str, seconds: float) -> None:
    """As keyboards repeat: after half a second, then 30 times a second."""
    screen.tap(key)
    sleep(0.5)
    for _ in range(int(seconds * 30)):
        screen.press(key)
        sleep(1 / 30)


@pytest.mark.timeout(240)
def test_enter_that_is_held_calls_a_pupil_and_confirms_none(screen: Terminal) -> None:
    hold(screen, ENTER, 2.0)
    screen.see(IDENTITY)
    sleep(0.5)
    assert IDENTITY in screen.text()
    show(screen, ENTER, "Headset check")
    # The letters of a scan would skip the check, the Enter behind them end what runs.
    screen.press("s-1234\r")
    sleep(0.5)
    screen.see("Headset check")
    assert "Why is the headset check skipped?" not in screen.text()
    close(screen, "Headset check")
    leave(screen)


@pytest.mark.costly
@pytest.mark.timeout(240)
def test_a_scan_calls_the_pupil_whatever_comes_around_the_number(screen: Terminal) -> None:
    for before, after in (("", "\r"), ("\x02", "\x03"), ("", "\t"), ("", "\n"), ("\r", "\r\n")):
        screen.press(f"{before}0111{after}")
        screen.see(IDENTITY, "张   雨   桐")
        close(screen, IDENTITY)
        screen.see("Expected 30")
        # The same again within a moment is one scan.
        sleep(DOUBT_SECONDS)
    leave(screen)


@pytest.mark.costly
@pytest.mark.timeout(240)
def test_two_numbers_in_one_burst_are_one_call_and_a_sentence(screen: Terminal) -> None:
    screen.press("0110\r0111\r")
    screen.see(IDENTITY, "李   沐   宸", "0111 was scanned right behind another number")
    leave_pupil(screen)


def leave_pupil(screen: Terminal) -> None:
    close(screen, IDENTITY)
    leave(screen)


@pytest.mark.costly
@pytest.mark.timeout(240)
def test_the_field_for_the_number_is_bounded_and_empty_after_every_action(screen: Terminal) -> None:
    for text in ("\x1b[200~" + "0108 " * 154 + "\x1b[201~", "7" * 770):
        screen.press(text)
        sleep(1.0)
        show(screen, F6, "What sort of thing happened?")
        close(screen, "What sort of thing happened?")
    for key in "01":
        screen.tap(key)
    show(screen, F6, "What sort of thing happened?")
    close(screen, "What sort of thing happened?")
    screen.press("0111\r")
    screen.see(IDENTITY, "张   雨   桐")
    leave_pupil(screen)
