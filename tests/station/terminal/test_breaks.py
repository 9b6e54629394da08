"""A fault in the screens: one sentence, the place of the log, code 70; what was recorded is not lost."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest

from config.takes import PART
from tests.station.commands.called import ENV, station
from tests.station.terminal.breaking import PUPIL, WORDS
from tests.station.terminal.keys import CTRL_Q, ENGLISH, ENTER, F1, show, to_the_first_song
from tests.station.terminal.terminal import ROOT, Terminal, terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux")
BREAKING = ("-m", "tests.station.terminal.breaking")
SENTENCE = "The program met a fault of its own and has ended."
INTERNAL = 70
SEEN_SECONDS = 1.0
"""A key counts only from somebody who has seen the screen."""
TAKE_SECONDS = 40.0
"""The practice song ends by itself after 15."""


def log_named(screen: Terminal) -> Path:
    """The file that the sentences name; nothing but them was printed after the screens."""
    text = screen.text()
    assert SENTENCE in text
    assert "Traceback" not in text
    assert WORDS not in text
    assert PUPIL not in text
    assert len(text.split()) < 60, text
    [place] = re.findall(r"/\S+\.log", text.replace("\n", ""))
    return Path(place)


@pytest.mark.timeout(300)
@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("where", "key"),
    [
        ("first screen", ""),
        ("message", F1),
        *(
            pytest.param(where, key, marks=pytest.mark.long)
            for where, key in (
                ("start", ""),
                ("style", ""),
                ("compose", F1),
                ("timer", F1),
                ("worker", F1),
                ("end", CTRL_Q),
            )
        ),
    ],
)
def test_a_fault_in_the_screens_is_a_sentence_and_70(home: Path, where: str, key: str) -> None:
    with terminal(*BREAKING, where, "--config", home / "station.toml", env=ENGLISH) as screen:
        if key:
            screen.see("Expected 30")
            sleep(SEEN_SECONDS)
            screen.press(key)
        if key == CTRL_Q:
            show(screen, "", "Close the singing test program?")
            screen.press("2")
        assert screen.end() == INTERNAL, screen.text()
        log = log_named(screen)
        assert screen.settings_now == screen.settings_before
    assert log == home / "data" / "logs" / "station.log"
    text = log.read_text(encoding="utf-8")
    assert ("no-such.tcss" if where == "style" else f"ValueError: {WORDS}") in text
    assert "Traceback" in text


@pytest.mark.costly
@pytest.mark.timeout(300)
def test_a_take_that_runs_when_the_screens_break_is_finished_and_found(home: Path) -> None:
    with terminal(*BREAKING, "take", "--config", home / "station.toml", env=ENGLISH) as screen:
        screen.see("Expected 30")
        to_the_first_song(screen)
        show(screen, ENTER, "Read the notes")
        assert screen.end() == INTERNAL, screen.text()
        log_named(screen)
    deadline = monotonic() + TAKE_SECONDS
    while list(home.glob(f"data/takes/*/*{PART}")) or not list(home.glob("data/takes/*/*.wav")):
        assert monotonic() < deadline, list(home.rglob("*.wav"))
        sleep(0.2)
    with closing(sqlite3.connect(home / "data" / "station.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    code, out, _ = station("recover", "--config", home / "station.toml", "--json")
    found = json.loads(out)
    assert (code, found["takes"], found["leftovers"], found["moved_aside"]) == (0, 1, [], [])


@pytest.mark.costly
@pytest.mark.timeout(300)
def test_a_fault_in_the_screens_of_the_demo_leaves_a_log_that_can_be_read(tmp_path: Path) -> None:
    env = {**ENGLISH, "XDG_STATE_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    with terminal(*BREAKING, "first screen", "demo", "--headset", "builtin", env=env) as screen:
        assert screen.end() == INTERNAL, screen.text()
        log = log_named(screen)
    assert log.is_relative_to(tmp_path)
    assert f"ValueError: {WORDS}" in log.read_text(encoding="utf-8")
    assert not list(tmp_path.glob("station-demo-*")), "the folder of the demo is gone"


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("writable", [True, False])
def test_a_fault_in_any_command_is_a_sentence_and_70(home: Path, writable: bool) -> None:
    """Commands without a data folder write to the user's own log folder, where that can be written."""
    logs = home / "logs" if writable else home / "station.toml" / "a file is no folder"
    done = subprocess.run(
        [sys.executable, *BREAKING, "command", "kit", "check", str(home / "kit")],
        cwd=ROOT,
        env={**os.environ, **ENV, "XDG_STATE_HOME": str(logs)},
        capture_output=True,
        encoding="utf-8",
        timeout=55,
        check=False,
    )
    assert (done.returncode, done.stdout) == (INTERNAL, "")
    assert SENTENCE in done.stderr
    assert len(done.stderr.splitlines()) == 2
    written = list(home.rglob("station.log"))
    assert len(written) == (1 if writable else 0)
    assert all(f"ValueError: {WORDS}" in file.read_text(encoding="utf-8") for file in written)
    assert all(str(file) in done.stderr for file in written)
