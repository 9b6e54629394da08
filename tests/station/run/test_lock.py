"""One station on a data folder: who may not write there is told so, and holds nothing."""

from __future__ import annotations

import os
import sys
from errno import EROFS
from pathlib import Path

import pytest

from config.access import LockHeldError, StationLock
from config.base import AlreadyRunningError, DiskError
from config.disk import DataDir
from station.run import lock
from station.run.lock import only_station
from station.words import talk


def test_a_folder_that_can_not_be_kept_from_others_is_said_and_its_lock_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise OSError(EROFS, "Read-only file system")

    monkeypatch.setattr(lock, "make_private", refused)
    data, entered = DataDir(tmp_path), False
    with (
        pytest.raises(DiskError, match="can't be written") as caught,
        only_station(data, tmp_path / "roster.csv"),
    ):
        entered = True
    assert not entered, "nothing begins on a folder that can't be written"
    assert caught.value.__traceback__, "whoever still looks at the error holds no lock by that"
    free = StationLock(data.lock)
    free.acquire()
    free.release()


def is_free(data: DataDir) -> bool:
    lock = StationLock(data.lock)
    try:
        lock.acquire()
    except LockHeldError:
        return False
    lock.release()
    return True


def test_a_second_station_is_sent_to_the_window_of_the_first(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "new" / "data")
    with only_station(data):
        assert not is_free(data)
        with pytest.raises(AlreadyRunningError, match="already running"), only_station(data):
            pytest.fail("two at a time")
        assert not is_free(data), "the first one still holds it"
    assert is_free(data)


def test_a_station_that_ends_badly_leaves_the_folder_free(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    with pytest.raises(ZeroDivisionError), only_station(data):
        raise ZeroDivisionError
    assert is_free(data)


@pytest.mark.parametrize("mended", [0, 3])
def test_what_others_could_read_is_closed_and_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mended: int
) -> None:
    told: list[str] = []
    asked: list[tuple[object, ...]] = []

    def close(*places: object) -> int:
        asked.append(places)
        return mended

    monkeypatch.setattr(lock, "make_private", close)
    monkeypatch.setattr(talk, "tell", lambda message: told.append(str(message)))
    data, roster = DataDir(tmp_path), tmp_path / "roster.csv"
    with only_station(data, roster):
        pass
    assert asked == [(data, roster)]
    assert [("3 files" in text) for text in told] == [True] * bool(mended)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has lists of rights instead")
def test_what_is_written_from_now_on_only_this_account_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(talk, "tell", told.append)
    before = os.umask(0o022)
    try:
        with only_station(DataDir(tmp_path / "data")):
            (tmp_path / "data" / "take.wav").touch()
        assert (tmp_path / "data" / "take.wav").stat().st_mode & 0o077 == 0
        assert told == [], "of a new folder nobody could read anything"
    finally:
        os.umask(before)
