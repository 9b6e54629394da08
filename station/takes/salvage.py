"""A database that can't be used: put aside, never deleted, and what its journal still tells taken over."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from config.base import DiskError
from config.disk import (
    DataDir,
    UnknownContentError,
    database_uri,
    is_file,
    is_there,
    open_database,
    put_in_place,
)
from station.session.journal import Journal
from uploader.queue import Queue, unusable

log = logging.getLogger(__name__)
SUFFIXES = ("", "-wal", "-shm")
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""The last: tables or columns are missing."""
PRIMARY_CODE = 0xFF


def healthy(data: DataDir) -> bool:
    """Whether SQLite finds no damage (PRAGMA quick_check) and every row is one of ours.

    Raises DiskError where that can't be told, or where a newer program made the database.
    """
    if not is_file(data.database):
        return False
    try:
        with closing(open_database(data.database)) as db:
            if db.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                return False
        return _is_ours(data)
    except sqlite3.DatabaseError as error:
        if _is_damage(error):
            return False
        raise unusable(error) from error


def _is_damage(error: BaseException | None) -> bool:
    # A full disk or a lock is no damage: the database must stay where it is.
    return isinstance(error, sqlite3.Error) and (
        getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE in DAMAGED
        or type(error) in (sqlite3.DatabaseError, sqlite3.ProgrammingError)
    )


def _is_ours(data: DataDir) -> bool:
    try:
        with closing(Queue.open(data.database)) as queue:
            for row in queue.rows():
                queue.receipt(row.take_id)
                if row.endpoint:
                    queue.known_server(row.endpoint)
        with closing(Journal(data, "")) as journal:
            sessions = journal.sessions()
        for session in sessions:
            with closing(Journal(data, session)) as journal:
                journal.entries()
    except UnknownContentError as error:
        log.warning("the database holds what is none of ours: %r", error.__cause__)
        return False
    except DiskError as error:
        if _is_damage(error.__cause__):
            return False
        raise
    return True


def put_aside(data: DataDir) -> list[Path]:
    """Rename a database that can't be used, with its side files, and begin a new one with its journal."""
    stamp = f"{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    moved = []
    for suffix in SUFFIXES:
        old = data.database.with_name(data.database.name + suffix)
        if is_there(old):
            new = data.database.with_name(f"{data.database.name}.damaged-{stamp}{suffix}")
            put_in_place(old, new, synced=True)
            moved.append(new)
    if moved:
        with closing(Journal(data, "")) as journal:
            count = journal.take_over(_entries(moved[0]))
        log.warning("%d entries of the journal were taken over from %s", count, moved[0].name)
    return moved


def _entries(damaged: Path) -> Iterator[tuple[object, ...]]:
    """As many as can be read."""
    try:
        with closing(sqlite3.connect(f"{database_uri(damaged)}?mode=ro", uri=True)) as db:
            db.text_factory = lambda data: data.decode("utf-8", "replace")
            columns = {row[1] for row in db.execute("PRAGMA table_info(journal)")}
            who = "who" if "who" in columns else "''"
            yield from db.execute(f"SELECT session, at, kind, body, {who} FROM journal ORDER BY seq")
    except sqlite3.Error as error:
        log.warning("no more of the journal can be read: %s", error)
