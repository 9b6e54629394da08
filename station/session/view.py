"""What the screens and the command line see: one frozen value, replaced after every event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from config.base import Message
from station.session.events import Event
from station.session.state import PUPIL_PHASES, Session


@dataclass(frozen=True)
class DeliverySummary:
    """The uploads of this session at a glance; takes of test items only."""

    total: int = 0
    delivered: int = 0
    """Proven at L1 or higher."""
    sent: int = 0
    """Sent, not yet proven (L0)."""
    uploading: int = 0
    waiting: int = 0
    blocked: int = 0
    """Needs somebody: the reason is in the queue's row."""
    older: int = 0
    """Takes of other sessions in the same folder that are not delivered."""
    paused: bool = False
    trouble: Message | None = None
    """One sentence about the whole queue, e.g. the server can't be reached."""
    finish_at: str = ""
    """ISO time at which all should be delivered; empty when nothing is known."""


@dataclass(frozen=True)
class BoardLine:
    """What has become of the last status, and the district's words."""

    state: Literal["", "heard", "kept", "failed"] = ""
    """A board has it; a server without a board has it; nothing took it; empty before the first."""
    word: str = ""
    """One line for the proctor; empty for none."""


@dataclass(frozen=True)
class View:
    """A snapshot. Times named `…_at` are on the monotonic clock (time.monotonic)."""

    session: Session
    timer_ends_at: float | None = None
    timer_seconds: float = 0.0
    """Length of the running countdown."""
    recording_since_at: float | None = None
    """When the running take began; None until the capture process says so."""
    lost_ms: float = 0.0
    """Samples missing in the running take so far."""
    device_ready: bool = False
    """Both streams of the headset are open and deliver."""
    device_trouble: Message | None = None
    orphan: bool = False
    """A capture process of a killed station still finishes a take; nothing can start until it ends."""
    stopped: Message | None = None
    """Why the session can't go on any more: its journal can't be written."""
    notice: Message | None = None
    """Why the last key did nothing; None after an accepted event."""
    last_event: Event | None = None
    delivery: DeliverySummary = field(default_factory=DeliverySummary)
    pupil_seconds: float = 0.0
    """Measured mean time per pupil of this session; 0 before the first is done."""
    board: BoardLine = field(default_factory=BoardLine)

    @property
    def untouchable(self) -> bool:
        """A pupil reads, listens or sings, and the session will go on from there by itself."""
        session = self.session
        return session.phase in PUPIL_PHASES and not session.waiting and self.stopped is None
