"""What can happen in a session. Frozen values; the journal is the list of those accepted.

1. Everything that comes from outside the machine (ids, times, paths, measurements) arrives in an event.
2. Only events change the state; a refused event changes nothing.
3. Renaming a class or a field breaks old journals: add, don't change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from station.session.day import Act

Outcome = Literal["ok", "warn", "fail"]
AbsenceReason = Literal["absent", "unwell", "refused", "excused"]
TechnicalReason = Literal["verdict", "noise", "headset", "computer", "other"]
IncidentCategory = Literal["device", "network", "power", "noise", "pupil", "other"]
AcceptedReason = Literal["best", "time", "gone", "listened", "elsewhere"]
CheckStep = Literal["silence", "singing"]


@dataclass(frozen=True)
class PupilNamed:
    """The proctor typed, scanned or chose a pupil."""

    student_id: str
    again: TechnicalReason | Literal[""] = ""
    """Why a pupil sings again who has sung everything, but not well enough."""


@dataclass(frozen=True)
class IdentityConfirmed:
    """The child in the chair is the pupil on the screen."""


@dataclass(frozen=True)
class WentBack:
    """The proctor leaves the pupil; what was sung stays, the pupil can be resumed."""


@dataclass(frozen=True)
class CheckMeasured:
    """One step of the headset check was recorded and measured."""

    step: CheckStep
    outcome: Outcome
    advice: Mapping[str, Any] | None = None
    """A message as config.base.stored() keeps it: code and values."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    at: str = ""
    """ISO time; older journals did not say, nor what follows."""
    headset: int = 0
    """How often the headset was opened since the program's start, this time among them."""


@dataclass(frozen=True)
class PhraseUnheard:
    """The pupil did not hear the melody: it is played again, louder."""


@dataclass(frozen=True)
class CheckAgain:
    """Repeat the headset check."""


@dataclass(frozen=True)
class CheckAccepted:
    """Go on with a check that did not fail."""

    heard: bool = False
    """The pupil was asked, and heard the melody; older journals did not ask."""


@dataclass(frozen=True)
class CheckSkipped:
    """Go on without a passed check; the reason is kept."""

    reason: str


@dataclass(frozen=True)
class ItemBegun:
    """The pupil has read the instruction."""


@dataclass(frozen=True)
class SoundEnded:
    """The prompt, phrase or play-back came to its end."""


@dataclass(frozen=True)
class SoundFailed:
    """The prompt was not heard to its end; `code` is a key of audio.soundfaults.FAULTS."""

    code: str


@dataclass(frozen=True)
class TimerEnded:
    """The running countdown reached zero."""

    take_id: str
    """A fresh id for the take that may begin now."""


@dataclass(frozen=True)
class TakeStarted:
    """The capture process began to record."""

    take_id: str
    started_at: str


@dataclass(frozen=True)
class StopRequested:
    """Early stop."""

    elapsed: float
    """Seconds since the take began; refused before the item's minimum."""


@dataclass(frozen=True)
class TakeSaved:
    """The file is whole, fsynced and renamed."""

    take_id: str
    file: str
    """File name below the session's folder."""
    seconds: float
    sha256: str
    ended_by: str


@dataclass(frozen=True)
class TakeFailed:
    """Nothing usable was recorded; `code` is a key of audio.soundfaults.FAULTS."""

    take_id: str
    code: str


@dataclass(frozen=True)
class TakeJudged:
    """The file was read back and measured."""

    take_id: str
    ok: bool
    reasons: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class VerdictHeld:
    """The proctor thinks about a good take: it stays on the screen until a key."""


@dataclass(frozen=True)
class RetakeStarted:
    """Record an item once more, for a technical reason: the one just judged, or the one just left."""

    reason: TechnicalReason


@dataclass(frozen=True)
class TakeKept:
    """Go on to the next item with the take as it is."""


@dataclass(frozen=True)
class MarkedAbsent:
    student_id: str
    reason: AbsenceReason
    note: str = ""


@dataclass(frozen=True)
class MarkedLate:
    """Still expected; goes behind the others."""

    student_id: str


@dataclass(frozen=True)
class AbsenceUndone:
    student_id: str


@dataclass(frozen=True)
class CheckedIn:
    """The pupil is here, and the card was seen."""

    student_id: str


@dataclass(frozen=True)
class TakesAccepted:
    """Somebody decided that a pupil's recordings stay as they are, though not all are fine."""

    student_id: str
    reason: AcceptedReason


@dataclass(frozen=True)
class SungElsewhere:
    """Another station with the same roster says who has sung everything there. Its last word counts."""

    station: str
    at: str
    """When it said so, by its own clock."""
    students: tuple[str, ...]
    told_by: Literal["centre", "line"]
    """Brought by the centre's answer, or pasted by somebody here."""
    absent: tuple[str, ...] = ()
    """Marked absent there; older stations did not say it."""


@dataclass(frozen=True)
class IncidentNoted:
    """Something happened that the report must tell."""

    at: str
    note: str
    student_id: str = ""
    category: IncidentCategory | Literal[""] = ""
    """What sort of thing; older journals did not ask, nor for what follows."""
    minutes: int | None = None
    """That were lost; None where nobody said."""
    remedy: str = ""
    """What was done about it."""


@dataclass(frozen=True)
class Restarted:
    """The station was started again: whatever ran then waits for Continued."""


@dataclass(frozen=True)
class Continued:
    """The proctor goes on after a restart."""

    from_prompt: bool = False
    """What the pupil listened to before the recording is heard again; older journals went on without."""


@dataclass(frozen=True)
class TakeRecovered:
    """A take that the journal does not know was found in the takes folder."""

    student_id: str
    item_id: str
    attempt: int
    take_id: str
    file: str
    seconds: float
    sha256: str
    ok: bool | None = None
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    started_at: str = ""
    """As in TakeStarted; empty in journals of before."""


Event = (
    PupilNamed
    | IdentityConfirmed
    | WentBack
    | CheckMeasured
    | PhraseUnheard
    | CheckAgain
    | CheckAccepted
    | CheckSkipped
    | ItemBegun
    | SoundEnded
    | SoundFailed
    | TimerEnded
    | TakeStarted
    | StopRequested
    | TakeSaved
    | TakeFailed
    | TakeJudged
    | VerdictHeld
    | RetakeStarted
    | TakeKept
    | MarkedAbsent
    | MarkedLate
    | AbsenceUndone
    | CheckedIn
    | TakesAccepted
    | SungElsewhere
    | IncidentNoted
    | Restarted
    | Continued
    | TakeRecovered
    | Act
)
