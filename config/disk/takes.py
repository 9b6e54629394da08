"""Names of the files of a take."""

from __future__ import annotations


def take_prefix(student_id: str, item_id: str) -> str:
    """How the names of all files of a pupil's attempts at an item begin."""
    return f"{student_id}_{item_id}_"
