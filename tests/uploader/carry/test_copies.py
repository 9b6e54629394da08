"""A copy on a stick is read back from the stick before it counts, and replaces nothing by accident."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from config.base import DiskError
from config.disk import digest_of
from uploader.carry import packfile
from uploader.carry.packfile import are_files, copy_proven, read_bounded, write_json

SOUND = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(SOUND).hexdigest()
FOLDER = ["synced"] if sys.platform != "win32" else []


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "0107_song1_1.wav"
    path.write_bytes(SOUND)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "stick" / "station" / "session" / "0107_song1_1.wav"


def test_a_copy_is_synced_read_from_the_medium_and_only_then_has_its_name(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def read(path: Path, *, from_medium: bool = False) -> str:
        order.append(f"read {path.suffix} {from_medium}")
        return digest_of(path)

    monkeypatch.setattr(packfile, "digest_of", read)
    monkeypatch.setattr(os, "fsync", lambda handle: order.append("synced"))
    assert copy_proven(source, target, DIGEST)
    assert order == ["synced", "read .tmp True", *FOLDER], "once is enough"
    assert target.read_bytes() == SOUND
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    order.clear()
    assert copy_proven(source, target, DIGEST)
    assert order == ["read .wav True"], "it is there, and not written again"


def test_the_last_bytes_of_a_copy_are_synced_too(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.write_bytes(SOUND[:100])
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: sizes.append(os.fstat(handle).st_size))
    assert copy_proven(source, target, hashlib.sha256(SOUND[:100]).hexdigest())
    assert sizes[0] == 100


def test_a_stick_that_gives_back_other_bytes_has_no_copy(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packfile, "digest_of", lambda path, from_medium: "0" * 64)
    assert not copy_proven(source, target, DIGEST)
    assert list(target.parent.iterdir()) == []


def test_a_recording_with_other_bytes_than_its_facts_say_is_not_copied(source: Path, target: Path) -> None:
    assert not copy_proven(source, target, "0" * 64)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("over", [False, True])
def test_another_file_in_its_place_stays_unless_it_may_go(source: Path, target: Path, over: bool) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(b"another voice")
    assert not copy_proven(source, target, DIGEST)
    assert copy_proven(source, target, DIGEST, over=over) is over
    assert target.read_bytes() == (SOUND if over else b"another voice")


def test_a_source_that_is_gone_is_said_with_its_name(source: Path, target: Path) -> None:
    source.unlink()
    with pytest.raises(DiskError, match=source.name):
        copy_proven(source, target, DIGEST)


def test_a_pipe_in_the_place_of_a_recording_or_its_facts_holds_up_nothing(source: Path, target: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no pipes among files")
    assert are_files(source), "the facts may be missing"
    os.mkfifo(source.with_suffix(".json"))
    assert not are_files(source)
    assert not copy_proven(source.with_suffix(".json"), target, DIGEST)
    with pytest.raises(ValueError, match="no file"):
        read_bounded(source.with_suffix(".json"), 100)


def test_a_text_from_outside_is_read_up_to_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("a" * 100, encoding="utf-8")
    assert read_bounded(path, 100) == "a" * 100
    with pytest.raises(ValueError, match="more than 99"):
        read_bounded(path, 99)


def test_a_list_is_written_whole_in_letters_that_people_read(tmp_path: Path) -> None:
    path = tmp_path / "stick" / "station" / "list.json"
    write_json(path, {"station": "娄山"})
    assert "娄山" in path.read_text(encoding="utf-8")
    assert [found.name for found in path.parent.iterdir()] == ["list.json"]
