"""The one SQLite file of a station, opened so that a commit survives a power cut.

WAL with synchronous=FULL: with NORMAL the last commits may vanish at power loss
(sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

BUSY_TIMEOUT_MS = 5000


def open_database(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """Open `path` in autocommit mode; write with `transaction()`. Usable from several threads
    only under the caller's own lock. Raises sqlite3.Error."""
    uri = database_uri(path) + ("?mode=ro" if readonly else "")
    db = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
    )
    with closed_on_error(db):
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        if not readonly:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
    return db


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


def migrate(db: sqlite3.Connection, component: str, steps: Sequence[str]) -> None:
    """Bring the tables of one component up to date: run those of its scripts not run before.

    Each component (journal, takes, queue) keeps its own version, so that none needs to know
    the others' tables. A script is one or more SQL statements without transaction commands.
    """
    with transaction(db):
        db.execute("CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER)")
        row = db.execute("SELECT version FROM schema_versions WHERE component = ?", (component,)).fetchone()
        done = row["version"] if row else 0
        for script in steps[done:]:
            for statement in filter(str.strip, script.split(";")):
                db.execute(statement)
        db.execute(
            "INSERT OR REPLACE INTO schema_versions VALUES (?, ?)",
            (component, max(done, len(steps))),
        )
