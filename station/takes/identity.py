"""Whose song is it? The name of a take's file, the tags inside it and the facts beside it must say the same.

One that was renamed, or whose facts were changed by hand, belongs to nobody until a person has looked.
"""

from __future__ import annotations

from pathlib import Path

from audio.file import read_tags
from config.disk import digest_of
from config.takes import FinishedFacts, take_prefix


def disagreement(path: Path, facts: FinishedFacts) -> str | None:
    """What differs from the facts, for the log: "name", "folder" or "tags"; None where all agree.

    A file without tags of ours agrees: its digest is compared before it is delivered. Raises OSError.
    """
    if path.name != f"{take_prefix(facts.student_id, facts.item)}{facts.attempt}.wav":
        return "name"
    if facts.session != path.parent.name:
        return "folder"
    try:
        tags = read_tags(path)
    except ValueError:
        return None
    told = (tags.artist, tags.title, tags.comment)
    return None if told == (facts.student_id, facts.item, facts.take_id) else "tags"


def is_as_recorded(path: Path, facts: FinishedFacts) -> bool:
    """Whether the file can be read and has the bytes that the facts name. Reads all of it."""
    try:
        return digest_of(path) == facts.sha256
    except OSError:
        return False
