"""The day around the pupils: its stages, who is responsible, and what these persons can do.

Acts are events of the journal like those of station.session.events; renaming one breaks old journals.
Times are ISO 8601 with the distance from UTC; names are those of adults who are present.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Custody = Literal["one", "two"]
PRACTICE = "practice"
"""In place of a proof: such a recording is never delivered."""
Role = Literal["proctor", "it", "principal", "custodian", "supervisor"]


class SessionStage(Enum):
    """How far the session as a whole is; station.session.stages has the table."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"
    CLEARED = "cleared"


@dataclass(frozen=True)
class Signer:
    """Somebody who is present and answers for the session."""

    name: str
    role: Role = "proctor"
    code: str = ""
    """The slow hash of a code of their own (station.run.pins); empty where no code is asked for."""


@dataclass(frozen=True)
class LocalTake:
    """A recording on this computer, before it is removed."""

    file: str
    take_id: str
    sha256: str
    level: str
    """Its proof: "L2", "L3" or PRACTICE; anything else keeps it."""


# --- what these persons do


@dataclass(frozen=True)
class SessionOpened:
    """The sealed roster is opened: from now on names are shown and pupils can sing."""

    at: str
    persons: tuple[Signer, ...]
    custody: Custody = "one"
    checkin: bool = False
    """No pupil is called whose card was not seen."""
    opens: str = ""
    """When it may be opened; empty for any time."""
    reason: str = ""
    """Why before that."""


@dataclass(frozen=True)
class DutyTaken:
    """Somebody else sits at the keys from now on."""

    at: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class CheckInEnded:
    """All pupils who are here were checked in."""

    at: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class SessionClosed:
    """Nobody sings any more; `acknowledged` are the pupils with recordings that are not fine."""

    at: str
    by: tuple[str, ...]
    acknowledged: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionSealed:
    """The code below stands for all recordings and for the journal up to the entry before this."""

    at: str
    by: tuple[str, ...]
    number: int
    """1 for the first seal of a session."""
    code: str
    head: str
    """Link of the entry before this."""
    takes: int


@dataclass(frozen=True)
class SessionReopened:
    """Back to singing; seals of before stay in the journal."""

    at: str
    by: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class ClearingBegun:
    """From now on local recordings are removed; this is the inventory of before."""

    at: str
    by: tuple[str, ...]
    inventory: tuple[LocalTake, ...]


@dataclass(frozen=True)
class SessionCleared:
    """The inventory of after: `left` are files of recordings that are still there."""

    at: str
    left: tuple[str, ...] = ()


Act = (
    SessionOpened
    | DutyTaken
    | CheckInEnded
    | SessionClosed
    | SessionSealed
    | SessionReopened
    | ClearingBegun
    | SessionCleared
)


# --- what is known of it


@dataclass(frozen=True)
class Signed:
    """Who did something, when, and why where that was asked."""

    at: str
    by: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Seal:
    """One seal of the session; a reopened session gets another."""

    number: int
    code: str
    takes: int
    signed: Signed


@dataclass(frozen=True)
class SessionDay:
    """The stage of a session and its history. As it stands: opened by nobody, as before there were stages."""

    stage: SessionStage = SessionStage.OPEN
    custody: Custody = "one"
    checkin: bool = False
    persons: tuple[Signer, ...] = ()
    """Who opened it; with custody two, only they can sign."""
    on_duty: str = ""
    """Who answers for what happens now: stands on each entry of the journal."""
    opened: Signed | None = None
    checked_in: Signed | None = None
    closings: tuple[Signed, ...] = ()
    reopenings: tuple[Signed, ...] = ()
    seals: tuple[Seal, ...] = ()
    clearing: Signed | None = None
    """Recordings are being removed: a crash in the middle leaves this without `cleared`."""
    inventory: tuple[LocalTake, ...] = ()
    """What was there before the first was removed."""
    cleared: Signed | None = None

    @property
    def seal(self) -> Seal | None:
        """The seal that holds now."""
        sealed = self.stage in (SessionStage.SEALED, SessionStage.CLEARED)
        return self.seals[-1] if sealed and self.seals else None
