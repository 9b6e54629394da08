"""The proctor of `station demo --auto`: presses the keys that a person would, on the same events.

Runs on the caller's thread and sees only views, like the screens. A take is ended once the item's
minimum is over; a failed check is repeated twice and then skipped with a reason; a take that is not
ok is sung again where the kit allows it and kept otherwise.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from station.session import events as ev
from station.session.state import Phase, Session
from station.session.view import View

CHECKS = 3
FAILURES = 3
"""So many takes that left nothing, or prompts that failed, one after another, are no accident."""
POLL_SECONDS = 0.05
STOP_MARGIN = 0.2
"""Seconds past the minimum, so that the early stop is never refused."""


@dataclass(frozen=True)
class Move:
    """An event to post, now or at a time on the monotonic clock."""

    event: ev.Event
    at: float = 0.0


class AutoProctor:
    """Feed it views through `see`; `run` posts events until all `students` are settled."""

    def __init__(
        self,
        post: Callable[[ev.Event], None],
        students: tuple[str, ...],
        *,
        speed: float = 1.0,
        ready: Callable[[Session], bool] = lambda session: True,
    ) -> None:
        """`speed`: that of the headset's clock. `ready`: the pupil in the chair can begin to sing."""
        self._ready = ready
        self._post = post
        self._speed = speed
        self._students = students
        self._views: queue.SimpleQueue[View] = queue.SimpleQueue()
        self._checks: dict[str, int] = {}
        self._failures = 0

    def see(self, view: View) -> None:
        self._views.put(view)

    def run(self, view: View, on_view: Callable[[View], None], patience: float = 120.0) -> bool:
        """Until every student is done; False when nothing happens for `patience` seconds, or takes fail."""
        answered: Session | None = None
        while True:
            on_view(view)
            if self._finished(view.session):
                return True
            move = self._move(view) if view.session is not answered else None
            if self._failures >= FAILURES:
                return False
            if move is not None:
                wait = move.at - monotonic()
                if wait > 0:
                    view = self._latest(wait) or view
                    if monotonic() < move.at:
                        continue
                answered = view.session
                self._post(move.event)
            learning = self._learning(view.session)
            latest = self._latest(POLL_SECONDS if learning else patience)
            if latest is None and not learning:
                return False
            view = latest or view

    def _learning(self, session: Session) -> bool:
        """The pupil does not know the song yet."""
        return session.phase is Phase.INSTRUCTION and not self._ready(session)

    def _latest(self, timeout: float) -> View | None:
        """The newest view that comes within `timeout` seconds."""
        try:
            view = self._views.get(timeout=max(0.0, timeout))
            while True:
                try:
                    view = self._views.get_nowait()
                except queue.Empty:
                    return view
        except queue.Empty:
            return None

    def _finished(self, session: Session) -> bool:
        return session.phase is Phase.HOME and not self._open(session)

    def _open(self, session: Session) -> list[str]:
        done = ("done", "troubled", "absent", "unwell", "refused", "excused")
        return [sid for sid in self._students if session.pupils[sid].standing.value not in done]

    def _move(self, view: View) -> Move | None:
        session = view.session
        if session.waiting:
            self._failures += bool(session.sound_failed)
            return (
                Move(ev.Continued(from_prompt=True))
                if session.phase not in (Phase.RECORDING, Phase.SAVING)
                else None
            )
        match session.phase:
            case Phase.HOME:
                return Move(ev.PupilNamed(self._open(session)[0])) if view.device_ready else None
            case Phase.IDENTITY:
                return Move(ev.IdentityConfirmed())
            case Phase.CHECK_RESULT:
                return Move(self._after_check(session))
            case Phase.INSTRUCTION if self._ready(session):
                return Move(ev.ItemBegun())
            case Phase.RECORDING if view.recording_since_at is not None:
                minimum = session.item.min_seconds + STOP_MARGIN
                return Move(ev.StopRequested(minimum), view.recording_since_at + minimum / self._speed)
            case Phase.VERDICT if session.take is not None:
                self._failures = self._failures + 1 if session.take.failed else 0
                again = not session.take.ok and session.attempts_left
                return Move(ev.RetakeStarted("verdict") if again else ev.TakeKept())
        return None

    def _after_check(self, session: Session) -> ev.Event:
        if all(step.outcome != "fail" for step in session.pupil.check):
            return ev.CheckAccepted()
        self._checks[session.current] = self._checks.get(session.current, 0) + 1
        if self._checks[session.current] < CHECKS:
            return ev.CheckAgain()
        return ev.CheckSkipped("demo")
