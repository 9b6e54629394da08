"""What is sealed: every take of a session by its facts and bytes, and every entry of its journal.

The same recordings give the same bytes, whenever and wherever they are looked at; delivery does not change
them. Names of pupils are not in it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.base import ConfigError, say
from config.disk import DataDir, digest_of, is_file, is_there
from config.takes import PART, FinishedFacts, SidecarError, read_finished
from station.session.chain import Entry
from station.session.day import SessionReopened, SessionSealed
from station.session.journal import Journal

log = logging.getLogger(__name__)
FORMAT = 1
MOST_BYTES = 50_000_000
"""No manifest is larger: 10,000 entries are one megabyte."""


@dataclass(frozen=True)
class SealedTake:
    """One file of the session's folder."""

    file: str
    sha256: str
    """Of its bytes as they are now."""
    take_id: str = ""
    """Empty, like what follows, where no facts can be read beside it."""
    student_id: str = ""
    item: str = ""
    attempt: int = 0
    frames: int = 0
    facts_sha256: str = ""
    """That the facts beside it name."""
    ok: bool | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class SealedSession:
    format: int
    session: str
    station: str
    takes: tuple[SealedTake, ...]
    head: str
    """Link of the last entry; empty where the chain has not begun."""
    leaves: tuple[str, ...]
    """SHA-256 of every entry, oldest first."""
    places: tuple[str, ...]
    """When each entry was made, and its kind: to name one that is gone."""
    number: int = 0
    """Which seal of the session, from 1; 0 for a look at a session that nobody sealed."""

    def content(self) -> bytes:
        """The bytes that the code is made of: JSON, sorted, without spaces."""
        body = TypeAdapter(SealedSession).dump_python(self, mode="json")
        if not self.number:
            del body["number"]
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def manifest_of(data: DataDir, session_id: str, station_id: str, number: int = 0) -> SealedSession:
    """What would be sealed now, or is under seal `number`: the journal up to it. Reads all takes.

    Raises DiskError, OSError.
    """
    entries = entries_of(data, session_id)
    if number:
        entries = entries[: seals_of(entries).get(number, (len(entries), ""))[0]]
    return SealedSession(
        FORMAT,
        session_id,
        station_id,
        takes_of(data, session_id),
        next((entry.link for entry in reversed(entries)), ""),
        tuple(entry.leaf for entry in entries),
        tuple(f"{entry.at} {entry.kind}" for entry in entries),
        number,
    )


def seals_of(entries: Sequence[Entry]) -> dict[int, tuple[int, str]]:
    """By number of each seal, the index of its entry in the journal, and its code there."""
    found: dict[int, tuple[int, str]] = {}
    for index, entry in enumerate(entries):
        if entry.kind == SessionSealed.__name__:
            act = TypeAdapter(SessionSealed).validate_json(entry.body)
            found[act.number] = index, act.code
    return found


def valid_seal(entries: Sequence[Entry]) -> int:
    """Number of the seal that holds; 0 where none does, or where the session was opened again after it."""
    number = max(seals_of(entries), default=0)
    if not number:
        return 0
    behind = entries[seals_of(entries)[number][0] + 1 :]
    return 0 if any(entry.kind == SessionReopened.__name__ for entry in behind) else number


def seal_file(data: DataDir, session_id: str, number: int) -> Path:
    """Where a station keeps what it sealed."""
    return data.root / "seals" / f"{session_id}_{number}.json"


def sealed_now(data: DataDir, session_id: str) -> Path | None:
    """The file under the seal that holds; None where none does, or where the file is gone."""
    number = valid_seal(entries_of(data, session_id))
    file = seal_file(data, session_id, number)
    return file if number and is_file(file) else None


def entries_of(data: DataDir, session_id: str) -> list[Entry]:
    if not is_there(data.database):
        return []
    journal = Journal(data, session_id, readonly=True)
    try:
        return journal.chain()
    finally:
        journal.close()


def takes_of(data: DataDir, session_id: str) -> tuple[SealedTake, ...]:
    """All finished takes of a session, by file name."""
    files = sorted(data.session(session_id).glob("*.wav"))
    return tuple(_sealed(path) for path in files if not path.name.endswith(PART))


def _sealed(path: Path) -> SealedTake:
    digest = digest_of(path)
    try:
        facts: FinishedFacts = read_finished(path)
    except (OSError, SidecarError) as error:
        log.warning("no usable facts beside %s: %s", path.name, error)
        return SealedTake(path.name, digest)
    verdict = facts.verdict
    return SealedTake(
        path.name,
        digest,
        facts.take_id,
        facts.student_id,
        facts.item,
        facts.attempt,
        facts.frames,
        facts.sha256,
        None if verdict is None else verdict.ok,
        () if verdict is None else tuple(verdict.reasons),
    )


def read_manifest(content: bytes, name: str) -> SealedSession:
    """Raises ConfigError for what is no manifest."""
    try:
        if len(content) > MOST_BYTES:
            raise ValueError("too large")
        body: Mapping[str, Any] = json.loads(content)
        found = TypeAdapter(SealedSession).validate_python(body, strict=False)
        if found.format != FORMAT or len(found.leaves) != len(found.places):
            raise ValueError("another format")
    except (ValueError, ValidationError, RecursionError) as error:
        raise ConfigError(
            say("{file} is no seal of this program: it was changed, or another one made it.", file=name),
            say("Use the file that “station seal show --out” wrote."),
        ) from error
    return found
