"""fsync beside the writing: one at a time, never a fault that nobody hears of, nothing left open."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.file import syncing
from audio.file.syncing import Syncing


class Disk:
    """fsync that waits until it may end, and then perhaps fails."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_end = threading.Event()
        self.error: OSError | None = None

    def fsync(self, handle: int) -> None:
        self.asked += 1
        self.may_end.wait(30)
        if self.error is not None:
            raise self.error


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    found = Disk()
    monkeypatch.setattr(syncing, "fsync", found.fsync)
    yield found
    found.may_end.set()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "take.part.wav"
    path.write_bytes(b"RIFF")
    return path


def test_a_slow_disk_is_asked_once_at_a_time(disk: Disk, file: Path) -> None:
    sync = Syncing(file)
    assert sync.begin()
    assert not sync.begin()
    disk.may_end.set()
    sync.close()
    assert disk.asked == 1


def test_a_disk_that_fails_is_heard_of_at_the_next_block_or_at_the_end(disk: Disk, file: Path) -> None:
    disk.error = OSError(errno.EIO, "disk")
    disk.may_end.set()
    sync = Syncing(file)
    sync.begin()
    assert sync._thread is not None
    sync._thread.join()
    with pytest.raises(OSError, match="disk"):
        sync.begin()
    sync.begin()
    with pytest.raises(OSError, match="disk"):
        sync.close()


def test_a_closed_one_holds_neither_file_nor_thread(disk: Disk, file: Path) -> None:
    sync = Syncing(file)
    sync.begin()
    disk.may_end.set()
    sync.close()
    assert [thread for thread in threading.enumerate() if thread.name == "fsync"] == []
    file.replace(file.with_name("take.wav"))


def test_a_disk_that_fails_in_the_last_moment_is_heard_of_and_waited_for(disk: Disk, file: Path) -> None:
    disk.error = OSError(errno.EIO, "disk")
    sync = Syncing(file)
    sync.begin()
    ending = threading.Timer(0.05, disk.may_end.set)
    ending.start()
    try:
        with pytest.raises(OSError, match="disk"):
            sync.close()
    finally:
        ending.join()
