"""The restart test, as restore cards make it: which drive is set back decides, not what is run how often."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from config.settings import Settings
from station.checks.bench import Bench
from station.checks.check import Finding, Outcome
from station.checks.computer import hardware, restart

OK, FAIL, SKIPPED = Outcome.OK, Outcome.FAIL, Outcome.SKIPPED


@dataclass
class Computer:
    """Two drives with their pictures, and a clock."""

    settings: Settings
    system: Path
    """Holds the user's folder."""
    clock: float
    booted: float

    @property
    def data(self) -> Path:
        return self.settings.data.dir

    def test(self) -> Finding:
        self.clock += 60
        return restart.restart_test(Bench(self.settings))

    def outcome(self) -> Outcome:
        return self.test().outcome

    def freeze(self, *drives: Path) -> dict[Path, Path]:
        pictures = {}
        for drive in drives:
            drive.mkdir(parents=True, exist_ok=True)
            pictures[drive] = drive.with_name(f"{drive.name}-{self.clock}")
            shutil.copytree(drive, pictures[drive])
        return pictures

    def restart(self, pictures: dict[Path, Path] | None = None) -> None:
        for drive, picture in (pictures or {}).items():
            shutil.rmtree(drive)
            shutil.copytree(picture, drive)
        self.clock += 60
        self.booted = self.clock


@pytest.fixture
def lab(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    found = Computer(settings, tmp_path / "system", 1e9, 1e9 - 3600)
    monkeypatch.setattr(restart, "memory_files", lambda root: [found.system / "memory.json"])
    monkeypatch.setattr(psutil, "boot_time", lambda: found.booted)
    monkeypatch.setattr(time, "time", lambda: found.clock)
    return found


def test_a_drive_that_keeps_what_is_written(lab: Computer) -> None:
    assert [lab.outcome(), lab.outcome()] == [SKIPPED, SKIPPED]
    lab.restart()
    assert [lab.outcome(), lab.outcome()] == [OK, OK]
    lab.restart()
    assert lab.outcome() is OK


@pytest.mark.parametrize("known", [False, True], ids=["empty picture", "picture with a token"])
def test_the_data_folder_is_set_back(lab: Computer, known: bool) -> None:
    if known:
        lab.test()
    pictures = lab.freeze(lab.data)
    if known:
        lab.restart()
    lab.test()
    lab.restart(pictures)
    found = lab.test()
    assert found.outcome is FAIL
    assert "restore card" in str(found.todo)
    assert lab.outcome() is FAIL, "running it again does not heal the drive"
    lab.restart(pictures)
    assert lab.outcome() is FAIL
    lab.restart()
    assert lab.outcome() is OK, "the card was switched off"


@pytest.mark.parametrize("known", [False, True], ids=["empty picture", "picture with a memory"])
def test_only_the_drive_of_the_system_is_set_back(lab: Computer, known: bool) -> None:
    if known:
        lab.test()
    pictures = lab.freeze(lab.system)
    if known:
        shutil.rmtree(lab.data)
        lab.restart()
    lab.test()
    lab.restart(pictures)
    assert lab.outcome() is OK
    lab.restart(pictures)
    assert lab.outcome() is OK


def test_another_drive_remembers_where_all_others_are_set_back(
    lab: Computer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [lab.system / "memory.json", tmp_path / "other" / "memory.json"]
    monkeypatch.setattr(hardware, "other_volumes", lambda root: [tmp_path])
    monkeypatch.setattr(restart, "memory_files", lambda root: places)
    pictures = lab.freeze(lab.data, lab.system)
    lab.test()
    lab.restart(pictures)
    found = lab.test()
    assert found.outcome is FAIL
    assert f"for example on {tmp_path}" in str(found.todo)


def test_all_drives_are_set_back(lab: Computer) -> None:
    """No file can tell; the sentence tells the person how to."""
    pictures = lab.freeze(lab.data, lab.system)
    before = lab.test()
    lab.restart(pictures)
    after = lab.test()
    assert after.outcome is SKIPPED
    assert "restore card" in str(after.what)
    assert str(before.what) != str(after.what), "the time is another one"


def test_a_folder_that_somebody_removes(lab: Computer) -> None:
    lab.test()
    shutil.rmtree(lab.data)
    assert lab.outcome() is SKIPPED


def test_a_token_from_a_clock_that_was_ahead_counts_for_nothing(lab: Computer) -> None:
    lab.test()
    lab.clock -= 7200
    assert lab.outcome() is SKIPPED
    lab.restart()
    assert lab.outcome() is OK


@pytest.mark.parametrize("wrong", ["-1e9", "1e300", "NaN", "-Infinity"])
def test_times_that_no_system_knows_count_for_nothing(lab: Computer, wrong: str) -> None:
    lab.test()
    text = (lab.data / restart.TOKEN).read_text(encoding="utf-8")
    (lab.data / restart.TOKEN).write_text(text.replace('"survived": null', f'"survived": {wrong}'), "utf-8")
    assert f'"survived": {wrong}' in (lab.data / restart.TOKEN).read_text(encoding="utf-8")
    assert restart.read(lab.data / restart.TOKEN) is None
    assert lab.outcome() is not Outcome.FAIL


def test_a_drive_that_can_not_be_written_remembers_nothing(lab: Computer) -> None:
    lab.system.parent.mkdir(exist_ok=True)
    lab.system.write_text("in the way", encoding="utf-8")
    assert lab.outcome() is SKIPPED
    lab.restart()
    assert lab.outcome() is OK


def test_memories_are_on_every_drive_of_this_computer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(restart, "other_volumes", lambda path: [tmp_path / "stick"])
    own, stick = restart.memory_files(tmp_path / "data")
    assert stick.is_relative_to(tmp_path / "stick")
    assert not own.is_relative_to(tmp_path)
    assert hardware.other_volumes(tmp_path) == hardware.other_volumes(tmp_path / "not yet there")
