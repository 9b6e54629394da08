"""Every screen opens, in both languages, and Ctrl+Q leaves with 0."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.station.terminal.keys import (
    CTRL_P,
    ENGLISH,
    ENTER,
    F1,
    F2,
    F3,
    F4,
    F6,
    F7,
    F8,
    close,
    leave,
    show,
    to_the_first_song,
)
from tests.station.terminal.terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux")


@pytest.mark.timeout(300)
def test_every_screen_opens_and_ctrl_q_leaves_with_0(home: Path) -> None:
    with terminal("-m", "station", "--config", home / "station.toml", env=ENGLISH) as screen:
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
    to_the_first_song(screen)
    show(screen, F6, "What sort of thing happened?")
    close(screen, "What sort of thing happened?")
    show(screen, ENTER, "RECORDING")
    screen.gone("can be ended in")
    show(screen, ENTER, "Keep it")
    show(screen, "k", "Begin")
    close(screen, "Begin")
    screen.see("Expected 30")
