"""A database that can't be used: what is damage and what is not, and what is kept of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.base import DiskError
from config.disk import DataDir, database
from station.session.events import Event, IncidentNoted, MarkedAbsent, PupilNamed
from station.session.journal import Journal
from station.takes import salvage
from station.takes.salvage import healthy, put_aside
from tests.uploader.takes import new_take
from uploader.queue import Queue

NOON = "2026-11-26T12:00:00+08:00"
ENTRIES: tuple[tuple[str, Event, str], ...] = (
    ("morning", MarkedAbsent("0109", "absent"), "王老师"),
    ("morning", PupilNamed("0107"), ""),
    ("afternoon", IncidentNoted(NOON, "fire drill"), "李老师"),
)
ENDPOINT = "https://centre.example/files/"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions, a take in the queue with its proof, and a server that is known."""
    data = DataDir(tmp_path_factory.mktemp("made"))
    for session, event, who in ENTRIES:
        with closing(Journal(data, session)) as journal:
            journal.append(event, who)
    with closing(Queue.open(data.database)) as queue:
        queue.add(new_take(data.session("morning"), 107, 6_044))
    run(data, "UPDATE deliveries SET receipt = '{}', endpoint = ?", ENDPOINT)
    return data.root


@pytest.fixture
def data(made: Path, tmp_path: Path) -> DataDir:
    shutil.copytree(made, tmp_path / "data")
    return DataDir(tmp_path / "data")


def run(data: DataDir, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(data.database)) as db, db:
        db.execute(statement, values)


def kept(data: DataDir) -> list[tuple[str, Event, str]]:
    found = []
    for session in ("morning", "afternoon"):
        with closing(Journal(data, session, readonly=True)) as journal:
            whose = [entry.who for entry in journal.chain()]
            found += [(session, event, who) for (event, _), who in zip(journal.entries(), whose, strict=True)]
    return found


NOT_OURS: dict[str, str] = {
    "a state": "UPDATE deliveries SET state = 'dreaming'",
    "a level": "UPDATE deliveries SET verify_level = 77",
    "a receipt": "UPDATE deliveries SET receipt = '[]'",
    "an event of the last session": "UPDATE journal SET kind = 'Danced' WHERE session = 'morning'",
    "an event of the first session": "UPDATE journal SET kind = 'Danced' WHERE session = 'afternoon'",
    "a table": "DROP TABLE deliveries",
    "a column": "ALTER TABLE deliveries DROP COLUMN sha256",
    "what a server can do": f"INSERT INTO servers VALUES ('{ENDPOINT}', '[]')",
    "a version": "UPDATE schema_versions SET version = 'three'",
}


def test_a_database_of_ours_is_healthy_and_none_is_not(data: DataDir, tmp_path: Path) -> None:
    assert healthy(data)
    assert not healthy(DataDir(tmp_path / "elsewhere"))
    assert not (tmp_path / "elsewhere").exists(), "to ask makes nothing"


@pytest.mark.parametrize("name", sorted(NOT_OURS))
def test_a_database_with_what_this_program_never_wrote_is_not_healthy(data: DataDir, name: str) -> None:
    run(data, NOT_OURS[name])
    assert healthy(data) is False


def test_bytes_that_no_query_of_ours_reads_are_damage_too(data: DataDir) -> None:
    run(data, "CREATE TABLE notes (text TEXT)")
    assert healthy(data)
    with closing(sqlite3.connect(data.database)) as db:
        [page] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'notes'").fetchone()
        [size] = db.execute("PRAGMA page_size").fetchone()
    whole = data.database.read_bytes()
    at = (page - 1) * size
    data.database.write_bytes(whole[:at] + b"\xff" * 8 + whole[at + 8 :])
    assert healthy(data) is False


def test_a_database_that_is_no_file_is_not_healthy_and_goes_out_of_the_way(data: DataDir) -> None:
    for path in data.root.glob("station.db*"):
        path.unlink()
    data.database.mkdir()
    assert healthy(data) is False
    [aside] = put_aside(data)
    assert aside.is_dir()
    assert healthy(data)


