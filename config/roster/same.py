"""Two computers with one roster: each tells who has sung, without a number or a name. Pure.

1. A roster has a mark, made of its numbers and names: who has the roster can compare it, and nobody can read
   the roster from it.
2. Who has sung is one bit a pupil, in the order of their numbers: only who has the same roster knows of whom.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable

from config.roster.pupils import Pupil

MARK_DIGITS = 16
MAX_DIGITS = 250
"""Hexadecimal, of four pupils each: the line for a chat stays one that a chat takes."""


def roster_mark(pupils: Iterable[Pupil]) -> str:
    """In whatever order and from whatever kind of file; hexadecimal."""
    lines = sorted(f"{pupil.student_id}\t{pupil.name}" for pupil in pupils)
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:MARK_DIGITS]


def sung_bits(students: Collection[str], sung: Collection[str]) -> str:
    """`students`: numbers of the whole roster. Empty where that is too long to be told."""
    order = sorted(students)
    if not order or _digits(len(order)) > MAX_DIGITS:
        return ""
    word = sum(1 << place for place, student_id in enumerate(order) if student_id in sung)
    return f"{word:0{_digits(len(order))}x}"


def sung_of(bits: str, students: Collection[str]) -> tuple[str, ...]:
    """Who has sung, by number. Raises ValueError where the bits are not those of this roster."""
    order = sorted(students)
    word = int(bits, 16)
    if len(bits) != _digits(len(order)) or word >> len(order):
        raise ValueError("not as many pupils")
    return tuple(student_id for place, student_id in enumerate(order) if word >> place & 1)


def _digits(pupils: int) -> int:
    return (pupils + 3) // 4
