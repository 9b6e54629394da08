"""What Enter does now, and its name."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from station.session import events as ev
from station.session.state import Phase
from station.session.view import View
from station.words.i18n import tr_noop


def elapsed(view: View) -> float:
    """Seconds since the running take began; 0 before it did."""
    return monotonic() - view.recording_since_at if view.recording_since_at is not None else 0.0


PRIMARY: dict[Phase, tuple[str, Callable[[View], ev.Event | None]]] = {
    Phase.IDENTITY: (tr_noop("This is the pupil"), lambda view: ev.IdentityConfirmed()),
    Phase.CHECK_RESULT: (tr_noop("Heard"), lambda view: after_check(view)),
    Phase.INSTRUCTION: (tr_noop("Begin"), lambda view: ev.ItemBegun()),
    Phase.RECORDING: (tr_noop("End early"), lambda view: ev.StopRequested(elapsed(view))),
    Phase.VERDICT: (tr_noop("Next"), lambda view: after_verdict(view)),
}
"""What Enter does in each phase."""


def after_check(view: View) -> ev.Event:
    """Go on after a passed check, repeat a failed one."""
    failed = any(step.outcome == "fail" for step in view.session.pupil.check)
    return ev.CheckAgain() if failed else ev.CheckAccepted(heard=True)


def after_verdict(view: View) -> ev.Event | None:
    """Next after a good take; a bad one is sung again where that is allowed.

    After practice also the next, unless the headset was at fault: the song would be spoiled, too.
    """
    session = view.session
    if session.take is None or session.take.ok or not session.attempts_left:
        return ev.TakeKept()
    if session.item.practice and not session.take.by_device and not session.take.failed:
        return ev.TakeKept()
    return ev.RetakeStarted("verdict")


def primary_text(view: View) -> str:
    """The name of Enter now, in English; empty when Enter does nothing."""
    session = view.session
    if session.waiting:
        if session.sound_failed:
            return tr_noop("Repeat")
        return "" if session.phase in (Phase.RECORDING, Phase.SAVING) else tr_noop("Continue")
    if session.phase is Phase.CHECK_RESULT and isinstance(after_check(view), ev.CheckAgain):
        return tr_noop("Repeat")
    if session.phase is Phase.VERDICT and isinstance(after_verdict(view), ev.RetakeStarted):
        return tr_noop("Record again")
    if session.phase is Phase.VERDICT and session.item_index + 1 == len(session.plan.items):
        return tr_noop("Finish")
    return PRIMARY[session.phase][0] if session.phase in PRIMARY else ""


def primary(view: View) -> ev.Event | None:
    """The event of Enter now."""
    if view.session.waiting:
        return ev.Continued(from_prompt=True)
    entry = PRIMARY.get(view.session.phase)
    return entry[1](view) if entry else None
