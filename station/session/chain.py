"""The journal as a chain: each entry has the SHA-256 of the one before in it; none can be changed alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

SEPARATOR = "\x1f"
"""ASCII unit separator: JSON and ISO times have none."""


@dataclass(frozen=True)
class Entry:
    """One row of the journal, as it stands in the database."""

    at: str
    kind: str
    body: str
    link: str
    """What the database says; empty for an entry from before the chain began."""
    who: str = ""
    """Who answered for it; empty for an entry from before a session was opened by persons."""

    @property
    def leaf(self) -> str:
        """SHA-256 of the entry alone."""
        return _hash(self.at, self.kind, self.body, *_said(self.who))


def _hash(*parts: str) -> str:
    return sha256(SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _said(who: str) -> tuple[str, ...]:
    """Nothing where nobody is named: such links are older than names."""
    return (who,) if who else ()


def linked(session: str, before: str, at: str, kind: str, body: str, who: str = "") -> str:
    """The link of an entry; `before`: that of the entry before it, empty for the first."""
    return _hash(session, before, at, kind, body, *_said(who))


def first_broken(session: str, entries: Iterable[Entry]) -> int | None:
    """Index of the first entry whose link is not that of its contents and of the entry before; None: whole.

    Entries from before the chain began have no link, and none may come after one that has.
    """
    before = ""
    for index, entry in enumerate(entries):
        if not entry.link and not before:
            continue
        if entry.link != linked(session, before, entry.at, entry.kind, entry.body, entry.who):
            return index
        before = entry.link
    return None
