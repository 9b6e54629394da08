"""One delivery as everybody sees it: a frozen copy of its row in the queue."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.message import Message
from uploader.states import DELIVERED, OPEN, Level, State


@dataclass(frozen=True, slots=True)
class Row:
    take_id: str
    student_id: str
    item: str
    attempt: int
    session: str
    station: str
    path: Path
    size: int
    """Bytes of the take."""
    sha256: str
    """Of the take."""
    mtime_ns: int
    """Of the take when its digest was last seen to be right."""
    encoding: str
    """What travels: "wav", or "flac" made of it."""
    wire_size: int
    """Bytes of what travels."""
    wire_sha256: str
    """Of what travels."""
    pcm_md5: str | None
    """Of the samples, where they travel as FLAC."""
    state: State
    verify_level: Level | None
    endpoint: str | None
    """Creation address of the server that has `upload_url`."""
    upload_url: str | None
    offset: int
    """Bytes that the server acknowledged; for display, a resume always asks."""
    sending_to: int
    """End of the piece that was last begun: what lies beyond was surely never sent."""
    checked: bool
    """Every byte so far travelled with a checksum."""
    attempts: int
    failures: int
    """Attempts in a row that brought no byte further; decides how long to wait."""
    restarts: int
    """Uploads that were begun and left because the server's copy could not be right."""
    due_at: float | None
    """Unix time of the next attempt."""
    verified_at: float
    """Unix time of the strongest proof; 0 where there is none."""
    error: Message | None
    error_kind: str | None

    @property
    def delivered(self) -> bool:
        """Proven at L1 or higher."""
        return self.state in DELIVERED and self.verify_level is not None and self.verify_level >= Level.L1

    @property
    def progress(self) -> float:
        """Part of what travels that the server has acknowledged, 0-1."""
        return 1.0 if self.delivered else self.offset / max(1, self.wire_size)

    @property
    def next_attempt_at(self) -> datetime | None:
        return None if self.due_at is None else datetime.fromtimestamp(self.due_at).astimezone()

    def as_json(self) -> dict[str, object]:
        """The row of `station queue list --json`."""
        next_attempt_at = self.next_attempt_at
        return {
            "take_id": self.take_id,
            "student_id": self.student_id,
            "item": self.item,
            "attempt": self.attempt,
            "path": str(self.path),
            "size": self.size,
            "sha256": self.sha256,
            "state": self.state.value,
            "verify_level": None if self.verify_level is None else self.verify_level.name,
            "upload_url": self.upload_url,
            "offset": self.offset,
            "attempts": self.attempts,
            "next_attempt_at": next_attempt_at and next_attempt_at.isoformat(timespec="seconds"),
            "error": None if self.error is None else str(self.error),
        }


def row_of(found: sqlite3.Row) -> Row:
    state, level = State(found["state"]), found["verify_level"]
    return Row(
        take_id=found["take_id"],
        student_id=found["student_id"],
        item=found["item"],
        attempt=found["attempt"],
        session=found["session"],
        station=found["station"],
        path=Path(found["path"]),
        size=found["size"],
        sha256=found["sha256"],
        mtime_ns=found["mtime_ns"],
        encoding=found["encoding"],
        wire_size=found["size"] if found["wire_size"] is None else found["wire_size"],
        wire_sha256=found["wire_sha256"] or found["sha256"],
        pcm_md5=found["pcm_md5"],
        state=State.PAUSED if found["paused"] and state in OPEN else state,
        verify_level=None if level is None else Level(level),
        endpoint=found["endpoint"],
        upload_url=found["upload_url"],
        offset=found["offset"],
        sending_to=found["sending_to"],
        checked=bool(found["checked"]),
        attempts=found["attempts"],
        failures=found["failures"],
        restarts=found["restarts"],
        due_at=found["due_at"],
        verified_at=found["verified_at"] or 0.0,
        error=message_of(found["error"]),
        error_kind=found["error_kind"],
    )


def json_of(message: Message | None) -> str | None:
    return None if message is None else json.dumps(message.as_json(), ensure_ascii=False, default=str)


def message_of(text: str | None) -> Message | None:
    """The inverse of json_of."""
    return None if text is None else _message(json.loads(text))


def _message(body: dict[str, Any]) -> Message:
    params = {
        name: _message(value) if isinstance(value, dict) else value for name, value in body["params"].items()
    }
    return Message(body["template"], params)
