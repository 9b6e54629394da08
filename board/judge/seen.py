"""What is known of a station, and what can be said of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from board.expected import ExpectedStation
from config.base import Message
from config.status import MissingTake, Status

ORDER = ("never", "lost", "closed", "headset", "selftest", "late")
"""Troubles in the order in which a telephone call helps most; others behind them."""


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


class LostAtCentre(Protocol):
    """A take that was in the centre's store and is there no longer."""

    @property
    def student(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def attempt(self) -> str: ...


class CentreHas(Protocol):
    """What the centre has of one station's session; uploader.centre counts it."""

    @property
    def takes(self) -> int: ...
    @property
    def proven(self) -> int: ...
    @property
    def doubles(self) -> int: ...
    @property
    def lost_count(self) -> int: ...
    @property
    def lost(self) -> Sequence[LostAtCentre]: ...


@dataclass(frozen=True)
class NothingThere:
    """Of a session of which the centre has nothing."""

    takes: int = 0
    proven: int = 0
    doubles: int = 0
    lost_count: int = 0
    lost: tuple[LostAtCentre, ...] = ()


NOTHING = NothingThere()


class CentreAccount(Protocol):
    """The centre's own account of its stores."""

    def last_look(self) -> float | None: ...
    def takes(self, stations: Collection[str] | None = None) -> Mapping[tuple[str, str], CentreHas]: ...
    def receipt(self, upload_id: str) -> str | None: ...


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
    centre: CentreHas | None = None
    """What the centre has of the same session; None where no store is looked at."""

    @property
    def pupils(self) -> int:
        """Expected: by the station's roster, and by the district's list where it has said nothing."""
        if self.status is not None:
            return self.status.pupils.expected
        return self.expected.pupils if self.expected is not None else 0


@dataclass(frozen=True)
class Day:
    """What is alike for all stations."""

    now: float
    due: bool = True
    """The first word of every station was due."""
    software: str = ""
    """Version that most stations run."""
    kit: str = ""
    looked_at: float | None = None
    """When the centre's stores were looked at last; None where none is."""


@dataclass(frozen=True)
class StationStanding:
    grade: Grade
    state: Message
    """The row's one word."""
    findings: tuple[Concern, ...]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]


@dataclass(frozen=True)
class BoardRow:
    seen: Seen
    standing: StationStanding

    @property
    def rank(self) -> tuple[int, int]:
        """Troubles on top."""
        first = self.standing.findings[0].code if self.standing.findings else ""
        return self.standing.grade, ORDER.index(first) if first in ORDER else len(ORDER)

    @property
    def missing(self) -> list[tuple[MissingTake | LostAtCentre, str]]:
        """Recordings that are not there and the code of why: by the station's account, then the centre's."""
        status, centre = self.seen.status, self.seen.centre
        told = [] if status is None else [(take, take.code) for take in status.missing]
        return [*told, *((take, "erased") for take in (() if centre is None else centre.lost))]
