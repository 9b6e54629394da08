"""The receipt beside a take is a copy: whole at any time, and cheap."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from config.base import DiskError
from uploader.prove.receiptfile import receipt_path, remove_receipt, write_receipt


def test_a_receipt_is_whole_after_a_power_cut_and_waits_for_the_disk_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has it already; so the name may come later, but never a name without its bytes."""
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        steps.append("bytes" if stat.S_ISREG(os.fstat(handle).st_mode) else "name")
        fsync(handle)

    def renamed(path: Path, target: Path) -> Path:
        steps.append("renamed")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    take = tmp_path / "0001_song1_1.wav"
    write_receipt(take, {"v": 1, "take_id": "x"})
    assert steps == ["bytes", "renamed"]
    assert json.loads(receipt_path(take).read_text(encoding="utf-8"))["take_id"] == "x"


def test_a_disproven_receipt_is_removed_and_one_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    take = tmp_path / "0001_song1_1.wav"
    remove_receipt(take)
    write_receipt(take, {"v": 1})
    remove_receipt(take)
    assert not receipt_path(take).exists()


def test_a_disproven_receipt_that_can_t_be_removed_is_said_with_its_name(tmp_path: Path) -> None:
    take = tmp_path / "0001_song1_1.wav"
    receipt_path(take).mkdir()
    with pytest.raises(DiskError, match=receipt_path(take).name):
        remove_receipt(take)
