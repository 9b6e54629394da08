"""Keys as a terminal sends them, and ways through the screens that several tests go."""

from __future__ import annotations

from station.tui.widgets.keyline import EARLY
from tests.station.terminal.terminal import Terminal

F1, F2, F3, F4 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"
F6, F7, F8 = "\x1b[17~", "\x1b[18~", "\x1b[19~"
ESC, ENTER, CTRL_P, CTRL_Q = "\x1b", "\r", "\x10", "\x11"
ENGLISH = {"STATION_STATION__LANGUAGE": "en"}


PERPLEXED_SECONDS = 10.0


def show(screen: Terminal, key: str, words: str) -> None:
    """As who reads does it: a key is pressed once more where the screen asks for it, a function key also
    where nothing comes of it.

    On a busy computer a screen may have been shown for too short a time to count as seen.
    """
    screen.tap(key)
    found = screen.see_one(words, EARLY, seconds=PERPLEXED_SECONDS)
    if found == EARLY or (found is None and len(key) > 1):
        screen.tap(key)
    screen.see(words)


def close(screen: Terminal, words: str) -> None:
    """Esc, and what it closes is gone."""
    screen.tap(ESC)
    screen.gone(words)


def leave(screen: Terminal) -> None:
    """From the home screen."""
    show(screen, CTRL_Q, "Close the singing test program?")
    screen.tap("2")
    assert screen.end() == 0, screen.text()


def to_the_first_song(screen: Terminal) -> None:
    """From home through identity and a skipped headset check."""
    screen.gone("The headset is being opened")
    show(screen, ENTER, "Is this the pupil in the chair?")
    show(screen, ENTER, "Headset check")
    show(screen, "s", "1 The same headset")
    show(screen, "1", "Begin")
