"""Why a mutant may live: reasons.toml, which docs/mutants.md reads."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.tools.mutants.answers import BECOMES

PLACE = Path(__file__).with_name("reasons.toml")


@dataclass(frozen=True)
class Reason:
    """`equal`: nobody can see the change; `accepted`: why it is left. Empty `is_now`: all of a line."""

    file: str
    was: str
    is_now: str = ""
    equal: str = ""
    accepted: str = ""

    def fits(self, name: str) -> bool:
        file, _, change = name.split(" | ", 2)
        was, is_now = change.split(BECOMES, 1)
        return file == self.file and was == self.was and self.is_now in ("", is_now)


def reasons() -> list[Reason]:
    """Raises ValueError where an entry says neither or both."""
    found = [Reason(**entry) for entry in tomllib.loads(PLACE.read_text(encoding="utf-8")).get("mutant", [])]
    for reason in found:
        if bool(reason.equal) == bool(reason.accepted):
            raise ValueError(f"{PLACE.name}: {reason.was!r} is either equal or accepted")
    return found
