"""A recorder from before a crash: what is waited for is said, and Ctrl-C ends the waiting, not the take."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audio.protocol import messages as ev
from config.disk.datadir import DataDir
from tests.audio.capture import Capture, facts
from tests.station.commands.called import ENV

COMMANDS = (["record", "--student", "0107", "--item", "song1", "--seconds", "1"], ["recover"])
pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process there"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_the_waiting_is_said_and_can_be_ended(home: Path, tmp_path: Path, arguments: list[str]) -> None:
    data = DataDir(home / "data")
    take = data.session("before") / "0108_song1_1.wav"
    with Capture(tmp_path, lock=data.capture_lock) as capture:
        capture.open()
        capture.send(ev.StartTake("take-1", str(take), 30.0, facts("0108")))
        capture.wait(ev.TakeProgress)
        process = subprocess.Popen(
            [sys.executable, "-m", "station", *arguments, "--config", str(home / "station.toml")],
            env={**os.environ, **ENV},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert process.stderr is not None
        with process.stderr as talk:
            said = (re.search(r"at most (\d+) s", line) for line in talk)
            left = next(filter(None, said), None)
            assert left is not None
            assert 10 < int(left[1]) <= 30
            process.send_signal(signal.SIGINT)
            try:
                code = process.wait(25)
            finally:
                process.kill()
                process.wait()
        assert code == 130
        capture.send(ev.StopTake("take-1"))
        assert capture.wait(ev.TakeSaved).loss.short_ms < 50
