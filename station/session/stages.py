"""The table of the stages, above that of the pupil: prepared, open, closed, sealed, cleared. Pure, as moves.

1. STAGES says which act may come in which stage, where it leads, and how many persons sign it.
2. PUPIL_EVENTS says what else may be entered into the journal in a stage that is not open.
3. Everything else is refused with a sentence; the session is then unchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from config.base import Message, say
from station.session import day as acts
from station.session import events as ev
from station.session.chair import RefusedError
from station.session.day import Seal, SessionDay, SessionStage, Signed
from station.session.state import Phase, Session

NAME = 40
"""Characters of a person's name."""
PROVEN = ("L2", "L3", acts.PRACTICE)
"""Proofs that allow to remove a recording (promise 6 of the station: nothing without L2)."""
S = SessionStage


@dataclass(frozen=True)
class StageRule:
    """What an act does, where it leads, and how many sign with custody one and two."""

    move: Callable[[Session, Any], SessionDay]
    leads_to: SessionStage
    signers: tuple[int, int] = (1, 1)


def open_session(session: Session, act: acts.SessionOpened) -> SessionDay:
    names = tuple(person.name for person in act.persons)
    _need_names(names, 2 if act.custody == "two" else 1)
    if act.custody == "two" and not all(person.code for person in act.persons):
        raise RefusedError(say("Each of the two needs a code of their own."))
    if act.opens and not act.reason and datetime.fromisoformat(act.at) < datetime.fromisoformat(act.opens):
        raise RefusedError(say("It opens at {time}; before that a reason is needed.", time=act.opens))
    opened = Signed(act.at, names, act.reason)
    return replace(session.day, custody=act.custody, checkin=act.checkin, persons=act.persons, opened=opened)


def take_duty(session: Session, act: acts.DutyTaken) -> SessionDay:
    return session.day


def end_check_in(session: Session, act: acts.CheckInEnded) -> SessionDay:
    left = unchecked(session)
    if left:
        raise RefusedError(
            say(
                "{count} {count|pupil is|pupils are} not checked in, {id} first.", count=len(left), id=left[0]
            )
        )
    return replace(session.day, checked_in=Signed(act.at, act.by))


def unchecked(session: Session) -> list[str]:
    """Pupils who were neither checked in nor marked away or late, and have not sung elsewhere."""
    return [
        p.student_id
        for p in session.pupils.values()
        if not (p.checked_in or p.standing.away or p.late or p.only_elsewhere)
    ]


def close_session(session: Session, act: acts.SessionClosed) -> SessionDay:
    if session.phase is not Phase.HOME:
        raise RefusedError(say("Another pupil is in the chair. Finish with this pupil first."))
    if session.next_pupil:
        raise RefusedError(
            say(
                "{count} {count|pupil is|pupils are} still to do, {id} first: let each sing, or mark "
                "them absent with F4.",
                count=session.totals.to_do,
                id=session.next_pupil,
            )
        )
    if set(act.acknowledged) != set(session.troubled):
        raise RefusedError(say("Not all is fine: read the list once more before closing."))
    return replace(session.day, closings=(*session.day.closings, Signed(act.at, act.by)))


def seal_session(session: Session, act: acts.SessionSealed) -> SessionDay:
    seals = session.day.seals
    if act.number != len(seals) + 1:
        raise RefusedError(say("This is not possible now."))
    return replace(session.day, seals=(*seals, Seal(act.number, act.code, act.takes, Signed(act.at, act.by))))


def reopen_session(session: Session, act: acts.SessionReopened) -> SessionDay:
    if not act.reason.strip():
        raise RefusedError(say("A session is opened again for a reason only."))
    if session.day.clearing is not None:
        raise RefusedError(say("Recordings are being removed: this session can't be opened again."))
    signed = Signed(act.at, act.by, act.reason)
    return replace(session.day, reopenings=(*session.day.reopenings, signed))


def begin_clearing(session: Session, act: acts.ClearingBegun) -> SessionDay:
    unproven = [take.file for take in act.inventory if take.level not in PROVEN]
    if unproven:
        raise RefusedError(
            say(
                "{count} {count|recording is|recordings are} not proven at the server, {file} first: "
                "nothing is removed.",
                count=len(unproven),
                file=unproven[0],
            )
        )
    day = session.day
    known = {take.file for take in day.inventory}
    more = tuple(take for take in act.inventory if take.file not in known)
    clearing = day.clearing or Signed(act.at, act.by)
    return replace(day, clearing=clearing, inventory=(*day.inventory, *more))


