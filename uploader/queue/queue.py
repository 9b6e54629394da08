"""The durable queue: one row per take, every change and its event in one commit.

1. Thread safe: one connection under one lock; another process may pause, resume and retry meanwhile.
2. A take enters once (by its id), however often it is added.
3. Nothing is ever deleted from it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Unpack

from config.base import Message, say
from config.disk import closed_on_error, is_there, migrate, open_database
from uploader.ceilings import CARRYING_SECONDS, DAY, HOUR
from uploader.faults import SHARED, DeliveryError, Kind, OvertakenError
from uploader.queue.place import relative, written
from uploader.queue.row import Change, Row, json_of
from uploader.queue.schema import STEPS, up_to_date
from uploader.queue.states import ACTIVE, OPEN, QUIET, WORKER_STEPS, Event, State, sources
from uploader.queue.store import Store, texts, understood, unusable
from uploader.queue.take import FinishedTake

UNSENT: Change = {
    "offset": 0,
    "sending_to": 0,
    "checked": 1,
    "doubtful": 0,
    "verify_level": None,
    "address_failures": 0,
}
"""Of an upload that nothing was sent of."""
SHOWN = ("state", "offset", "upload_url")
"""Columns whose change is told in the table of events."""
WHOSE = ("student_id", "item", "attempt", "session", "station")
"""What never changes of a take."""
HORIZON_SECONDS = DAY + HOUR
"""No wait is longer; a later time comes from a clock that was wrong."""
CLOCK_SECONDS = 300.0
"""A row that was changed so far in the future was changed by a clock that was wrong."""


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
                if readonly:
                    db = up_to_date(db)
                else:
                    migrate(db, "queue", STEPS)
                queue = cls(db, Path(os.path.abspath(path.parent)), clock)  # noqa: PTH100 - links stay links
                if not readonly:
                    queue._mend_paths()
                return queue
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
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
                "path": written(self.root, take.path),
                "compared_at": now if just_read else None,
                "created_at": now,
                "updated_at": now,
            }
            names = ", ".join(facts)
            db.execute(f"INSERT INTO deliveries ({names}) VALUES ({_marks(facts)})", tuple(facts.values()))
            self._note(take.take_id, "added", {"size": take.size, "sha256": take.sha256})
            return True

    def _add_again(self, take: FinishedTake, known: Row) -> bool:
        if any(getattr(take, name) != getattr(known, name) for name in WHOSE):
            raise DeliveryError(
                say(
                    "{file}: the queue and the facts beside the recording do not name the same take.",
                    file=take.path.name,
                ),
                say("It is not sent. Keep all files as they are and ask the district's technician."),
            )
        if known.sha256 != take.sha256 or known.size != take.size:
            raise DeliveryError(
                say("{file} has the id of another recording.", file=take.path.name),
                say("Keep both files and ask the district's technician."),
            )
        if known.path != take.path.absolute() and not is_there(known.path):
            path = written(self.root, take.path)
            self.change(known.take_id, Event.MOVED, path=path, mtime_ns=take.mtime_ns, compared_at=None)
        if known.state is State.MISSING:
            self.change(known.take_id, Event.FOUND, state=State.QUEUED, error=None, error_kind=None)
        return False

    def _mend_paths(self) -> None:
        """Earlier versions wrote whole paths."""
        with self._read() as db:
            found = db.execute("SELECT take_id, path FROM deliveries").fetchall()
        with understood():
            mended = [(relative(self.root, row["path"]), row["take_id"]) for row in found]
        mended = [new for new, old in zip(mended, found, strict=True) if new[0] != old["path"]]
        if mended:
            with self._write() as db:
                db.executemany("UPDATE deliveries SET path = ? WHERE take_id = ?", mended)

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
                    " WHERE take_id = ? AND error_kind IN ('carried', 'carrying')",
                    (take_id,),
                )
            self._note(take_id, "paused" if paused else "resumed")

    def retry(self, take_id: str | None = None) -> None:
        """Try at once what waits, needs help or is missing, prove what is not proven, and ask for receipts
        that did not come: one take, or all.

        For a take that is named somebody has asked the centre: "sent" becomes "not confirmed" unless the
        server still shows it, and "not confirmed" is sent anew.
        """
        chosen = "(? IS NULL OR take_id = ?)", take_id, take_id
        anew: dict[str, object] = {}
        spared = "state != 'unconfirmed'"
        if take_id is not None and self.row(take_id).state is State.UNCONFIRMED:
            anew = {**UNSENT, "upload_url": None}
            spared = "1"
        with self._write() as db:
            if take_id is not None:
                self._lead(Event.ASKED, State.UNCONFIRMED, *chosen)
            again = {"due_at": None, "failures": 0, "restarts": 0, "error": None, "error_kind": None}
            self._lead(Event.RETRY, State.QUEUED, f"{chosen[0]} AND {spared}", *chosen[1:], **again, **anew)
            db.execute(
                """
                UPDATE deliveries SET due_at = ? WHERE (? IS NULL OR take_id = ?)
                    AND (due_at IS NOT NULL OR state IN ('sent', 'unconfirmed')
                        -- Asked for a receipt that never came, until it was asked for no more.
                        OR (state = 'verified' AND verify_level < 3 AND failures > 0))
                """,
                (self._clock(), take_id, take_id),
            )
            self._note(take_id, Event.RETRY)

    # --- for the uploader

    def due(self, claimed: Collection[str] = ()) -> Row | None:
        """The oldest row that can be worked on now; what is only to be proven comes last."""
        now = self._clock()
        self.free_abandoned(now - CARRYING_SECONDS)
        condition = f"""
            WHERE NOT paused
                AND (state IN ({texts(OPEN - {State.WAITING})}) OR due_at <= :now OR due_at > :horizon
                    OR (due_at IS NOT NULL AND updated_at > :wrong))
                AND take_id NOT IN (SELECT value FROM json_each(:claimed))
            ORDER BY state IN ('sent', 'verified', 'unconfirmed'), seq LIMIT 1
        """
        found = self._select(
            condition,
            now=now,
            horizon=now + HORIZON_SECONDS,
            wrong=now + CLOCK_SECONDS,
            claimed=json.dumps(list(claimed)),
        )
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

    def change(
        self, take_id: str, event: Event, *, lasting: bool = True, reason: str = "", **columns: Unpack[Change]
    ) -> Row:
        """Set columns of one row and note the event, in one commit; returns the new row.

        `lasting=False` spares the disk where a power cut may forget the change: a kill does not.
        Raises OvertakenError where the event can't lead from the row's state to the one that is asked for.
        """
        values: dict[str, Any] = {**columns, "updated_at": self._clock()}
        if "error" in columns:
            values["error"] = json_of(columns["error"])
        with self._write(lasting=lasting) as db:
            if "state" in columns:
                self._allow(take_id, event, columns["state"])
            assignments = ", ".join(f"{name} = ?" for name in values)
            db.execute(f"UPDATE deliveries SET {assignments} WHERE take_id = ?", (*values.values(), take_id))
            if event not in QUIET:
                shown: dict[str, Any] = {
                    name: values[name] for name in ("state", "offset", "upload_url") if name in values
                }
                if reason:
                    shown["reason"] = reason
                self._note(take_id, event, {**shown, "kind": values.get("error_kind")})
            return self.row(take_id)

    def _allow(self, take_id: str, event: Event, target: State) -> None:
        """Raises OvertakenError."""
        query = "SELECT state, paused FROM deliveries WHERE take_id = ?"
        for stored, paused in self._db.execute(query, (take_id,)):
            if stored not in sources(event, target) or (paused and event in WORKER_STEPS):
                raise OvertakenError(f"{event} can't lead from {stored} to {target}, paused {paused}")

    def _lead(self, event: Event, target: State, condition: str, *values: object, **columns: object) -> int:
        """The event happens to every row that it may happen to and that fits; how many. Within _write()."""
        assignments = ", ".join(f"{name} = ?" for name in ("state", *columns))
        query = f"UPDATE deliveries SET {assignments} WHERE state IN ({texts(sources(event, target))})"
        return self._db.execute(f"{query} AND {condition}", (target, *columns.values(), *values)).rowcount

    def spread(self, state: State, kind: Kind, error: Message, due_at: float) -> None:
        """All that could be sent now waits for the same reason: the server, not a take, is the trouble."""
        reason = {"error_kind": kind, "error": json_of(error), "due_at": due_at}
        with self._write():
            self._lead(Event.ALL_WAIT, state, "NOT paused", **reason)
            self._note(None, Event.ALL_WAIT, {"kind": kind})

    def wake(self) -> None:
        """What waits because of network or server may be tried at once."""
        free = {"due_at": None, "error": None, "error_kind": None}
        with self._write():
            changed = self._lead(Event.WOKEN, State.QUEUED, f"error_kind IN ({texts(SHARED)})", **free)
            if changed:
                self._note(None, Event.WOKEN, {"count": changed})

    def reset_active(self) -> None:
        """After a crash: what was being worked on begins again. Only for the owner of the data folder."""
        with self._write() as db:
            self._lead(Event.RESTARTED, State.QUEUED, "1")
            # Earlier versions gave up what a person had to look at; nothing is given up for good.
            db.execute(
                "UPDATE deliveries SET due_at = ? WHERE due_at IS NULL AND state IN ('blocked', 'missing')",
                (self._clock(),),
            )


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))
