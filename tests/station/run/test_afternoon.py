"""The afternoon from end to end: real capture process, real files, a tus server that nobody here wrote."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import wave
from pathlib import Path
from typing import IO, Any

import pytest

from tests.uploader.realservers import ResumableUpload, Running


def demo(data: Path, url: str, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "station", "demo", "--auto", "--headset", "builtin", "--speed", "10",
        "--server", url, "--data", str(data), "--json", *more,
    ]  # fmt: skip


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check_takes(takes: list[dict[str, Any]], server: Running) -> None:
    """Local file, JSON and server agree; practice items never left; each take arrived once."""
    stored = server.stored()
    for take in takes:
        local = Path(take["path"]).read_bytes()
        copies = [copy for copy in stored if copy.take_id == take["take_id"] and copy.finished]
        assert sha256(local) == take["sha256"]
        if take["kind"] == "practice":
            assert not copies
        else:
            assert [sha256(copy.data) for copy in copies] == [take["sha256"]]
            assert (take["verified"], take["verify_level"]) == (True, "L2")


@pytest.mark.timeout(120)
@pytest.mark.long
def test_two_pupils_from_the_roster_to_a_proven_delivery(tmp_path: Path) -> None:
    with Running(ResumableUpload(), tmp_path / "server") as server:
        done = subprocess.run(
            demo(tmp_path / "demo", server.url, "--students", "2"), capture_output=True, timeout=110
        )
        assert done.returncode == 0, done.stderr.decode()
        takes = json.loads(done.stdout)["takes"]
        assert {take["student_id"] for take in takes} == {"0107", "0108"}
        assert {take["item"] for take in takes} == {"warmup", "song1", "song2"}
        assert all(take["verdict"] == {"ok": True, "reasons": []} for take in takes)
        check_takes(takes, server)


def read_until(pipe: IO[str], word: str) -> list[str]:
    lines = []
    for line in pipe:
        lines.append(line)
        if word in line:
            return lines
    raise AssertionError(f"ended without {word!r}: {lines[-5:]}")


@pytest.mark.long
@pytest.mark.timeout(180)
def test_killed_in_the_middle_of_a_take_it_goes_on_where_it_was(tmp_path: Path) -> None:
    """SIGKILL of the station: the recorder finishes the take, the next start finds it, delivers it once."""
    command = demo(tmp_path / "demo", "", "--students", "1")
    with Running(ResumableUpload(), tmp_path / "server") as server:
        command[command.index("--server") + 1] = server.url
        first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
        assert first.stderr is not None
        read_until(first.stderr, "song1 is being recorded")
        # One more second of wall time is ten of the song.
        threading.Event().wait(0.5)
        first.kill()
        first.wait()
        first.stderr.close()
        done = subprocess.run(command, capture_output=True, timeout=150)
        assert done.returncode == 0, done.stderr.decode()
        assert b"headset check" not in done.stderr, "the pupil is not begun anew"
        takes = json.loads(done.stdout)["takes"]
        assert [(take["item"], take["attempt"]) for take in takes] == [
            ("warmup", 1),
            ("song1", 1),
            ("song2", 1),
        ]
        with wave.open(takes[1]["path"], "rb") as file:
            assert file.getnframes() / file.getframerate() >= 60, "to its maximum, without the station"
        check_takes(takes, server)
