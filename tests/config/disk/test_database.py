"""The database file: durable by its settings, whole transactions, versions per component."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from config.base import DiskError, StationError
from config.disk import DataDir, database
from config.disk.database import VERSIONS, migrate, open_database, transaction, use_wal
from station.session.journal import Journal
from uploader.queue import Queue

STEPS = [
    ("CREATE TABLE takes (id TEXT PRIMARY KEY)",),
    ("ALTER TABLE takes ADD COLUMN size INTEGER", "CREATE TABLE signs (sign TEXT DEFAULT ';')"),
]


def names(db: sqlite3.Connection) -> list[str]:
    return [row["id"] for row in db.execute("SELECT id FROM takes ORDER BY id")]


def pragma(db: sqlite3.Connection, name: str) -> object:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


def test_commits_survive_a_power_cut(tmp_path: Path) -> None:
    """synchronous 2 is FULL; both settings hold for every connection, and a second one keeps them."""
    for _ in range(2):
        with closing(open_database(tmp_path / "station.db")) as db:
            assert pragma(db, "journal_mode") == "wal"
            assert pragma(db, "synchronous") == 2
            assert pragma(db, "foreign_keys") == 1


def test_a_killed_writer_loses_nothing_committed(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    program = (
        "import os, sys; from pathlib import Path\n"
        "from config.disk.database import *\n"
        "db = open_database(Path(sys.argv[1])); migrate(db, 'takes', [('CREATE TABLE takes (id TEXT)',)])\n"
        "with transaction(db): db.execute(\"INSERT INTO takes VALUES ('kept')\")\n"
        "db.execute('BEGIN IMMEDIATE'); db.execute(\"INSERT INTO takes VALUES ('open')\")\n"
        "print('ready', flush=True); sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        process.kill()
    with closing(open_database(path)) as db:
        assert names(db) == ["kept"]


@pytest.mark.parametrize(
    "name", ["station.db", "数据 100%#?.db" if sys.platform != "win32" else "数据 100%#.db"]
)
def test_any_folder_and_file_name(tmp_path: Path, name: str) -> None:
    with closing(open_database(tmp_path / name)) as db:
        migrate(db, "takes", STEPS)
    assert (tmp_path / name).is_file()


def test_transaction_commits(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "station.db")) as db:
        migrate(db, "takes", STEPS)
        with transaction(db):
            db.execute("INSERT INTO takes VALUES ('a', 1)")
        assert not db.in_transaction
        with closing(open_database(tmp_path / "station.db")) as other:
            assert names(other) == ["a"]


def _insert_and_raise(db: sqlite3.Connection, error: type[BaseException]) -> None:
    with transaction(db):
        db.execute("INSERT INTO takes VALUES ('a', 1)")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_transaction_rolls_back_on_any_error(tmp_path: Path, error: type[BaseException]) -> None:
    with closing(open_database(tmp_path / "station.db")) as db:
        migrate(db, "takes", STEPS)
        with pytest.raises(error):
            _insert_and_raise(db, error)
        assert not db.in_transaction
        assert names(db) == []
        with transaction(db):
            db.execute("INSERT INTO takes VALUES ('b', 1)")
        assert names(db) == ["b"]


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Both read before they write: with a deferred transaction one of them would fail."""
    path = tmp_path / "station.db"
    with closing(open_database(path)) as db:
        migrate(db, "takes", [("CREATE TABLE takes (id INTEGER)", "INSERT INTO takes VALUES (0)")])
    failed: list[sqlite3.Error] = []

    def count() -> None:
        with closing(open_database(path)) as db:
            for _ in range(20):
                try:
                    with transaction(db):
                        (value,) = db.execute("SELECT id FROM takes").fetchone()
                        db.execute("UPDATE takes SET id = ?", (value + 1,))
                except sqlite3.Error as error:
                    failed.append(error)

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(open_database(path)) as db:
        assert failed == []
        assert db.execute("SELECT id FROM takes").fetchone()[0] == 40


def test_readonly_reads_and_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    with closing(open_database(path)) as db:
        migrate(db, "takes", STEPS)
    with closing(open_database(path, readonly=True)) as db:
        assert names(db) == []
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("INSERT INTO takes VALUES ('a', 1)")
    with pytest.raises(sqlite3.OperationalError):
        open_database(tmp_path / "none.db", readonly=True).execute("SELECT 1 FROM takes")
    assert not (tmp_path / "none.db").exists()


