"""The queue's tables under one connection and one lock: what may be read, and how anything is written."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from config.base import DiskError, say
from config.disk import UnknownContentError, has_table, transaction
from uploader.ceilings import DAY, HOUR, STICKS
from uploader.faults import DeliveryError
from uploader.queue.row import COLUMNS, Row, row_of
from uploader.queue.states import OPEN, State


@dataclass(frozen=True)
class Control:
    paused: bool


@dataclass(frozen=True)
class Begun:
    """Uploads of one take, since a person last asked for one."""

    hour: int
    """Begun in the last hour."""
    day: int
    """Begun in the last day."""
    copies: int
    """Of which the server took the last byte, in the last day."""


class Store:
    """Every method raises DiskError where the database fails."""

    def __init__(self, db: sqlite3.Connection, root: Path, clock: Callable[[], float] = time.time) -> None:
        """`root`: the data folder, absolute."""
        self._db = db
        self.root = root
        self._clock = clock
        self._lock = threading.RLock()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @property
    def made(self) -> bool:
        """The queue's tables are there; to open a database for reading makes none."""
        with self._read() as db:
            return has_table(db, "deliveries")

    def rows(self) -> list[Row]:
        """All rows, oldest first."""
        return self._select("ORDER BY seq")

    def row(self, take_id: str) -> Row:
        """One row. Raises DeliveryError where there is none."""
        found = self.find(take_id)
        if found is None:
            raise DeliveryError(say("There is no recording {id} in the queue.", id=take_id))
        return found

    def find(self, take_id: str) -> Row | None:
        """One row, None where there is none."""
        found = self._select("WHERE take_id = ?", take_id)
        return found[0] if found else None

    def counts(self) -> Counter[State]:
        """Rows per state."""
        query = f"""
            SELECT CASE WHEN paused AND state IN ({texts(OPEN)}) THEN 'paused' ELSE state END AS shown,
                   COUNT(*) AS count FROM deliveries GROUP BY shown
        """
        with self._read() as db, understood():
            return Counter({State(row["shown"]): row["count"] for row in db.execute(query)})

    @property
    def control(self) -> Control:
        with self._read() as db:
            row = db.execute("SELECT value FROM delivery_control WHERE name = 'paused'").fetchone()
        return Control(paused=row is not None and row["value"] == "1")

    def receipt(self, take_id: str) -> dict[str, Any] | None:
        """The proof that is kept for a take."""
        with self._read() as db:
            row = db.execute("SELECT receipt FROM deliveries WHERE take_id = ?", (take_id,)).fetchone()
        with understood():
            return _object(row["receipt"]) if row is not None and row["receipt"] else None

    def begun(self, take_id: str) -> Begun:
        """How often an upload of this take was begun lately."""
        query = """
            SELECT kind, at FROM events
            WHERE take_id = :take_id AND kind IN ('created', 'sent') AND at BETWEEN :now - :day AND :now
                AND at > COALESCE((SELECT MAX(at) FROM events
                    WHERE take_id = :take_id AND kind IN ('retry', 'again') AND at <= :now), 0)
            ORDER BY seq
        """
        now = self._clock()
        with self._read() as db:
            found = db.execute(query, {"take_id": take_id, "now": now, "day": DAY}).fetchall()
        created = [row["at"] for row in found if row["kind"] == "created"]
        # One that is looked at again after its end is still the same upload.
        kinds = ["created", *(row["kind"] for row in found)]
        copies = sum(pair == ("created", "sent") for pair in pairwise(kinds))
        return Begun(sum(at > now - HOUR for at in created), len(created), copies)

    @property
    def origin(self) -> str:
        """Of this database: tells two computers with the same station id apart."""
        with self._write() as db:
            made = secrets.token_hex(4)
            db.execute("INSERT OR IGNORE INTO delivery_control VALUES ('origin', ?)", (made,))
            row = db.execute("SELECT value FROM delivery_control WHERE name = 'origin'").fetchone()
        return str(row["value"])

    @property
    def sticks(self) -> list[str]:
        """Folders of packs that were taken in here, the last ones; their receipts go back onto them."""
        with self._read() as db:
            row = db.execute("SELECT value FROM delivery_control WHERE name = 'sticks'").fetchone()
        return [str(folder) for folder in json.loads(row["value"])] if row is not None else []

    def remember_stick(self, folder: str) -> None:
        with self._write() as db:
            kept = [folder, *(other for other in self.sticks if other != folder)][:STICKS]
            db.execute("INSERT OR REPLACE INTO delivery_control VALUES ('sticks', ?)", (json.dumps(kept),))

    def known_server(self, endpoint: str) -> dict[str, Any]:
        """What was learnt about a server."""
        with self._read() as db:
            row = db.execute("SELECT known FROM servers WHERE endpoint = ?", (endpoint,)).fetchone()
        with understood():
            return _object(row["known"]) if row is not None else {}

    def learn_server(self, endpoint: str, **facts: Any) -> None:
        with self._write() as db:
            known = json.dumps({**self.known_server(endpoint), **facts})
            db.execute("INSERT OR REPLACE INTO servers VALUES (?, ?)", (endpoint, known))

    def free_abandoned(self, before: float) -> None:
        """What an export set aside and did not finish, because it was killed."""
        condition = "WHERE paused AND error_kind = 'carrying' AND updated_at < ?"
        if self._select(condition, before):
            with self._write() as db:
                db.execute(
                    f"UPDATE deliveries SET paused = 0, error = NULL, error_kind = NULL {condition}",
                    (before,),
                )

    def send_carried(self) -> int:
        """What was carried away on a stick is delivered from here after all; how many takes."""
        with self._write() as db:
            freed = db.execute(
                """
                UPDATE deliveries SET paused = 0, error = NULL, error_kind = NULL, due_at = NULL
                WHERE paused AND error_kind IN ('carried', 'carrying')
                """
            ).rowcount
            if freed:
                self._note(None, "send_carried", {"count": freed})
            return freed

    def _select(self, condition: str, *values: object, **named: object) -> list[Row]:
        """Rows by the end of an SQL statement."""
        with self._read() as db:
            cursor = db.cursor()
            # Plain tuples: names cost a third of a second in ten thousand rows.
            cursor.row_factory = None
            query = f"SELECT {COLUMNS} FROM deliveries {condition}"
            found = cursor.execute(query, named or values).fetchall()
        with understood():
            return [row_of(row, str(self.root)) for row in found]

    def _note(self, take_id: str | None, kind: str, detail: dict[str, Any] | None = None) -> None:
        text = json.dumps(detail) if detail else None
        self._db.execute(
            "INSERT INTO events (at, take_id, kind, detail) VALUES (?, ?, ?, ?)",
            (self._clock(), take_id, kind, text),
        )

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._db
            except (sqlite3.Error, UnicodeDecodeError) as error:
                # SQLite puts what it can't read into its message, and Python can't read that either.
                raise unusable(error) from error

    @contextmanager
    def _write(self, *, lasting: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction; inside another it joins that one.

        One that is not `lasting` survives the death of the process, but perhaps not a power cut.
        """
        with self._read() as db:
            if db.in_transaction:
                yield db
                return
            if not lasting:
                db.execute("PRAGMA synchronous = NORMAL")
            try:
                with transaction(db):
                    yield db
            finally:
                if not lasting:
                    db.execute("PRAGMA synchronous = FULL")


def texts(values: Collection[str]) -> str:
    """SQL list of our own constants."""
    return ", ".join(f"'{value}'" for value in sorted(values))


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("no JSON object")
    return found


@contextmanager
def understood() -> Iterator[None]:
    """Around what makes values of ours of a row. Raises UnknownContentError where it holds none of them."""
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnknownContentError from error


def unusable(error: Exception) -> DiskError:
    return DiskError(
        say("The station's database can't be used: {detail}", detail=str(error).splitlines()[0]),
        say("Check that the data folder is writable and has free space, then run “station recover”."),
    )
