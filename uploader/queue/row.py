"""One delivery as everybody sees it: a frozen copy of its row in the queue."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict

from config.base import Message, shown_again, stored
from uploader.queue.place import located
from uploader.queue.states import DELIVERED, OPEN, ProofLevel, State


@dataclass(frozen=True, slots=True)
class Row:
    take_id: str
    student_id: str
    item: str
    attempt: int
    session: str
    station: str
    file: str
    """Path of the take."""
    size: int
    """Bytes of the take."""
    sha256: str
    """Of the take."""
    mtime_ns: int
    """Of the take when its upload was begun, before that when it was entered."""
    compared_at: float
    """Unix time at which `sha256` was taken from the disk, where it was when the take was entered; else 0."""
    encoding: str
    """What travels: "wav", or "flac" made of it."""
    wire_size: int
    """Bytes of what travels."""
    wire_sha256: str
    """Of what travels."""
    pcm_md5: str | None
    """Of the samples, where they travel as FLAC."""
    state: State
    verify_level: ProofLevel | None
    endpoint: str | None
    """Creation address of the server that has `upload_url`."""
    upload_url: str | None
    offset: int
    """Bytes that the server acknowledged; for display, a resume always asks."""
    sending_to: int
    """End of the piece that was last begun: what lies beyond was surely never sent."""
    checked: bool
    """Every byte so far travelled with a checksum."""
    doubtful: bool
    """The server had a fault of its own at the last piece, so its word that all is there is not enough."""
    attempts: int
    failures: int
    """Attempts in a row that brought no byte further; decides how long to wait."""
    restarts: int
    """Uploads that were begun and left because the server's copy could not be right."""
    address_failures: int
    """Sessions in a row in which the upload's own address brought no byte further."""
    due_at: float | None
    """Unix time of the next attempt."""
    verified_at: float
    """Unix time of the strongest proof; 0 where there is none."""
    error: Message | None
    error_kind: str | None

    @property
    def path(self) -> Path:
        return Path(self.file)

    @property
    def delivered(self) -> bool:
        """Proven at L1 or higher."""
        return (
            self.state in DELIVERED and self.verify_level is not None and self.verify_level >= ProofLevel.L1
        )

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
            "path": self.file,
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


class Change(TypedDict, total=False):
    """Columns that an event may set; a change of `state` must be one of TRANSITIONS."""

    state: State
    path: str
    mtime_ns: int
    compared_at: float | None
    encoding: str
    wire_size: int
    wire_sha256: str
    pcm_md5: str | None
    paused: int
    verify_level: int | None
    receipt: str | None
    endpoint: str | None
    upload_url: str | None
    offset: int
    sending_to: int
    checked: int
    doubtful: int
    attempts: int
    failures: int
    restarts: int
    address_failures: int
    due_at: float | None
    verified_at: float | None
    purged_at: float
    error: Message | None
    error_kind: str | None


STATES = {state.value: state for state in State}
LEVELS = {None: None} | {level.value: level for level in ProofLevel}
OPEN_LIST = ", ".join(f"'{state}'" for state in sorted(OPEN))
SQL = {
    "file": "path",
    "compared_at": "COALESCE(compared_at, 0)",
    "wire_size": "COALESCE(wire_size, size)",
    "wire_sha256": "COALESCE(wire_sha256, sha256)",
    "state": f"CASE WHEN paused AND state IN ({OPEN_LIST}) THEN 'paused' ELSE state END",
    "verified_at": "COALESCE(verified_at, 0)",
}
"""Fields of Row whose value is not the column of the same name."""
COLUMNS = ", ".join(SQL.get(field.name, field.name) for field in fields(Row))
"""What row_of needs: built from Row, so that both can't differ."""


def message_of(text: str | None) -> Message | None:
    """The inverse of json_of."""
    if text is None:
        return None
    try:
        return shown_again(json.loads(text))
    except ValueError:
        return None


CONVERT: dict[str, Callable[[Any], Any]] = {
    "state": STATES.__getitem__,
    "verify_level": LEVELS.__getitem__,
    "checked": bool,
    "doubtful": bool,
    "error": message_of,
}
FILE_PLACE = [field.name for field in fields(Row)].index("file")
_PLACES = [(place, CONVERT[field.name]) for place, field in enumerate(fields(Row)) if field.name in CONVERT]


def row_of(found: tuple[Any, ...], root: str) -> Row:
    """A row of the data folder `root` from a tuple of COLUMNS: a queue may have ten thousand of them."""
    values = list(found)
    values[FILE_PLACE] = located(root, values[FILE_PLACE])
    for place, convert in _PLACES:
        values[place] = convert(values[place])
    return Row(*values)


def json_of(message: Message | None) -> str | None:
    return None if message is None else json.dumps(stored(message), ensure_ascii=False, default=str)