@pytest.fixture
def held(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody else works on the database, for longer than anybody waits."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(data.database, isolation_level=None)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        yield


@pytest.mark.usefixtures("held")
def test_a_database_that_somebody_else_holds_is_said_and_not_called_damaged(data: DataDir) -> None:
    with pytest.raises(DiskError, match="can't be used"):
        healthy(data)


def test_one_that_gets_held_while_it_is_looked_through_is_not_called_damaged(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a virus scanner that begins between two looks."""

    def locked(journal: Journal) -> set[str]:
        raise DiskError("busy", "wait") from sqlite3.OperationalError("database is locked")  # type: ignore[arg-type]

    monkeypatch.setattr(Journal, "sessions", locked)
    with pytest.raises(DiskError, match="busy"):
        healthy(data)


def test_a_database_of_a_newer_program_is_said_and_not_called_damaged(data: DataDir) -> None:
    run(data, "UPDATE schema_versions SET version = 99")
    with pytest.raises(DiskError, match="newer program"):
        healthy(data)


def code(number: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("as SQLite says it")
    error.sqlite_errorcode = number
    return error


IS_DAMAGE: dict[str, tuple[sqlite3.Error, bool]] = {
    "corrupt": (code(sqlite3.SQLITE_CORRUPT), True),
    "corrupt, and of which kind": (code(sqlite3.SQLITE_CORRUPT | 2 << 8), True),
    "no database": (code(sqlite3.SQLITE_NOTADB), True),
    "no such column": (code(sqlite3.SQLITE_ERROR), True),
    "full": (code(sqlite3.SQLITE_FULL), False),
    "held": (code(sqlite3.SQLITE_BUSY), False),
    "unreadable": (code(sqlite3.SQLITE_IOERR | 1 << 8), False),
    "without a code": (sqlite3.DatabaseError("a version that is no number"), True),
    "of another kind, without a code": (sqlite3.IntegrityError("unique"), False),
}


@pytest.mark.parametrize("name", sorted(IS_DAMAGE))
def test_a_full_disk_is_no_damage_and_corruption_is(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A database that is only out of reach stays where it is."""
    error, damage = IS_DAMAGE[name]

    def fail(path: Path) -> sqlite3.Connection:
        raise error

    monkeypatch.setattr(salvage, "open_database", fail)
    if damage:
        assert healthy(data) is False
    else:
        with pytest.raises(DiskError):
            healthy(data)


def test_what_is_put_aside_goes_with_its_side_files_and_leaves_its_journal(data: DataDir) -> None:
    before = kept(data)
    assert before == list(ENTRIES)
    sides = {path.name: path.read_bytes() for path in data.root.glob("station.db*")}
    assert len(sides) == 3
    moved = put_aside(data)
    stamp = moved[0].name.removeprefix("station.db")
    assert stamp.startswith(".damaged-")
    assert {path.name.replace(stamp, "") for path in moved} == set(sides)
    assert moved[0].read_bytes() == sides["station.db"]
    assert kept(data) == before, "who was absent is known, and who said so"
    with closing(Queue.open(data.database)) as queue:
        assert queue.rows() == [], "the recordings are entered anew"
    assert healthy(data)


def test_what_was_only_in_the_side_file_is_kept_too(data: DataDir) -> None:
    """A commit stands in the WAL until it is copied into the database."""
    copies = {}
    with closing(Journal(data, "afternoon")) as journal:
        journal.append(PupilNamed("0108"))
        for path in data.root.glob("station.db*"):
            copies[path] = path.read_bytes()
    for path, content in copies.items():
        path.write_bytes(content)
    assert len(copies[data.database.with_name("station.db-wal")]) > 0
    moved = put_aside(data)
    assert {path.name.removeprefix(moved[0].name) for path in moved} >= {"", "-wal"}
    assert kept(data) == [*ENTRIES, ("afternoon", PupilNamed("0108"), "")]


def test_a_journal_from_before_persons_signed_is_kept_without_them(data: DataDir) -> None:
    run(data, "ALTER TABLE journal DROP COLUMN who")
    put_aside(data)
    assert kept(data) == [(session, event, "") for session, event, _ in ENTRIES]


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"no database" * 99), Path.unlink])
def test_where_nothing_can_be_read_the_afternoon_goes_on_with_an_empty_journal(
    data: DataDir, spoil: Callable[[Path], object]
) -> None:
    spoil(data.database)
    put_aside(data)
    if data.database.exists():
        assert kept(data) == []


def test_letters_that_were_spoilt_are_shown_as_such_and_do_not_end_the_rescue(data: DataDir) -> None:
    run(data, "UPDATE journal SET who = CAST(x'e78be8' AS TEXT) WHERE session = 'morning'")
    put_aside(data)
    assert [event for _, event, _ in kept(data)] == [event for _, event, _ in ENTRIES]


def test_a_file_of_letters_that_a_path_may_not_have_in_an_address_is_rescued_too(tmp_path: Path) -> None:
    data = DataDir(tmp_path / "数据 100%#")
    with closing(Journal(data, "afternoon")) as journal:
        journal.append(PupilNamed("0107"))
    put_aside(data)
    assert kept(data) == [("afternoon", PupilNamed("0107"), "")]
