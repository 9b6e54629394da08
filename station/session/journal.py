"""The journal: every accepted event of a session, durable before its effects begin.

1. append() returns after the commit is on the disk (WAL, synchronous=FULL).
2. Events are read back in order; a class that this version does not know stops the replay with a
   clear error, since guessing at a pupil's state is worse than stopping.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any, get_args

from pydantic import TypeAdapter

from config.base import DiskError, say
from config.disk import (
    DataDir,
    UnknownContentError,
    closed_on_error,
    has_table,
    migrate,
    open_database,
    transaction,
)
from station.session import events
from station.session.chain import Entry, linked

SCHEMA = (
    (
        """
        CREATE TABLE journal (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            session TEXT NOT NULL,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            body TEXT NOT NULL
        )
        """,
        "CREATE INDEX journal_session ON journal (session, seq)",
    ),
    # Advice is a code from here on: an older program can't show it.
    (),
    # station.session.chain; entries from before have no link.
    ("ALTER TABLE journal ADD COLUMN link TEXT NOT NULL DEFAULT ''",),
    # Stages, which an older program does not know, and who answered for an entry.
    ("ALTER TABLE journal ADD COLUMN who TEXT NOT NULL DEFAULT ''",),
)
_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(events.Event)}


def _is_entry(row: tuple[object, ...]) -> bool:
    session, at, kind, body, _ = row
    try:
        datetime.fromisoformat(str(at))
        _ADAPTERS[str(kind)].validate_json(str(body))
    except (KeyError, ValueError):
        return False
    return isinstance(session, str)


class Journal:
    """The journal of one session in the station's database. Raises DiskError."""

    def __init__(self, data: DataDir, session_id: str, *, readonly: bool = False) -> None:
        """A read-only journal needs a database, and has no entries where it holds none."""
        self.session_id = session_id
        try:
            if not readonly:
                data.root.mkdir(parents=True, exist_ok=True)
            self._db = open_database(data.database, readonly=readonly)
            with closed_on_error(self._db):
                if not readonly:
                    migrate(self._db, "journal", SCHEMA)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def append(self, event: events.Event, who: str = "") -> None:
        """`who` answers for it; empty for nobody."""
        adapter = _ADAPTERS[type(event).__name__]
        row = (
            self.session_id,
            datetime.now().astimezone().isoformat(timespec="milliseconds"),
            type(event).__name__,
            adapter.dump_json(event).decode("utf-8"),
            who,
        )
        try:
            with transaction(self._db):
                self._insert(row)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _insert(self, row: tuple[str, str, str, str, str]) -> None:
        """One entry, chained to the one before it in its session."""
        query = "SELECT link FROM journal WHERE session = ? ORDER BY seq DESC LIMIT 1"
        last = self._db.execute(query, (row[0],)).fetchone()
        link = linked(row[0], last["link"] if last is not None else "", *row[1:])
        self._db.execute(
            "INSERT INTO journal (session, at, kind, body, who, link) VALUES (?, ?, ?, ?, ?, ?)", (*row, link)
        )

    def head(self) -> str:
        """Link of the last entry; empty where there is none, or where no link is known."""
        try:
            if not has_table(self._db, "journal"):
                return ""
            query = "SELECT * FROM journal WHERE session = ? ORDER BY seq DESC LIMIT 1"
            last = self._db.execute(query, (self.session_id,)).fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return str(last["link"]) if last is not None and "link" in last.keys() else ""  # noqa: SIM118 - a Row

    def chain(self) -> list[Entry]:
        """All entries of the session as they stand in the database, oldest first."""
        try:
            if not has_table(self._db, "journal"):
                return []
            columns = {row["name"] for row in self._db.execute("PRAGMA table_info(journal)")}
            link, who = (name if name in columns else f"'' AS {name}" for name in ("link", "who"))
            query = f"SELECT at, kind, body, {link}, {who} FROM journal WHERE session = ? ORDER BY seq"
            rows = self._db.execute(query, (self.session_id,)).fetchall()
            return [Entry(*map(str, row)) for row in rows]
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def sessions(self) -> set[str]:
        """All sessions that the database holds entries of."""
        try:
            if not has_table(self._db, "journal"):
                return set()
            return {str(name) for (name,) in self._db.execute("SELECT DISTINCT session FROM journal")}
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def entries(self) -> list[tuple[events.Event, float]]:
        """All events of the session with their times in Unix seconds, oldest first."""
        try:
            if not has_table(self._db, "journal"):
                return []
            rows = self._db.execute(
                "SELECT at, kind, body FROM journal WHERE session = ? ORDER BY seq", (self.session_id,)
            ).fetchall()
            return [
                (
                    _ADAPTERS[row["kind"]].validate_json(row["body"]),
                    datetime.fromisoformat(row["at"]).timestamp(),
                )
                for row in rows
            ]
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        except (KeyError, ValueError, TypeError) as error:
            # pydantic's ValidationError is a ValueError, too.
            raise UnknownContentError from error

    def take_over(self, rows: Iterable[tuple[object, ...]]) -> int:
        """Enter what a damaged journal still tells, of all sessions; how many entries.

        Each row has session, time, kind, body and who answered for it. A session ends at the first entry that
        can't be read: what came after it would mean something else.
        """
        ended: set[object] = set()
        count = 0
        try:
            with transaction(self._db):
                for row in rows:
                    if row[0] in ended or not _is_entry(row):
                        ended.add(row[0])
                        continue
                    self._insert((str(row[0]), str(row[1]), str(row[2]), str(row[3]), str(row[4])))
                    count += 1
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return count

    def close(self) -> None:
        self._db.close()

    @staticmethod
    def _unusable(error: Exception) -> DiskError:
        return DiskError(
            say("The station's database can't be used: {detail}", detail=str(error).splitlines()[0]),
            say("Check that the data folder is writable and has free space, then run “station recover”."),
        )
