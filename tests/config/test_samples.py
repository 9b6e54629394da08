"""The samples that ship: written once, never over something, and good as they are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from config.base.errors import DiskError
from config.kit.kitfile import check_kit
from config.load import load_settings
from config.roster.rosterfile import check_roster
from config.samples import NAMES, PHRASE, write_samples


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def test_samples_are_without_a_fault(samples: Path) -> None:
    settings = load_settings(samples / "station.toml")
    kit, in_kit = check_kit(settings.session.kit)
    roster, in_roster = check_roster(settings.session.roster)
    assert (in_kit, in_roster) == ([], [])
    assert kit is not None
    assert roster is not None
    assert len(roster.pupils) == 30
    assert PHRASE.is_file()


def test_everything_is_reported_and_nothing_else_written(tmp_path: Path) -> None:
    written, kept = write_samples(tmp_path / "a" / "b")
    assert [path.name for path in written] == list(NAMES)
    assert kept == []
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == sorted(NAMES)
    assert not [name for name in contents(tmp_path) if "__pycache__" in name or name.endswith(".py")]


def test_a_second_time_changes_no_byte(samples: Path) -> None:
    (samples / "station.toml").write_text("mine", encoding="utf-8")
    (samples / "kit" / "own.wav").write_bytes(b"mine")
    before = contents(samples)
    written, kept = write_samples(samples)
    assert written == []
    assert [path.name for path in kept] == list(NAMES)
    assert contents(samples) == before


@pytest.mark.parametrize("missing", NAMES)
def test_what_is_missing_comes_back(samples: Path, missing: str) -> None:
    before = contents(samples)
    (samples / missing).rename(samples.parent / "moved")
    written, kept = write_samples(samples)
    assert [path.name for path in written] == [missing]
    assert len(kept) == len(NAMES) - 1
    assert contents(samples) == before


def test_a_file_in_the_way_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"mine")
    with pytest.raises(DiskError, match=r"The folder taken can't be written: .+") as caught:
        write_samples(tmp_path / "taken")
    assert str(caught.value.todo) == "Choose another folder."
    assert (tmp_path / "taken").read_bytes() == b"mine"


@pytest.mark.skipif(sys.platform == "win32", reason="a dangling link needs rights there")
def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "station.toml").symlink_to(tmp_path / "elsewhere.toml")
    write_samples(tmp_path)
    assert not (tmp_path / "elsewhere.toml").exists()
