"""A file that was written to is known by it, whatever date it was given afterwards."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from uploader.prove.changetime import change_time_ns


def test_a_change_is_seen_although_the_date_was_set_back(tmp_path: Path) -> None:
    path = tmp_path / "0107_song1_1.wav"
    path.write_bytes(b"sung")
    dated, before = path.stat().st_mtime_ns, change_time_ns(path)
    time.sleep(0.05)
    path.write_bytes(b"sand")
    os.utime(path, ns=(dated, dated))
    assert path.stat().st_mtime_ns == dated
    after = change_time_ns(path)
    assert before is not None
    assert after is not None
    assert 0 < after - before < 60e9
    assert abs(time.time() - after / 1e9) < 60


def test_nothing_changes_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "0107_song1_1.wav"
    path.write_bytes(b"sung")
    before = change_time_ns(path)
    time.sleep(0.05)
    path.read_bytes()
    assert change_time_ns(path) == before


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        change_time_ns(tmp_path / "gone.wav")
