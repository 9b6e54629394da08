"""Which of the sound server's streams are ours, and where they come from."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from audio.device import moved

LISTING = """Source Output #3
\tDriver: protocol-native.c
\tOwner Module: 9
\tClient: 12
\tSource: 2
\tSample Specification: s16le 1ch 48000Hz
\tProperties:
\t\tmedia.name = "ALSA Capture"
\t\tapplication.process.id = "4711"

Source Output #17
\tSource: 5
\tProperties:
\t\tapplication.process.id = "4711"

Source Output #20
\tSource: 2
\tProperties:
\t\tapplication.process.id = "47"
"""


def test_only_our_own_streams_count() -> None:
    assert moved.streams(LISTING, 4711) == {3: 2, 17: 5}
    assert moved.streams(LISTING, 47) == {20: 2}
    assert moved.streams("", 47) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere streams are never moved")
def test_without_a_server_none_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    monkeypatch.setenv("PULSE_RUNTIME_PATH", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: name)
    assert moved.why_not() == "no sound server"
    assert moved.watch(lambda: None) is None
    (tmp_path / "native").touch()
    assert moved.why_not() is None


def test_a_move_before_the_server_tells_of_moves_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    silent, start = [sys.executable, "-c", "import time; time.sleep(60)"], subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda _, **options: start(silent, **options))
    monkeypatch.setattr(moved, "SUBSCRIBED_SECONDS", 0.01)
    answers = iter([{3: 2}, {3: 5}])
    monkeypatch.setattr(moved, "_ask", lambda: next(answers))
    noticed = threading.Event()
    watch = moved.MoveWatch(noticed.set)
    assert noticed.wait(5)
    watch.close()
