"""What is around a command when it runs: closed streams, narrow encodings, odd folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audio.audioerror import AudioError
from audio.soundfaults import FAULTS
from station.exitcodes import exit_code
from tests.config.sheets import write_xlsx
from tests.station.commands.called import ENV, SECONDS, run_in, run_in_shell, station


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed with a shell's words")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("queue list --json >&-", 0),
        ("roster check roster.csv >&- 2>&-", 0),
        ("selftest --only disk_space <&-", 0),
        ("roster check roster.csv >/dev/full", 5),
        ("queue list --json >/dev/full", 5),
        ("selftest --only disk_space --report nowhere/x.html", 5),
    ],
)
@pytest.mark.sampled(6, fewest=1)
def test_streams_that_are_closed_or_full(home: Path, command: str, code: int) -> None:
    found, err = run_in_shell(command, home)
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert found == code


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "gbk"])
def test_a_pipe_that_can_not_take_chinese_letters(home: Path, encoding: str) -> None:
    found, err = run_in(home, "queue list", PYTHONIOENCODING=encoding, STATION_STATION__LANGUAGE="zh_CN")
    assert (found, "Traceback" in err) == (0, False)


@pytest.mark.parametrize("command", ["queue run --once", "record --student 0107 --item song1"])
def test_logs_that_can_not_be_written_are_5(home: Path, command: str) -> None:
    (home / "data").mkdir()
    (home / "data" / "logs").touch()
    code, _, err = station(*command.split(), "--config", home / "station.toml")
    assert code == 5
    assert "The folder of the logs can't be written: a file of this name is there already" in err.splitlines()


def test_a_kit_whose_name_is_too_long_is_2(home: Path) -> None:
    env = {"STATION_SESSION__KIT": "k" * 300}
    code, _, err = station(
        "record", "--config", home / "station.toml", "--student", "0107", "--item", "song1", env=env
    )
    assert code == 2
    # Windows only says that there is no such name.
    assert ("its name is too long" if sys.platform != "win32" else "the kit is not there") in err


@pytest.mark.parametrize(("code", "found"), [("disk_full", 5), ("disk_error", 5), ("stalled", 3)])
def test_a_fault_of_the_disk_is_not_one_of_the_headset(code: str, found: int) -> None:
    assert exit_code(AudioError(FAULTS[code].message, code=code)) == found


def test_a_receiver_that_can_not_write_is_5(tmp_path: Path) -> None:
    (tmp_path / "receiver" / "uploads.db").mkdir(parents=True)
    code, _, err = station("demo", "--auto", "--headset", "builtin", "--data", tmp_path)
    assert code == 5
    assert "receiver can't write" in err


@pytest.mark.costly
def test_python_files_of_the_current_folder_are_not_run(home: Path) -> None:
    for name in ("audio.py", "config.py", "wave.py"):
        (home / name).write_text("raise SystemExit(9)\n", encoding="utf-8")
    # What it is says its content.
    write_xlsx(home / "roster.csv", [["学号"], ["0107"]])
    program = "import sys; sys.path.pop(0); from station.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "record", "--student", "0107", "--item", "song1", "--seconds", "1"],
        cwd=home,
        env={**os.environ, **ENV},
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode()
