"""What is sealed: every take of a session by its facts and bytes, and every entry of its journal.

The same recordings give the same bytes, whenever and wherever they are looked at; delivery does not change
them. Names of pupils are not in it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.base import ConfigError, say
from config.disk import DataDir, digest_of, is_there
from config.takes import PART, FinishedFacts, SidecarError, read_finished
from station.session.chain import Entry
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

    def content(self) -> bytes:
        """The bytes that the code is made of: JSON, sorted, without spaces."""
        body = TypeAdapter(SealedSession).dump_python(self, mode="json")
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def manifest_of(data: DataDir, session_id: str, station_id: str) -> SealedSession:
    """What would be sealed now. Reads all takes. Raises DiskError, OSError."""
    entries = entries_of(data, session_id)
    return SealedSession(
        FORMAT,
        session_id,
        station_id,
        takes_of(data, session_id),
        next((entry.link for entry in reversed(entries)), ""),
        tuple(entry.leaf for entry in entries),
        tuple(f"{entry.at} {entry.kind}" for entry in entries),
    )


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


def _sealed(path: Any) -> SealedTake:
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
