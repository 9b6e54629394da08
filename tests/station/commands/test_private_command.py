"""No command leaves a file in the data folder that another account could read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from config.access import exposed
from config.disk import DataDir
from tests.station.commands.called import station

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the rights of POSIX")


@pytest.fixture(autouse=True)
def as_most_computers_are_set_up() -> None:
    os.umask(0o022)


@pytest.mark.parametrize(
    "command",
    [
        ("record", "--student", "0107", "--item", "song1", "--seconds", "1"),
        ("doctor",),
        ("report",),
        ("forms",),
        ("queue", "list"),
        ("queue", "pause"),
        ("recover",),
        ("selftest", "--only", "kit,roster,disk_speed,restart"),
    ],
)
def test_a_command_leaves_nothing_open(home: Path, command: tuple[str, ...]) -> None:
    station(*command[:1], *command[1:], "--config", home / "station.toml")
    assert exposed(DataDir(home / "data")) == []


def test_doctor_says_what_was_open_before_it_came(home: Path) -> None:
    take = home / "data" / "takes" / "s1" / "0107_song1_1.wav"
    take.parent.mkdir(parents=True)
    take.write_bytes(b"x")
    _, out, _ = station("doctor", "--config", home / "station.toml")
    assert "[X]  Other users: Other users of this computer can read" in out
