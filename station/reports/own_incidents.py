"""What the station itself saw happen: from its journal, apart from what people wrote down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from audio import FAULTS
from config.base import Message, say
from station.session.day import SessionOpened, SessionReopened
from station.session.events import (
    Event,
    PupilNamed,
    Restarted,
    SoundFailed,
    TakeFailed,
    TakeSaved,
    TakeStarted,
)

ENDINGS = {
    "device": say("The headset was lost in the middle of a recording; what was sung is kept."),
    "disk": say("The disk was full or broken in the middle of a recording; what was sung is kept."),
}
CUT_OFF = say("A recording was cut off when the program or the computer stopped; what was sung is kept.")


@dataclass(frozen=True)
class OwnIncident:
    at: datetime
    student_id: str
    """In the chair; empty for nobody."""
    what: Message

    def as_json(self) -> dict[str, object]:
        return {
            "at": self.at.isoformat(timespec="seconds"),
            "student_id": self.student_id or None,
            "what": str(self.what),
        }


class OwnIncidents:
    """Feed it the journal, oldest first; `found` are those that a report must tell."""

    def __init__(self) -> None:
        self.found: list[OwnIncident] = []
        self._last_at: float | None = None
        self._restarted = False
        """No recording was begun since the program was opened again."""

    def note(self, event: Event, at: float, student_id: str) -> None:
        """`at`: Unix seconds. `student_id`: who sat in the chair when it happened."""
        for what in self._seen(event, at):
            moment = datetime.fromtimestamp(at).astimezone()
            self.found.append(OwnIncident(moment, student_id, what))
        self._last_at = at

    def _seen(self, event: Event, at: float) -> Iterable[Message]:
        match event:
            case TakeStarted():
                self._restarted = False
            case Restarted():
                self._restarted = True
                gap = 0 if self._last_at is None else round((at - self._last_at) / 60)
                yield say(
                    "The program was opened again, {gap} {gap|minute|minutes} after its last entry.", gap=gap
                )
            case TakeSaved(ended_by=ended_by) if ended_by in ENDINGS:
                # Headset or computer: a file that broke off does not tell which, the restart does.
                yield CUT_OFF if self._restarted and ended_by == "device" else ENDINGS[ended_by]
            case TakeFailed(code=code) | SoundFailed(code=code) if code in FAULTS:
                yield FAULTS[code].message
            case SessionOpened(opens=opens, reason=reason) if reason and opens:
                yield say("The session was opened before its time: {reason}", reason=reason)
            case SessionReopened(reason=reason):
                yield say("The session was opened again: {reason}", reason=reason)
            case PupilNamed(again=again) if again:
                yield say("A pupil who had sung everything was called again.")
