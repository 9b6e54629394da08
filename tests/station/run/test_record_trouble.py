"""`station record` when something breaks under it: what there is is named and kept, and the sentence fits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import psutil
import pytest

from tests.station.commands.called import ENV
from tests.station.run.test_single_take import KIT, SETTINGS

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform == "win32", reason="needs mounts and signals"),
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "kit").mkdir()
    text = SETTINGS.replace("vheadset", "builtin") + '[data]\ndir = "data"\n'
    (tmp_path / "station.toml").write_text(text, encoding="utf-8")
    (tmp_path / "kit" / "kit.toml").write_text(KIT, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student_id,name\n0107,A\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = home / "data"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("can't mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def started(home: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "station", "record", "--config", str(home / "station.toml"),
               "--student", "0107", "--item", "song", "--json", *more]  # fmt: skip
    return subprocess.Popen(
        command, env={**os.environ, **ENV}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.costly
def test_a_full_disk_names_the_take_and_its_verdict(home: Path, small_disk: Path) -> None:
    out, err = started(home).communicate(timeout=80)
    found = json.loads(out)
    assert "partial" in found["verdict"]["reasons"]
    assert Path(found["path"]).name == "0107_song_1.wav"
    assert Path(found["path"]).is_file()
    assert found["ended_by"] == "disk"
    assert "disk" in err.lower()
    assert "Traceback" not in err


def test_a_full_disk_is_code_5(home: Path, small_disk: Path) -> None:
    process = started(home)
    process.communicate(timeout=80)
    assert process.returncode == 5


@pytest.mark.costly
def test_a_recorder_that_is_killed_is_said_so_and_keeps_what_it_had(home: Path) -> None:
    process = started(home, "--seconds", "20")
    parts = home / "data" / "takes"
    deadline = monotonic() + 40
    while not [part for part in parts.rglob("*.part.wav") if part.stat().st_size > 100_000]:
        assert monotonic() < deadline, "nothing is recorded"
        sleep(0.2)
    (recorder,) = psutil.Process(process.pid).children()
    recorder.kill()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 3
    assert "What was recorded until then is kept" in err
    assert "started again" not in err
    again = started(home, "--seconds", "1")
    found = json.loads(again.communicate(timeout=60)[0])
    assert Path(found["path"]).name == "0107_song_2.wav"
    assert (Path(found["path"]).parent / "0107_song_1.wav").is_file(), "the first one was repaired"
