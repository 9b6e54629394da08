"""The pupils who are expected here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pupil:
    """One line of the roster; only `student_id` ever leaves this computer."""

    student_id: str
    """ASCII, fit for a file name; unique in the roster."""
    name: str = ""
    class_name: str = ""
    sex: str = ""


@dataclass(frozen=True)
class Roster:
    """The expected pupils in the order of the file."""

    pupils: tuple[Pupil, ...]
    digest: str = ""
    """sha256 of the roster file."""
