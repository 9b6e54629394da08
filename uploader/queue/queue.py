"""The durable queue: one row per take, every change and its event in one commit.

1. Thread safe: one connection under one lock; another process may pause, resume and retry meanwhile.
2. A take enters once (by its id), however often it is added.
3. Nothing is ever deleted from it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from config.base import Message, say
from config.disk import closed_on_error, is_there, migrate, open_database
from uploader.faults import SHARED, DeliveryError, Kind
from uploader.queue.row import Row, json_of
from uploader.queue.schema import STEPS
from uploader.queue.states import ACTIVE, OPEN, State
from uploader.queue.store import Store, texts, unusable
from uploader.queue.take import FinishedTake

HORIZON_SECONDS = 2 * 3600.0
"""No wait is longer; a later time comes from a clock that was wrong."""


class Queue(Store):
    """Use `Queue.open`. Every method raises DiskError where the database fails."""

    @classmethod
    def open(cls, path: Path, readonly: bool = False, clock: Callable[[], float] = time.time) -> Queue:
        """Open or create. A read-only queue needs a database that has one."""
        try:
            if not readonly:
                path.parent.mkdir(parents=True, exist_ok=True)
            db = open_database(path, readonly=readonly)
            with closed_on_error(db):
                if not readonly:
                    migrate(db, "queue", STEPS)
                return cls(db, clock)
        except (sqlite3.Error, OSError) as error:
            raise unusable(error) from error

    # --- for everybody

    def add(self, take: FinishedTake, *, just_read: bool = False) -> bool:
        """Enter a take; False when it is known. Raises DeliveryError where the id has another recording.

        `just_read`: its digest was taken from the disk a moment ago.
        """
        with self._write() as db:
            known = self._select("WHERE take_id = ?", take.take_id)
            if known:
                return self._add_again(take, known[0])
            now = self._clock()
            facts = {
                **vars(take),
                "path": str(take.path.absolute()),
                "compared_at": now if just_read else None,
                "created_at": now,
                "updated_at": now,
            }
            names = ", ".join(facts)
            db.execute(f"INSERT INTO deliveries ({names}) VALUES ({_marks(facts)})", tuple(facts.values()))
            self._note(take.take_id, "added", {"size": take.size, "sha256": take.sha256})
            return True

    def _add_again(self, take: FinishedTake, known: Row) -> bool:
        if known.sha256 != take.sha256 or known.size != take.size:
            raise DeliveryError(
                say("{file} has the id of another recording.", file=take.path.name),
                say("Keep both files and ask the district's technician."),
            )
        if known.path != take.path.absolute() and not is_there(known.path):
            path = str(take.path.absolute())
            self.change(known.take_id, "moved", path=path, mtime_ns=take.mtime_ns, compared_at=None)
        if known.state is State.MISSING:
            self.change(known.take_id, "found", state=State.QUEUED, error=None, error_kind=None)
        return False

    def pause(self, take_id: str | None = None) -> None:
        """Stop delivering: this take, or all."""
        self._set_paused(take_id, True)

    def resume(self, take_id: str | None = None) -> None:
        self._set_paused(take_id, False)

    def _set_paused(self, take_id: str | None, paused: bool) -> None:
        with self._write() as db:
            if take_id is None:
                db.execute(
                    "INSERT OR REPLACE INTO delivery_control VALUES ('paused', ?)", (str(int(paused)),)
                )
            else:
                self.row(take_id)
                db.execute("UPDATE deliveries SET paused = ? WHERE take_id = ?", (int(paused), take_id))
                db.execute(
                    "UPDATE deliveries SET error = NULL, error_kind = NULL"
                    " WHERE take_id = ? AND error_kind = 'carried'",
                    (take_id,),
                )
            self._note(take_id, "paused" if paused else "resumed")

    def retry(self, take_id: str | None = None) -> None:
        """Try at once what waits, needs help or is missing, and prove what is not proven: one take, or all.

        For a take that is named somebody has asked the centre: "sent" becomes "not confirmed" unless the
        server still shows it, and "not confirmed" is sent anew.
        """
        states = [State.WAITING, State.BLOCKED, State.MISSING]
        more = ""
        state = None if take_id is None else self.row(take_id).state
        if state is State.UNCONFIRMED:
            states.append(State.UNCONFIRMED)
            more = ", upload_url = NULL, offset = 0, sending_to = 0, checked = 1, verify_level = NULL"
        with self._write() as db:
            if state is State.SENT:
                db.execute("UPDATE deliveries SET state = 'unconfirmed' WHERE take_id = ?", (take_id,))
            db.execute(
                f"""
                UPDATE deliveries SET state = 'queued', due_at = NULL, failures = 0, restarts = 0,
                    error = NULL, error_kind = NULL{more}
                WHERE state IN ({texts(states)}) AND (? IS NULL OR take_id = ?)
                """,
                (take_id, take_id),
            )
            db.execute(
                """
                UPDATE deliveries SET due_at = ? WHERE (? IS NULL OR take_id = ?)
                    AND (due_at IS NOT NULL OR state IN ('sent', 'unconfirmed'))
                """,
                (self._clock(), take_id, take_id),
            )
            self._note(take_id, "retry")

    # --- for the uploader

    def due(self, claimed: Collection[str] = ()) -> Row | None:
        """The oldest row that can be worked on now; what is only to be proven comes last."""
        now = self._clock()
        condition = f"""
            WHERE NOT paused AND (state IN ({texts(OPEN - {State.WAITING})}) OR due_at <= ? OR due_at > ?)
                AND take_id NOT IN (SELECT value FROM json_each(?))
            ORDER BY state IN ('sent', 'verified', 'unconfirmed'), seq LIMIT 1
        """
        found = self._select(condition, now, now + HORIZON_SECONDS, json.dumps(list(claimed)))
        return found[0] if found else None

    def next_due(self) -> float | None:
        """Unix time at which the next waiting row becomes due; None where none waits."""
        with self._read() as db:
            row = db.execute("SELECT MIN(due_at) AS at FROM deliveries WHERE NOT paused").fetchone()
        return None if row["at"] is None else float(row["at"])

    def is_active(self, take_id: str) -> bool:
        """Whether a worker has it in hand, paused or not; after a crash also what one had."""
        query = f"SELECT 1 FROM deliveries WHERE take_id = ? AND state IN ({texts(ACTIVE)})"
        with self._read() as db:
            return db.execute(query, (take_id,)).fetchone() is not None

    def bytes_left(self) -> int:
        """Bytes that the server does not have yet, of all takes that the uploader goes on with."""
        query = f"""
            SELECT SUM(COALESCE(wire_size, size) - offset) AS bytes FROM deliveries
            WHERE state IN ({texts(OPEN)}) AND NOT paused
        """
        with self._read() as db:
            return int(db.execute(query).fetchone()["bytes"] or 0)

    def change(self, take_id: str, event: str, *, lasting: bool = True, **columns: Any) -> Row:
        """Set columns of one row and note the event, in one commit; returns the new row.

        `lasting=False` spares the disk where a power cut may forget the change: a kill does not.
        """
        if "error" in columns and isinstance(columns["error"], Message):
            columns["error"] = json_of(columns["error"])
        columns["updated_at"] = self._clock()
        assignments = ", ".join(f"{name} = ?" for name in columns)
        with self._write(lasting=lasting) as db:
            db.execute(f"UPDATE deliveries SET {assignments} WHERE take_id = ?", (*columns.values(), take_id))
            if event:
                shown: dict[str, Any] = {
                    name: columns[name] for name in ("state", "offset", "upload_url") if name in columns
                }
                self._note(take_id, event, {**shown, "kind": columns.get("error_kind")})
            return self.row(take_id)

    def spread(self, state: State, kind: Kind, error: Message, due_at: float) -> None:
        """All that could be sent now waits for the same reason: the server, not a take, is the trouble."""
        with self._write() as db:
            db.execute(
                """
                UPDATE deliveries SET state = ?, error_kind = ?, error = ?, due_at = ?
                WHERE state IN ('queued', 'waiting') AND NOT paused
                """,
                (state, kind, json_of(error), due_at),
            )
            self._note(None, "all_wait", {"kind": kind})

    def wake(self) -> None:
        """What waits because of network or server may be tried at once."""
        with self._write() as db:
            changed = db.execute(
                f"""
                UPDATE deliveries SET state = 'queued', due_at = NULL, error = NULL, error_kind = NULL
                WHERE state IN ('waiting', 'blocked') AND error_kind IN ({texts(SHARED)})
                """
            ).rowcount
            if changed:
                self._note(None, "woken", {"count": changed})

    def reset_active(self) -> None:
        """After a crash: what was being worked on begins again. Only for the owner of the data folder."""
        with self._write() as db:
            db.execute(f"UPDATE deliveries SET state = 'queued' WHERE state IN ({texts(ACTIVE)})")


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))
