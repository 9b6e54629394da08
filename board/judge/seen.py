"""What is known of a station, and what can be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from board.expected import ExpectedStation
from config.base import Message
from config.status import Status


class Grade(IntEnum):
    """How much a station needs somebody."""

    BAD = 0
    WATCH = 1
    GOOD = 2


@dataclass(frozen=True)
class Concern:
    """One thing about a station, for the row (`short`) and for whoever opens it."""

    grade: Grade
    code: str
    short: Message
    what: Message
    who: Message
    todo: Message


@dataclass(frozen=True)
class Seen:
    """All that the board knows of one station."""

    station: str
    district: str
    expected: ExpectedStation | None
    status: Status | None = None
    received_at: float = 0.0
    school: str = ""
    pasted_by: str = ""


@dataclass(frozen=True)
class Day:
    """What is alike for all stations."""

    now: float
    due: bool = True
    """The first word of every station was due."""
    software: str = ""
    """Version that most stations run."""
    kit: str = ""


@dataclass(frozen=True)
class StationStanding:
    grade: Grade
    state: Message
    """The row's one word."""
    findings: tuple[Concern, ...]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]
