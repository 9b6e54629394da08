"""What the conductor must do after an event. An effect returns nothing: its result is a later event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from station.session.events import CheckStep


@dataclass(frozen=True)
class StartTimer:
    """Post TimerEnded after `seconds`; replaces a running timer."""

    seconds: float


@dataclass(frozen=True)
class StopActivity:
    """Cancel the timer, silence the headphones and end a running probe."""


@dataclass(frozen=True)
class RecordProbe:
    """Record one step of the headset check; post CheckMeasured."""

    step: CheckStep
    seconds: float


@dataclass(frozen=True)
class PlaySound:
    """Play to the end, then post SoundEnded."""

    sound: Literal["phrase", "probe", "prompt"]
    item_id: str = ""


@dataclass(frozen=True)
class RecordTake:
    """Begin to record; later TakeStarted, TakeSaved or TakeFailed."""

    take_id: str
    student_id: str
    item_id: str
    attempt: int


@dataclass(frozen=True)
class EndTake:
    take_id: str


@dataclass(frozen=True)
class JudgeTake:
    """Read the file back, write the verdict into the sidecar, post TakeJudged."""

    take_id: str


@dataclass(frozen=True)
class Deliver:
    """Put the take into the upload queue."""

    take_id: str


Effect = StartTimer | StopActivity | RecordProbe | PlaySound | RecordTake | EndTake | JudgeTake | Deliver
