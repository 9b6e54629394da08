"""A whole afternoon in short: memory stays where it is, and where nothing changes nothing is written.

The figures of sixty songs and ten thousand changes are in docs/bench-afternoon.md.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.bench.afternoon import DIALOGS, SCREENS, changes, songs, station
from tests.station.terminal.keys import ENGLISH, ESC, F7, F8, show
from tests.station.terminal.terminal import Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux")
SPEED = 10.0
REST_SECONDS = 3.0
MINUTE_BYTES = 200
"""The head line with the clock."""
FRAMES = 12 * 60
"""Of a song of a minute."""
MEGABYTES = 10.0
CHANGES = 80


@pytest.mark.long
@pytest.mark.timeout(120)
def test_a_song_leaves_no_memory_behind(tmp_path: Path) -> None:
    with station(tmp_path / "station", 2, SPEED) as app:
        first, second = songs(app, 2)
    assert second.resident - first.resident < MEGABYTES
    assert min(first.draws, second.draws) > FRAMES / 2, "a busy computer leaves frames out"


@pytest.mark.long
@pytest.mark.timeout(120)
def test_a_change_of_screen_leaves_no_memory_behind(tmp_path: Path) -> None:
    with station(tmp_path / "station", 1, 1.0) as app:
        for keys in (SCREENS, DIALOGS):
            before, after = changes(app, CHANGES, keys)
            assert after.resident - before.resident < MEGABYTES, keys


@pytest.mark.costly
@pytest.mark.timeout(120)
def test_nothing_is_written_at_rest_but_the_clock(home: Path) -> None:
    with terminal("-m", "station", "--config", home / "station.toml", env=ENGLISH) as screen:
        screen.see("Expected 30", "Next: 0107")
        screen.gone("The headset is being opened")
        assert at_rest(screen) == 0, "home"
        show(screen, F7, "Retry now")
        assert at_rest(screen) == 0, "uploads"
        screen.press(ESC)
        show(screen, F8, "Test all")
        assert at_rest(screen) == 0, "self-test"


def at_rest(screen: Terminal) -> int:
    """Bytes written after the screen has come to rest, without those for a new minute."""
    wait_for_rest(screen)
    before, minute = len(screen.written), datetime.now().astimezone().minute
    sleep(REST_SECONDS)
    written = len(screen.written) - before
    changed = datetime.now().astimezone().minute != minute
    return max(0, written - MINUTE_BYTES) if changed else written


def wait_for_rest(screen: Terminal) -> None:
    deadline, before = monotonic() + 30.0, -1
    while len(screen.written) != before:
        assert monotonic() < deadline, f"it goes on and on: {screen.written[-200:]!r}"
        before = len(screen.written)
        sleep(1.5)
