"""The pupils' numbers as keyboards and scanners deliver them, and as the roster has them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from config.roster import Pupil


class Numbers:
    """Full-width digits are digits, upper and lower case are the same: the roster decides."""

    def __init__(self, pupils: Iterable[Pupil]) -> None:
        self._known = {pupil.student_id.casefold(): pupil.student_id for pupil in pupils}
        self._characters = frozenset(char for number in self._known for char in number)

    def in_roster(self, typed: str) -> str:
        """The number that is meant; as typed where the roster has none such."""
        plain = unicodedata.normalize("NFKC", typed).strip()
        return self._known.get(plain.casefold(), plain)

    def knows(self, typed: str) -> bool:
        """Whether the roster has it."""
        return self.in_roster(typed) in self._known.values()

    def has(self, character: str | None) -> bool:
        """Whether this may be part of a number; other letters are keys."""
        char = unicodedata.normalize("NFKC", character or "")
        return char.isdigit() or char.casefold() in self._characters
