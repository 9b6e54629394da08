"""What becomes of a judged take: the next item, or once more for a technical reason. Pure, as moves."""

from __future__ import annotations

from dataclasses import replace

from config.base import say
from station.session import effects as fx
from station.session import events as ev
from station.session.chair import Move, RefusedError, go_home, next_open, standing_of, with_pupil
from station.session.moves import prompt, show_item
from station.session.state import Phase, Session


def hold(session: Session, event: ev.VerdictHeld) -> Move:
    return session, (fx.StopActivity(),)


def retake(session: Session, event: ev.RetakeStarted) -> Move:
    if not session.attempts_left:
        raise RefusedError(say("No further attempt is allowed for this item."))
    session = replace(session, retake_reason=event.reason, take_id="")
    session, effects = prompt(session)
    return session, (fx.StopActivity(), *effects)


def retake_before(session: Session, event: ev.RetakeStarted) -> Move:
    """The item before this one, which was left a moment ago."""
    before = replace(session, item_index=retaken_item(session))
    if not before.pupil.has_sung(before.item.id):
        raise RefusedError(say("There is nothing yet to record again."))
    return retake(before, event)


def next_after_good(session: Session, event: ev.TimerEnded) -> Move:
    if session.take is None or not session.take.ok:
        raise RefusedError(say("This recording needs a decision."))
    return next_item(session)


def keep(session: Session, event: ev.TakeKept) -> Move:
    return next_item(session)


def next_item(session: Session) -> Move:
    index: int | None = session.item_index + 1
    if session.pupil.again:
        index = next_open(session, session.item_index + 1)
    if index is not None and index < len(session.plan.items):
        session, effects = show_item(replace(session, item_index=index))
        return session, (fx.StopActivity(), *effects)
    # Not DONE where an item has no recording, or none that is fine: then somebody must decide.
    session = with_pupil(session, replace(session.pupil, standing=standing_of(session, session.pupil)))
    return go_home(session)


def retaken_item(session: Session) -> int:
    """Index of the item that a retake is about now: the one before, where a song has not begun yet."""
    return max(0, session.item_index - (session.phase is Phase.INSTRUCTION))
