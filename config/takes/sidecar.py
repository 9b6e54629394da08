"""The facts beside a take: `<take>.json`, UTF-8, versioned; enough to rebuild everything.

1. Written when the take begins (so that a killed recording still knows its pupil), completed before
   the audio file gets its final name, and once more with the verdict.
2. Every write is whole or not at all.
3. Nobody else reads or writes a sidecar. One of a newer version is refused and never written over; fields
   that a later program added to this version are kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from config.base import DiskError, Message, record, say
from config.disk import write_whole
from config.disk.files import open_file
from config.takes.facts import FinishedFacts, TakeFacts
from config.takes.names import sidecar_path

F = TypeVar("F", bound=TakeFacts)
VERSION = 1
MAX_BYTES = 1 << 20
"""A real one has some 4,000."""
LARGEST_NUMBER = 2**62
WHEN_FINISHED = {"frames", "sha256", "loss", "accompaniment_at", "verdict"}
"""Not written before the take has ended."""
ONLY_WHERE_SAID = {
    *("max_seconds", "accompaniment_by", "accompaniment_predicted_at"),
    *("recovered", "rebuilt", "unknown"),
}
"""Left out where there is nothing to say."""


KNOWN = {"version", *(field.name for field in fields(TakeFacts))}


class SidecarError(DiskError):
    """A sidecar does not have the facts of the take beside it."""

    def __init__(self, what: Message, todo: Message, *, newer: bool = False) -> None:
        """`newer`: a newer program wrote it."""
        super().__init__(what, todo)
        self.newer = newer

    @classmethod
    def not_of(cls, sidecar: Path) -> SidecarError:
        """Other facts than those of the file."""
        return cls(
            say("{file} does not describe the recording beside it.", file=sidecar.name),
            say("Keep both files, and run “station recover”; it looks through all recordings."),
        )


def read_facts(take: Path) -> TakeFacts:
    """The facts of a take, whole or not. Raises OSError, SidecarError."""
    return _of_type(TakeFacts, take)


def read_finished(take: Path) -> FinishedFacts:
    """The facts of a take that has ended. Raises OSError, SidecarError."""
    return _of_type(FinishedFacts, take)


def write_facts(take: Path, facts: TakeFacts) -> None:
    """Replace the facts of a take. Raises OSError."""
    text = json.dumps(as_json(facts), ensure_ascii=False, indent=1)
    write_whole(sidecar_path(take), text.encode("utf-8"))


def as_json(facts: TakeFacts) -> dict[str, Any]:
    """What stands in the sidecar. What did not change since it was read stays as it stood there."""
    source, now = facts.source, _plain(facts)
    before = _plain(record(TakeFacts, source)) if source else {}
    kept = {
        name: source[name] if name in source and before.get(name) == value else value
        for name, value in now.items()
    }
    later = {name: value for name, value in source.items() if name not in KNOWN}
    return {"version": VERSION, **kept, **later}


def _plain(facts: TakeFacts) -> dict[str, Any]:
    found = asdict(replace(facts, source={}))
    may_go = ONLY_WHERE_SAID | (WHEN_FINISHED if facts.frames is None else set())
    return {
        name: value
        for name, value in found.items()
        if name != "source" and not (name in may_go and (value is False or value in (None, ())))
    }


def _of_type(kind: type[F], take: Path) -> F:
    path = sidecar_path(take)
    with open_file(path) as file:
        data = file.read(MAX_BYTES + 1)
    try:
        found = json.loads(data.decode("utf-8")) if len(data) <= MAX_BYTES else None
        # JSON can spell half a letter, which nothing can store or write again.
        if b"\\u" in data:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
        version = found["version"] if isinstance(found, dict) else None
        if type(version) is int and version > VERSION:
            raise _newer(path.name, version)
        if version != VERSION:
            raise ValueError("no version of ours")
        facts = replace(record(kind, found), source=found or {})
        _check(facts)
    except (ValueError, KeyError, RecursionError) as error:
        raise SidecarError.not_of(path) from error
    return facts


def _check(facts: TakeFacts) -> None:
    """Raises ValueError for values of the right type that can't be."""
    if not all((facts.take_id, facts.session, facts.station, facts.student_id, facts.item)):
        raise ValueError("a take of nobody")
    finished = isinstance(facts, FinishedFacts)
    # A field without default inherits that of the class above it.
    if finished and any(getattr(facts, name) is None for name in ("frames", "sha256", "ended_by")):
        raise ValueError("a take that has not ended")
    if max(facts.attempt, facts.samplerate, facts.bits, facts.frames or 0) > LARGEST_NUMBER:
        raise ValueError("a number that no table can hold")
    if facts.samplerate <= 0 or facts.bits <= 0 or (facts.frames or 0) < 0:
        raise ValueError("a rate, bits or frames that can't be")


def _newer(name: str, version: int) -> SidecarError:
    return SidecarError(
        say(
            "{file} was written by a newer program: it has version {found}, this program knows {known}.",
            file=name,
            found=version,
            known=VERSION,
        ),
        say("Use the newer program. Nothing was changed."),
        newer=True,
    )
