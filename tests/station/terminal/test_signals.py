"""Signals and windows that close: the terminal is as it was, the code says what happened, takes go on."""

from __future__ import annotations

import signal
import sys
import tempfile
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from audio.device.card import why_not
from config.takes import PART
from tests.station.terminal.keys import ENGLISH, ENTER, F1, close, leave, show, to_the_first_song
from tests.station.terminal.terminal import DEAF, LAUNCH, Terminal, terminal

if sys.platform == "win32":
    pytest.skip("a pseudo terminal needs Linux", allow_module_level=True)

ENDING = [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
CHANGED = ("?1049", "?1000", "?1003", "?1006", "?1015", "?1004", "?2004")
"""Other screen, mouse, focus, pasting: all off in a shell."""
HELP = "The afternoon in five steps"
TAKE_SECONDS = 40.0
SONG_SECONDS = 14.9
"""The practice song ends by itself after 15."""


@pytest.fixture
def screen(home: Path) -> Iterator[Terminal]:
    with terminal("-m", "station", "--config", home / "station.toml", env=ENGLISH) as found:
        found.see("Expected 30")
        yield found


def as_it_was(screen: Terminal) -> bool:
    modes = screen.picture.modes
    off = all(modes.get(mode) is False for mode in CHANGED)
    return off and modes["?25"] and modes["?7"] and screen.settings_now == screen.settings_before


def becomes(screen: Terminal, status: str) -> None:
    process, deadline = psutil.Process(screen.process.pid), monotonic() + 10
    while process.status() != status:
        assert monotonic() < deadline, process.status()
        sleep(0.05)


@pytest.mark.timeout(300)
@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize(("number", "code"), ENDING)
def test_a_signal_ends_the_screens_in_order_and_the_terminal_is_as_it_was(
    screen: Terminal, home: Path, number: int, code: int
) -> None:
    assert not as_it_was(screen)
    screen.process.send_signal(number)
    assert screen.end() == code, screen.text()
    assert as_it_was(screen), screen.picture.modes
    assert screen.text().strip() == "", "nothing to say"
    log = (home / "data" / "logs" / "station.log").read_text(encoding="utf-8")
    assert "CRITICAL" not in log
    assert "Traceback" not in log


@pytest.mark.costly
@pytest.mark.timeout(300)
def test_a_take_goes_on_when_its_window_is_closed(screen: Terminal, home: Path) -> None:
    to_the_first_song(screen)
    show(screen, ENTER, "RECORDING")
    screen.vanish()
    assert screen.end() == 129
    deadline = monotonic() + TAKE_SECONDS
    while list(home.glob(f"data/takes/*/*{PART}")):
        assert monotonic() < deadline
        sleep(0.2)
    [take] = home.glob("data/takes/*/*.wav")
    with wave.open(str(take), "rb") as file:
        assert file.getnframes() >= SONG_SECONDS * file.getframerate(), "to its end"


@pytest.mark.costly
@pytest.mark.timeout(300)
def test_a_window_that_vanishes_without_a_signal_ends_the_screens_too(home: Path) -> None:
    place = ("--config", home / "station.toml")
    with terminal("-m", "station", *place, env=ENGLISH, launch=DEAF + LAUNCH) as screen:
        screen.see("Expected 30")
        screen.vanish()
        assert screen.end() == 129


@pytest.mark.costly
@pytest.mark.timeout(300)
def test_a_window_that_takes_nothing_keeps_no_signal_waiting(screen: Terminal) -> None:
    screen.taking.clear()
    for _ in range(40):
        # Every change of the screen is some kilobytes.
        screen.press(F1)
        sleep(0.1)
        screen.press("\x1b")
        sleep(0.1)
    screen.process.terminate()
    assert screen.end() == 143


@pytest.mark.costly
@pytest.mark.timeout(300)
@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_the_screens_are_stopped_and_come_back(screen: Terminal, number: int) -> None:
    screen.process.send_signal(number)
    becomes(screen, psutil.STATUS_STOPPED)
    if number == signal.SIGTSTP:
        sleep(0.2)
        assert as_it_was(screen), screen.picture.modes
    screen.process.send_signal(signal.SIGCONT)
    # What is on the screen is from before, and keys are thrown away while the terminal is made ready again:
    # a person would press once more.
    for _ in range(10):
        screen.press(F1)
        with suppress(AssertionError):
            screen.see(HELP, seconds=6)
            break
    screen.see(HELP)
    close(screen, HELP)
    assert not as_it_was(screen)
    leave(screen)
    assert as_it_was(screen), screen.picture.modes


@pytest.mark.card
@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
@pytest.mark.timeout(300)
@pytest.mark.long
@pytest.mark.parametrize(("number", "code"), ENDING[:2])
@pytest.mark.parametrize("when", ["Expected 30", ""], ids=["screens", "start"])
def test_the_demo_leaves_no_sound_card_behind(number: int, code: int, when: str) -> None:
    with (
        # Not tmp_path: a socket's path may have 107 bytes only.
        tempfile.TemporaryDirectory(prefix="demo-") as home,
        no_card_left(home),
        terminal("-m", "station", "demo", "--headset", "card", "--data", home, env=ENGLISH) as screen,
    ):
        if when:
            screen.see(when)
        deadline = monotonic() + 60
        while not cards(home):
            assert monotonic() < deadline, screen.text()
            sleep(0.02)
        screen.process.send_signal(number)
        assert screen.end() == code, screen.text()
        assert cards(home) == []


@contextmanager
def no_card_left(home: str) -> Iterator[None]:
    """A test that fails leaves nothing running either."""
    try:
        yield
    finally:
        for pid in cards(home):
            psutil.Process(pid).kill()


def cards(home: str) -> list[int]:
    """Processes of sound servers that work for this folder."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(home in word for word in process.info["cmdline"] or ())
        and "pulse" in process.info["cmdline"][0]
    ]
