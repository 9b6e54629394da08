"""Other copies of the program are found where people unpack them, and named without the account's name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from config.load import load_settings
from station.checks.bench import Bench
from station.checks.check import Outcome
from station.checks.computer import copies
from station.release import LIST


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop in a home of its own, and no command `station`."""
    desk = tmp_path / "home" / "桌面"
    desk.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(copies, "places", lambda: iter((desk,)))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return desk


def bundle(folder: Path) -> Path:
    (folder / "app" / "station").mkdir(parents=True)
    (folder / LIST).write_bytes(b"")
    return folder


def found(home: Path) -> tuple[Outcome, str]:
    finding = copies.copies(Bench(load_settings(home / "station.toml")))
    return finding.outcome, str(finding.what)


def test_a_practice_version_on_the_desktop_is_named(home: Path, desk: Path) -> None:
    assert found(home)[0] is Outcome.OK
    bundle(desk / "旧版 演练" / "station-0.1")
    outcome, what = found(home)
    assert outcome is Outcome.WARN
    assert f"~{os.sep}桌面{os.sep}旧版 演练{os.sep}station-0.1" in what


def test_the_copy_that_runs_is_no_other_one(home: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = bundle(desk / "station")
    monkeypatch.setattr(copies, "own", lambda: mine.resolve())
    assert found(home)[0] is Outcome.OK
    bundle(desk / "another")
    assert "another" in found(home)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="what runs there is told by its extension")
def test_a_command_that_was_installed_elsewhere_is_named(home: Path, desk: Path, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "station"
    command.parent.mkdir()
    command.write_text("#!/bin/sh\n", encoding="ascii")
    command.chmod(0o755)
    assert str(command) in found(home)[1]


def test_what_can_not_be_read_or_leads_in_a_circle_ends_nothing(home: Path, desk: Path) -> None:
    (desk / "gone").mkdir()
    try:
        (desk / "gone" / "circle").symlink_to(desk, target_is_directory=True)
    except OSError:
        pytest.skip("this account may not make links")
    copies.others((desk / "nowhere",), desk)
    assert found(home)[0] is Outcome.OK