def damaged(path: Path) -> None:
    path.write_bytes(b"not a database" * 1000)


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE schema_versions (nonsense TEXT)")


def journal(path: Path) -> Journal:
    return Journal(DataDir(path.parent), "s1")


@pytest.mark.parametrize(
    ("make", "opened"),
    [
        (damaged, open_database),
        (damaged, Queue.open),
        (damaged, journal),
        (foreign, Queue.open),
        (foreign, journal),
    ],
)
def test_a_database_that_is_not_opened_holds_no_file(
    tmp_path: Path, make: Callable[[Path], None], opened: Callable[[Path], object]
) -> None:
    """Windows could not move the damaged one aside while anybody has the error in hand."""
    path = DataDir(tmp_path).database
    make(path)
    with pytest.raises((sqlite3.Error, StationError)) as caught:
        opened(path)
    held = [Path(file.path) for file in psutil.Process().open_files()]
    assert caught.value
    assert path not in held


# --- versions


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "station.db")) as db:
        for _ in range(2):
            migrate(db, "takes", STEPS)
            db.execute("INSERT OR IGNORE INTO takes VALUES ('a', 1)")
        assert names(db) == ["a"]
        assert [tuple(row) for row in db.execute("SELECT * FROM schema_versions")] == [("takes", 2)]


def test_only_new_steps_run(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "station.db")) as db:
        migrate(db, "takes", STEPS[:1])
        db.execute("INSERT INTO takes VALUES ('old')")
        migrate(db, "takes", STEPS)
        assert tuple(db.execute("SELECT * FROM takes").fetchone()) == ("old", None)


def test_an_older_program_refuses_a_newer_database_and_leaves_it_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    with closing(open_database(path)) as db:
        migrate(db, "takes", STEPS)
        with pytest.raises(DiskError, match=r"has version 2, this program knows 1"):
            migrate(db, "takes", STEPS[:1])
        assert db.execute("SELECT version FROM schema_versions").fetchone()[0] == 2


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("component", list(VERSIONS))
def test_opening_alone_refuses_what_a_newer_program_made(
    tmp_path: Path, component: str, readonly: bool
) -> None:
    path = tmp_path / "station.db"
    newer = VERSIONS[component] + 4
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE schema_versions (component TEXT PRIMARY KEY, version INTEGER)")
        db.execute("INSERT INTO schema_versions VALUES (?, ?)", (component, newer))
        db.commit()
    before = path.read_bytes()
    with pytest.raises(DiskError, match=rf"{component}.*{newer}.*{VERSIONS[component]}"):
        open_database(path, readonly=readonly)
    assert [file.name for file in tmp_path.iterdir()] == ["station.db"]
    assert path.read_bytes() == before


def test_the_known_versions_are_those_of_the_steps() -> None:
    from station.session.journal import SCHEMA
    from uploader.queue.schema import STEPS as QUEUE

    assert {"journal": len(SCHEMA), "queue": len(QUEUE)} == VERSIONS


def test_components_do_not_know_each_other(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "station.db")) as db:
        migrate(db, "takes", STEPS)
        migrate(db, "queue", [("CREATE TABLE queue (id TEXT)",)])
        versions = {row["component"]: row["version"] for row in db.execute("SELECT * FROM schema_versions")}
        assert versions == {"takes": 2, "queue": 1}


def test_a_failed_step_leaves_nothing_behind(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "station.db")) as db:
        with pytest.raises(sqlite3.OperationalError):
            migrate(db, "takes", [*STEPS, ("CREATE TABLE more (id TEXT)", "NONSENSE")])
        tables = [row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert tables == []
        migrate(db, "takes", STEPS)
        assert names(db) == []


def held(path: Path) -> sqlite3.Connection:
    """A new database that another program is just making."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_who_opens_a_new_database_beside_others_waits_for_them(tmp_path: Path) -> None:
    """As on Windows, where SQLite says at once that it is busy."""
    other = held(tmp_path / "new.db")
    with closing(other), closing(sqlite3.connect(tmp_path / "new.db", timeout=0)) as db:
        later = threading.Timer(0.1, other.execute, ("COMMIT",))
        later.start()
        use_wal(db)
        later.join()
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_database_that_is_never_free_is_waited_for_no_longer_than_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    other = held(tmp_path / "new.db")
    with (
        closing(other),
        closing(sqlite3.connect(tmp_path / "new.db", timeout=0)) as db,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        use_wal(db)