def clear_session(session: Session, act: acts.SessionCleared) -> SessionDay:
    clearing = session.day.clearing
    if clearing is None or act.left:
        raise RefusedError(say("Not all recordings are removed."))
    return replace(session.day, cleared=Signed(act.at, clearing.by))


STAGES: dict[SessionStage, dict[type, StageRule]] = {
    S.PREPARED: {acts.SessionOpened: StageRule(open_session, S.OPEN)},
    S.OPEN: {
        acts.DutyTaken: StageRule(take_duty, S.OPEN),
        acts.CheckInEnded: StageRule(end_check_in, S.OPEN, (1, 2)),
        acts.SessionClosed: StageRule(close_session, S.CLOSED),
    },
    S.CLOSED: {
        acts.DutyTaken: StageRule(take_duty, S.CLOSED),
        acts.SessionReopened: StageRule(reopen_session, S.OPEN),
        acts.SessionSealed: StageRule(seal_session, S.SEALED, (1, 2)),
    },
    S.SEALED: {
        acts.DutyTaken: StageRule(take_duty, S.SEALED),
        acts.SessionReopened: StageRule(reopen_session, S.OPEN, (1, 2)),
        acts.ClearingBegun: StageRule(begin_clearing, S.SEALED, (1, 2)),
        acts.SessionCleared: StageRule(clear_session, S.CLEARED),
    },
    S.CLEARED: {},
}

PUPIL_EVENTS: dict[SessionStage, frozenset[type]] = {
    S.PREPARED: frozenset({ev.IncidentNoted, ev.Restarted, ev.TakeRecovered, ev.SungElsewhere}),
    S.CLOSED: frozenset({ev.IncidentNoted, ev.Restarted, ev.TakeRecovered, ev.SungElsewhere}),
    S.SEALED: frozenset({ev.Restarted}),
    S.CLEARED: frozenset({ev.Restarted}),
}
"""Beside the acts; what is not named here (OPEN) allows all."""
REFUSALS: dict[SessionStage, Message] = {
    S.PREPARED: say("The session is not opened yet."),
    S.CLOSED: say("The session is closed: nobody sings any more. It can be opened again with a reason."),
    S.SEALED: say("The session is sealed: nothing can be changed any more."),
    S.CLEARED: say("The session is sealed, and its recordings are removed from this computer."),
}


def need_stage(session: Session, kind: type) -> None:
    """Raises RefusedError where the stage does not allow an event of the pupil's machine."""
    stage = session.day.stage
    if stage in PUPIL_EVENTS and kind not in PUPIL_EVENTS[stage]:
        raise RefusedError(REFUSALS[stage])


def act(session: Session, event: acts.Act) -> Session:
    """The session after what a person did to it as a whole. Raises RefusedError."""
    day = session.day
    rule = STAGES[day.stage].get(type(event))
    if rule is None:
        raise RefusedError(REFUSALS.get(day.stage, say("This is not possible now.")))
    if isinstance(event, acts.SessionOpened):
        by = tuple(person.name for person in event.persons)
    else:
        by = getattr(event, "by", ())
        if not isinstance(event, acts.SessionCleared):
            _need_signers(day, by, rule.signers[day.custody == "two"])
    after = replace(rule.move(session, event), stage=rule.leads_to)
    return replace(session, day=replace(after, on_duty=by[0] if by else after.on_duty))


def signers(day: SessionDay, kind: type) -> int:
    """How many persons sign an act now; 0 where it is not possible."""
    rule = STAGES[day.stage].get(kind)
    return 0 if rule is None else rule.signers[day.custody == "two"]


def _need_signers(day: SessionDay, names: tuple[str, ...], count: int) -> None:
    _need_names(names, count)
    known = {person.name for person in day.persons}
    if day.custody == "two" and not known.issuperset(names):
        raise RefusedError(say("Only the two who opened the session can sign."))


def _need_names(names: tuple[str, ...], count: int) -> None:
    good = all(name.strip() == name and name.isprintable() and 0 < len(name) <= NAME for name in names)
    if not good or not names:
        raise RefusedError(say("A name is needed, of at most {count} characters.", count=NAME))
    if len(names) != count or len({name.casefold() for name in names}) != count:
        raise RefusedError(say("{count} {count|person is|different persons are} needed.", count=count))
