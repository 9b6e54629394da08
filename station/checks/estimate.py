"""How long checks are going to take: as long as last time on this computer, else as long as usual."""

from __future__ import annotations

from collections.abc import Iterable

from station.checks.check import Check
from station.checks.lastpass import Pass


def seconds_of(checks: Iterable[Check], before: Pass | None) -> float:
    """All of them together."""
    took = {str(result["id"]): float(result["seconds"]) for result in before.results} if before else {}
    return sum(took.get(check.id, check.usual) for check in checks)


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
