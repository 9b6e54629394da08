"""The pupil's screen goes on moving while keys, pastes and other sizes of the window come beside it."""

from __future__ import annotations

import sys
from itertools import cycle, pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.station.terminal.keys import ENGLISH, ENTER, show, to_the_first_song
from tests.station.terminal.terminal import Terminal, terminal
from tests.station.terminal.test_any_keys import Keys

if sys.platform == "win32":
    pytest.skip("a pseudo terminal needs Linux", allow_module_level=True)

LATEST_SECONDS = 0.5
WATCHED_SECONDS = 10.0
"""Of the practice song's 15."""
LOOK_SECONDS = 0.02
BURST_SECONDS = 0.3
SIZE_SECONDS = 2.0
SIZES = ((120, 40), (80, 24))


def moments(screen: Terminal, keys: Keys) -> list[float]:
    """When what is on the screen changed; the level of the microphone moves many times a second."""
    began = burst_at = size_at = monotonic()
    found, before, sizes = [began], screen.text(), cycle(SIZES)
    while (now := monotonic()) < began + WATCHED_SECONDS:
        if now >= burst_at:
            screen.press(keys.burst())
            burst_at = now + BURST_SECONDS
        if now >= size_at:
            screen.resize(*next(sizes))
            size_at = now + SIZE_SECONDS
        if (text := screen.text()) != before:
            found.append(monotonic())
            before = text
        sleep(LOOK_SECONDS)
    return found


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.timeout(300)
def test_no_frame_of_the_pupils_screen_comes_half_a_second_late(home: Path) -> None:
    with terminal("-m", "station", "--config", home / "station.toml", env=ENGLISH) as screen:
        screen.see("Expected 30")
        to_the_first_song(screen)
        show(screen, ENTER, "RECORDING")
        seen = moments(screen, Keys())
        assert "RECORDING" in screen.text(), screen.text()
    gaps = [later - sooner for sooner, later in pairwise(seen)]
    print(f"{len(seen)} frames in {WATCHED_SECONDS:.0f} s, the longest gap {1000 * max(gaps):.0f} ms")
    assert max(gaps) < LATEST_SECONDS
