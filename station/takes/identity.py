"""Whose song is it? The name of a take's file, its tags, the facts beside it and the journal must agree.

One that was renamed, or whose facts were changed by hand, belongs to nobody until a person has looked.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from audio.file import read_tags
from config.base import DiskError
from config.disk import DataDir, digest_of, is_there
from config.takes import FinishedFacts, take_prefix
from station.session.events import TakeRecovered, TakeSaved
from station.session.journal import Journal
from station.session.state import Session

log = logging.getLogger(__name__)
Told = Mapping[str, tuple[str, str]]
"""By take id, the name and the digest under which the journal knows a take's file."""


def told_by_session(session: Session) -> Told:
    """What the replayed journal tells."""
    takes = (take for pupil in session.pupils.values() for take in pupil.takes if take.file)
    return {take.take_id: (take.file, take.sha256) for take in takes}


def told_by_journal(data: DataDir, session_id: str) -> Told:
    """What the journal tells without kit and roster; nothing where it can't be read."""
    try:
        if not is_there(data.database):
            return {}
        with closing(Journal(data, session_id, readonly=True)) as journal:
            saved = [event for event, _ in journal.entries() if isinstance(event, TakeSaved | TakeRecovered)]
    except DiskError as error:
        log.warning("the journal is not asked whose takes these are: %s", error)
        return {}
    return {event.take_id: (event.file, event.sha256) for event in saved}


def disagreement(path: Path, facts: FinishedFacts, told: Told) -> str | None:
    """What differs from the facts, for the log: "name", "folder", "tags", "journal"; None where all agree.

    A file without tags of ours agrees: its digest is compared before it is delivered. Raises OSError.
    """
    name = f"{take_prefix(facts.student_id, facts.item)}{facts.attempt}"
    # A take that came on a stick has its id in its name, and its station in that of its folder.
    if path.name not in (f"{name}.wav", f"{name}_{facts.take_id}.wav"):
        return "name"
    if path.parent.name not in (facts.session, f"{facts.station}_{facts.session}"):
        return "folder"
    if told.get(facts.take_id, (path.name, facts.sha256)) != (path.name, facts.sha256):
        return "journal"
    try:
        tags = read_tags(path)
    except ValueError:
        return None
    known = (tags.artist, tags.title, tags.comment)
    return None if known == (facts.student_id, facts.item, facts.take_id) else "tags"


def is_as_recorded(path: Path, facts: FinishedFacts) -> bool:
    """Whether the file can be read and has the bytes that the facts name. Reads all of it."""
    try:
        return digest_of(path) == facts.sha256
    except OSError:
        return False
