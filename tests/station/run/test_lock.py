"""One station on a data folder: who may not write there is told so, and holds nothing."""

from __future__ import annotations

from errno import EROFS
from pathlib import Path

import pytest

from config.access import StationLock
from config.base import DiskError
from config.disk import DataDir
from station.run import lock
from station.run.lock import only_station


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
