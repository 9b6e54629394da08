"""The one thread that owns the session: step, journal, effects, observers, in this order.

1. Everything else posts to the inbox and never touches the session.
2. An accepted event is durable in the journal before any of its effects begins.
3. A refused event changes nothing; its reason becomes the view's notice.
4. Observers get a frozen View on this thread and must return at once.
"""

from __future__ import annotations

import logging
import queue
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Protocol, get_args

from audio.protocol import messages as heard
from config.base import Message, StationError
from station.run.pace import Pace
from station.session import effects as fx
from station.session import events as ev
from station.session.chair import RefusedError
from station.session.events import Event, TakeStarted, TimerEnded
from station.session.machine import step
from station.session.state import TAKE_PHASES, Session
from station.session.view import BoardLine, DeliverySummary, View

log = logging.getLogger(__name__)
_EVENTS: tuple[type, ...] = get_args(Event)
FROM_OUTSIDE = (
    ev.CheckMeasured,
    ev.SoundEnded,
    ev.SoundFailed,
    ev.TimerEnded,
    ev.TakeStarted,
    ev.TakeSaved,
    ev.TakeFailed,
    ev.TakeJudged,
    ev.TakeRecovered,
    ev.Restarted,
    ev.SungElsewhere,
)
"""No key made these: when one comes too late, the proctor need not hear of it."""


class EventLog(Protocol):
    """The part of station.session.journal.Journal that the conductor writes to."""

    def append(self, event: Event, who: str = "") -> None: ...


class EffectPort(Protocol):
    """Does the effects and turns what the capture process says into session events."""

    def perform(self, effect: fx.Effect, session: Session) -> None: ...
    def handle(self, event: heard.Event, session: Session) -> list[Event]: ...


@dataclass(frozen=True)
class Changed:
    """Something outside the session changed what the screens show."""

    delivery: DeliverySummary | None = None
    orphan: bool | None = None
    trouble: Message | None = None
    ready: bool | None = None
    board: BoardLine | None = None


Inbox = Event | heard.Event | Changed


class Conductor:
    """Runs one session. `start()` it, `post()` to it, `stop()` it; or `drain()` it without a thread."""

    def __init__(
        self,
        session: Session,
        journal: EventLog,
        runner: EffectPort,
        *,
        pace: Pace | None = None,
        clock: Callable[[], float] = monotonic,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
        speed: float = 1.0,
    ) -> None:
        self._journal = journal
        self._runner = runner
        self._pace = pace or Pace()
        self._clock = clock
        self._new_id = new_id
        self._speed = speed
        self._inbox: queue.SimpleQueue[Inbox | None] = queue.SimpleQueue()
        self._observers: list[Callable[[View], None]] = []
        self._thread: threading.Thread | None = None
        self.view = View(session, pupil_seconds=self._pace.pupil_seconds)
        """The latest snapshot; replaced, never changed, so any thread may read it."""

    def post(self, item: Inbox) -> None:
        """From any thread; returns at once."""
        self._inbox.put(item)

    def observe(self, observer: Callable[[View], None]) -> Callable[[], None]:
        """Call `observer` after every change; returns the function that ends it."""
        self._observers = [*self._observers, observer]

        def unsubscribe() -> None:
            self._observers = [known for known in self._observers if known is not observer]

        return unsubscribe

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="conductor")
        self._thread.start()

    def stop(self) -> None:
        """End after what is in the inbox now; joins the thread."""
        self._inbox.put(None)
        if self._thread is not None:
            self._thread.join()

    def drain(self) -> None:
        """Handle everything that can be handled now, on the caller's thread."""
        while True:
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                if not self._timer_due():
                    return
                item = TimerEnded(self._new_id())
            if item is not None:
                self._handle(item)

    def _run(self) -> None:
        while True:
            try:
                item = self._inbox.get(timeout=self._until_timer())
            except queue.Empty:
                item = TimerEnded(self._new_id())
            if item is None:
                return
            try:
                self._handle(item)
            except StationError as error:
                log.exception("the session stops: the journal can't be written")
                self.view = replace(self.view, timer_ends_at=None, timer_seconds=0.0)
                self._show(stopped=error.what)
                return

    def _until_timer(self) -> float | None:
        ends_at = self.view.timer_ends_at
        return None if ends_at is None else max(0.0, ends_at - self._clock())

    def _timer_due(self) -> bool:
        return self.view.timer_ends_at is not None and self._until_timer() == 0.0

    def _handle(self, item: Inbox) -> None:
        if isinstance(item, Changed):
            self._changed(item)
        elif isinstance(item, _EVENTS):
            self._take(item)  # type: ignore[arg-type]
        else:
            self._heard(item)  # type: ignore[arg-type]

    def _take(self, event: Event) -> None:
        if isinstance(event, TimerEnded):
            self.view = replace(self.view, timer_ends_at=None, timer_seconds=0.0)
        try:
            session, effects = step(self.view.session, event)
        except RefusedError as refusal:
            log.info("refused %s in %s", type(event).__name__, self.view.session.phase.value)
            if not isinstance(event, FROM_OUTSIDE):
                self._show(notice=refusal.why)
            return
        self._journal.append(event, session.day.on_duty)
        self._pace.note(event, session)
        since = self.view.recording_since_at if session.phase in TAKE_PHASES else None
        if isinstance(event, TakeStarted):
            since = self._clock()
        self.view = replace(
            self.view,
            session=session,
            notice=None,
            last_event=event,
            recording_since_at=since,
            lost_ms=self.view.lost_ms if since else 0.0,
            pupil_seconds=self._pace.pupil_seconds,
        )
        for effect in effects:
            self._perform(effect, session)
        self._show()

    def _perform(self, effect: fx.Effect, session: Session) -> None:
        if isinstance(effect, fx.StartTimer):
            seconds = effect.seconds / self._speed
            self.view = replace(self.view, timer_ends_at=self._clock() + seconds, timer_seconds=seconds)
            return
        if isinstance(effect, fx.StopActivity):
            self.view = replace(self.view, timer_ends_at=None, timer_seconds=0.0)
        try:
            self._runner.perform(effect, session)
        except StationError as error:
            # The event is journalled: what could not be done now is no reason to end the afternoon.
            log.exception("%s could not be done", type(effect).__name__)
            self._show(notice=error.what)

    def _heard(self, event: heard.Event) -> None:
        for session_event in self._runner.handle(event, self.view.session):
            self._take(session_event)
        if isinstance(event, heard.TakeProgress):
            self._show(lost_ms=event.lost_ms)

    def _changed(self, change: Changed) -> None:
        fields: dict[str, object] = {}
        if change.delivery is not None:
            fields["delivery"] = change.delivery
        if change.orphan is not None:
            fields["orphan"] = change.orphan
        if change.ready is not None:
            fields["device_ready"] = change.ready
            fields["device_trouble"] = change.trouble
        if change.board is not None:
            fields["board"] = change.board
        self._show(**fields)

    def _show(self, **fields: object) -> None:
        self.view = replace(self.view, **fields)  # type: ignore[arg-type]
        for observer in self._observers:
            observer(self.view)
