"""Every screen opens, in both languages, and Ctrl+Q leaves with 0."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.station.terminal.terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux")
F1, F2, F3, F4 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"
F6, F7, F8 = "\x1b[17~", "\x1b[18~", "\x1b[19~"
ESC, ENTER, CTRL_P, CTRL_Q = "\x1b", "\r", "\x10", "\x11"
ENV = {"STATION_STATION__LANGUAGE": "en"}


def show(screen: Terminal, key: str, words: str) -> None:
    screen.press(key)
    screen.see(words)


def close(screen: Terminal, words: str) -> None:
    """Esc, and what it closes is gone."""
    screen.press(ESC)
    screen.gone(words)


def leave(screen: Terminal) -> None:
    show(screen, CTRL_Q, "Close the station?")
    screen.press("2")
    assert screen.end() == 0, screen.text()


@pytest.mark.timeout(120)
def test_every_screen_opens_and_ctrl_q_leaves_with_0(home: Path) -> None:
    with terminal("-m", "station", "--config", home / "station.toml", env=ENV) as screen:
        screen.see("Expected 30", "Next: 0107")
        screen.gone("The headset is being opened")
        for key, words in ((F1, "The afternoon in five steps"), (F2, "Phase: home"), (F7, "Retry now")):
            show(screen, key, words)
            close(screen, words)
        show(screen, F8, "Test all")
        close(screen, "Test all")
        show(screen, CTRL_P, "Dark colours")
        close(screen, "Dark colours")
        show(screen, F4, "1 absent")
        close(screen, "1 absent")
        show(screen, F3, "应到 30")
        show(screen, F3, "Expected 30")
        pupil(screen)
        leave(screen)


def pupil(screen: Terminal) -> None:
    """Identity, check, test, recording, verdict, and back."""
    show(screen, ENTER, "Is this the pupil in the chair?")
    show(screen, ENTER, "Headset check")
    show(screen, "s", "1 The same headset")
    show(screen, "1", "Begin")
    show(screen, F6, "Enter keeps the note")
    close(screen, "Enter keeps the note")
    show(screen, ENTER, "RECORDING")
    screen.gone("can be ended in")
    show(screen, ENTER, "Keep it")
    show(screen, "k", "Begin")
    close(screen, "Begin")
    screen.see("Expected 30")
