"""The receipt beside a take is a copy: whole at any time, and cheap."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from uploader.prove.receiptfile import receipt_path, write_receipt


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
