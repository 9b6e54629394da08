"""The one SQLite file of a station, opened so that a commit survives a power cut.

WAL with synchronous=FULL: with NORMAL the last commits may vanish at power loss
(sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from config.base import DiskError, say
from config.disk.files import is_there

VERSIONS = {"journal": 4, "queue": 6}
"""The newest version of each component's tables that this program knows; a step more makes it one more."""
BUSY_TIMEOUT_MS = 5000
BUSY_PAUSE_SECONDS = 0.02


class UnknownContentError(DiskError):
    """A row that no version of this program has written."""

    def __init__(self) -> None:
        super().__init__(
            say("The station's database holds something that this program does not know."),
            say("Run “station recover”: it puts the database aside and rebuilds it from the recordings."),
        )


def open_database(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Open `path` in autocommit mode; write with `transaction()`. Usable from several threads
    only under the caller's own lock. Raises sqlite3.Error, or DiskError where a newer program made it:
    nothing was written to it then."""
    uri = database_uri(path) + ("?mode=ro" if readonly else "")
    db = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
    )
    with closed_on_error(db):
        db.row_factory = sqlite3.Row
        for component, known in VERSIONS.items():
            _refuse_newer(component, version_of(db, component), known)
        db.execute("PRAGMA foreign_keys = ON")
        if not readonly:
            use_wal(db)
            db.execute("PRAGMA synchronous = FULL")
    return db


def use_wal(db: sqlite3.Connection) -> None:
    """Journal mode WAL, also where several open a new database at the same moment.

    SQLite does not wait for its busy timeout here where two could wait for each other
    (sqlite.org/c3ref/busy_handler.html); on Windows that happens. Raises sqlite3.Error after BUSY_TIMEOUT_MS.
    """
    deadline = monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > deadline:
                raise
            sleep(BUSY_PAUSE_SECONDS)
        else:
            return


def refuse_newer(path: Path) -> None:
    """For who will write only later: raises DiskError where a newer program made the database.

    Any other trouble with it is for later: a recording is worth more than its place in the queue.
    """
    with suppress(sqlite3.Error, OSError):
        if is_there(path):
            open_database(path, readonly=True).close()


@contextmanager
def closed_on_error(db: sqlite3.Connection) -> Iterator[None]:
    """For the time until somebody has the connection to close it: Windows moves no file that is open."""
    try:
        yield
    except BaseException:
        db.close()
        raise


def database_uri(path: Path) -> str:
    """What SQLite takes for a file: a network share of Windows is no host to it, but four slashes."""
    text = quote(os.fsencode(path.absolute().as_posix()), safe="/:")
    return f"file://{text}" if text.startswith("/") else f"file:///{text}"


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One immediate transaction: committed at the end of the block, rolled back on any error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Whether a table is there; to open a database for reading makes none."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return db.execute(query, (name,)).fetchone() is not None


def version_of(db: sqlite3.Connection, component: str) -> int:
    """Version of a component's tables; 0 where there are none."""
    if not has_table(db, "schema_versions"):
        return 0
    row = db.execute("SELECT version FROM schema_versions WHERE component = ?", (component,)).fetchone()
    if row is not None and not isinstance(row["version"], int):
        raise sqlite3.DatabaseError("a version that is no number")
    return int(row["version"]) if row else 0


def _refuse_newer(component: str, found: int, known: int) -> None:
    if found > known:
        raise DiskError(
            say(
                "The station's database was made by a newer program: “{component}” has version {found},"
                " this program knows {known}.",
                component=component,
                found=found,
                known=known,
            ),
            say("Use the newer program, or another data folder. Nothing in the database was changed."),
        )


def migrate(db: sqlite3.Connection, component: str, steps: Sequence[tuple[str, ...]]) -> None:
    """Bring the tables of one component up to date: run those of its steps not run before.

    Each component (journal, queue) keeps its own version, so that none needs to know the others' tables.
    A step is SQL statements, none of them a transaction command. Raises sqlite3.Error, or DiskError where
    the tables are newer than the steps.
    """
    with transaction(db):
        done = version_of(db, component)
        _refuse_newer(component, done, len(steps))
        if done == len(steps):
            return
        db.execute("CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER)")
        for statement in (statement for step in steps[done:] for statement in step):
            db.execute(statement)
        db.execute("INSERT OR REPLACE INTO schema_versions VALUES (?, ?)", (component, len(steps)))
