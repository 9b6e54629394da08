"""A data folder that is copied or moved knows its own takes, and touches no other folder's."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import TusServer
from uploader.carry.retention import purge
from uploader.queue.place import located, relative, written
from uploader.queue.queue import Queue


def one_take(data: Path) -> str:
    with closing(Queue.open(data / "station.db")) as queue:
        take = new_take(data / "takes" / "afternoon")
        queue.add(take)
    return take.take_id


def stored(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / "station.db")) as db:
        return [path for (path,) in db.execute("SELECT path FROM deliveries")]


def store(data: Path, path: object) -> None:
    with closing(sqlite3.connect(data / "station.db")) as db, db:
        db.execute("UPDATE deliveries SET path = ?", (str(path),))


def test_the_database_holds_no_place_of_this_computer(tmp_path: Path) -> None:
    one_take(tmp_path / "data")
    assert stored(tmp_path / "data") == ["takes/afternoon/S001_song1_1.wav"]


def test_a_moved_folder_goes_on_with_its_takes(tmp_path: Path) -> None:
    take_id = one_take(tmp_path / "data")
    (tmp_path / "data").rename(tmp_path / "moved")
    with closing(Queue.open(tmp_path / "moved" / "station.db", readonly=True)) as queue:
        row = queue.row(take_id)
    assert row.path == tmp_path / "moved" / "takes" / "afternoon" / "S001_song1_1.wav"
    assert row.as_json()["path"] == str(row.path)
    assert row.path.is_file()


def test_remove_in_a_copy_leaves_the_original_alone(uploader: Make, tmp_path: Path) -> None:
    """Also where the first version wrote whole paths into the database that was copied."""
    data, copy = tmp_path / "data", tmp_path / "copy"
    take_id = one_take(data)
    with TusServer() as server:
        with closing(Queue.open(data / "station.db")) as queue:
            uploader(server.url, of=queue).run_once()
            original = queue.row(take_id).path
        store(data, original)
        shutil.copytree(data, copy)
        with closing(Queue.open(copy / "station.db")) as queue:
            removed = purge(queue, uploader(server.url, of=queue).recheck, [take_id]).removed
    assert removed == (take_id,)
    assert original.is_file()
    assert not (copy / "takes" / "afternoon" / original.name).exists()


@pytest.mark.parametrize(
    "old",
    [
        "/home/old/data/takes/afternoon/S001_song1_1.wav",
        "D:\\station\\data\\takes\\afternoon\\S001_song1_1.wav",
        "\\\\server\\share\\data\\takes\\afternoon\\S001_song1_1.wav",
    ],
)
def test_whole_paths_of_before_are_mended_when_the_queue_is_opened(tmp_path: Path, old: str) -> None:
    take_id = one_take(tmp_path / "data")
    store(tmp_path / "data", old)
    database = tmp_path / "data" / "station.db"
    with closing(Queue.open(database, readonly=True)) as queue:
        assert queue.row(take_id).path.is_file(), "to look at it mends nothing, and finds it"
    assert stored(tmp_path / "data") == [old]
    Queue.open(database).close()
    assert stored(tmp_path / "data") == ["takes/afternoon/S001_song1_1.wav"]


@pytest.mark.parametrize("path", ["../../elsewhere.wav", "/etc/hostname", "takes/afternoon/link.wav"])
def test_nothing_outside_the_data_folder_is_ever_removed(uploader: Make, tmp_path: Path, path: str) -> None:
    data = tmp_path / "a" / "data"
    take_id = one_take(data)
    with TusServer() as server, closing(Queue.open(data / "station.db")) as queue:
        worker = uploader(server.url, of=queue)
        worker.run_once()
        take = queue.row(take_id).path
        elsewhere = tmp_path / "elsewhere.wav"
        shutil.copy(take, elsewhere)
        (take.parent / "link.wav").symlink_to(elsewhere)
        store(data, path)
        assert purge(queue, worker.recheck, [take_id]).removed == ()
    assert elsewhere.is_file()
    assert take.is_file()


def test_what_is_written_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "takes" / "s" / "x.wav"
    assert located(str(tmp_path), written(tmp_path, path)) == str(path)
    assert written(tmp_path, tmp_path / "takes" / ".." / "takes" / "s" / "x.wav") == "takes/s/x.wav"
    assert relative(tmp_path, "/elsewhere/x.wav") == "/elsewhere/x.wav", (
        "no place where the station puts takes"
    )
