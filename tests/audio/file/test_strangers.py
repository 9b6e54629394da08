"""Other programs read takes and their tags."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.audio.wholetakes import BITS, RATE, TAKE_ID, write


def run(*command: str) -> str:
    """Output of a program; skips where it is not installed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode("utf-8") + done.stderr.decode("utf-8")


@pytest.fixture(params=BITS)
def take(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    write(path, request.param)
    return path


def test_sox_reads_every_frame_without_a_warning(take: Path) -> None:
    assert run("sox", "--i", "-s", str(take)).split() == ["4801"]
    assert "WARN" not in run("sox", str(take), "-n", "stat")


def test_ffprobe_sees_the_tags(take: Path) -> None:
    report = run("ffprobe", "-v", "warning", "-show_streams", "-show_format", "-of", "json", str(take))
    body = json.loads(report)
    assert body["streams"][0]["duration_ts"] == 4801
    tags = body["format"]["tags"]
    assert tags["title"] == "song1"
    assert tags["artist"] == "0107"
    assert TAKE_ID in tags["comment"]
    assert tags["encoded_by"] == "310105-017-A"
    assert tags["originator_reference"] == TAKE_ID.replace("-", "")
    assert tags["creation_time"] == "13:30:05"
    assert tags["date"] == "2026-11-25"
    assert int(tags["time_reference"]) == round((13 * 3600 + 30 * 60 + 5.5) * RATE)


def test_exiftool_sees_the_tags(take: Path) -> None:
    tags = json.loads(run("exiftool", "-json", str(take)))[0]
    assert tags["Title"] == "song1"
    assert str(tags["Artist"]) in ("0107", "107")
    assert TAKE_ID in (tags["Comment"], tags["Description"])
    assert tags["Software"] == "station 0.1.0"
    assert tags["Originator"] == "310105-017-A"
    assert "Warning" not in tags
    assert "Error" not in tags


def test_mediainfo_sees_the_tags(take: Path) -> None:
    report = run("mediainfo", str(take))
    for text in ("song1", "0107", TAKE_ID, "310105-017-A", "48.0 kHz"):
        assert text in report
