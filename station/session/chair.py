"""Who sits in the chair, and how far each pupil is. Pure, as moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from config.base import Message, say
from station.session import effects as fx
from station.session import events as ev
from station.session.state import Phase, PupilState, Session, Standing

Move = tuple[Session, tuple[fx.Effect, ...]]


class RefusedError(Exception):
    """The event is not possible now; the state is unchanged."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


def with_pupil(session: Session, pupil: PupilState) -> Session:
    return replace(session, pupils={**session.pupils, pupil.student_id: pupil})


def known(session: Session, student_id: str) -> PupilState:
    if student_id not in session.pupils:
        raise RefusedError(
            say("Number {student_id} is not in the roster. Please check the number.", student_id=student_id)
        )
    return session.pupils[student_id]


# --- who sits in the chair


def name_pupil(session: Session, event: ev.PupilNamed) -> Move:
    pupil = known(session, event.student_id)
    if pupil.standing is Standing.DONE:
        raise RefusedError(say("{student_id} has already sung everything.", student_id=pupil.student_id))
    if pupil.standing is Standing.TROUBLED and not event.again:
        raise RefusedError(
            say(
                "{student_id} has sung everything, but not all is fine: it is sung again for a reason only.",
                student_id=pupil.student_id,
            )
        )
    if pupil.only_elsewhere and not event.again:
        raise RefusedError(sung_there(pupil))
    if session.day.checkin and not pupil.checked_in:
        raise RefusedError(
            say("{student_id} is not checked in: see the card first (F12).", student_id=pupil.student_id)
        )
    session = with_pupil(session, replace(pupil, again=event.again))
    return replace(session, phase=Phase.IDENTITY, current=pupil.student_id), ()


def sung_there(pupil: PupilState) -> Message:
    return say(
        "{student_id} has sung everything at {station}: here it is sung once more for a reason only.",
        student_id=pupil.student_id,
        station=Message.listed(pupil.elsewhere),
    )


def hear_elsewhere(session: Session, event: ev.SungElsewhere) -> Move:
    """Who is in the chair stays there; what is known of a station is replaced by its later word."""
    before = session.told.get(event.station)
    if before is not None and datetime.fromisoformat(before.at) >= datetime.fromisoformat(event.at):
        raise RefusedError(
            say("What {station} said then is known already, or something newer.", station=event.station)
        )
    told = {**session.told, event.station: event}
    words = sorted(told.items())
    pupils = {
        student_id: replace(
            pupil,
            elsewhere=tuple(name for name, word in words if student_id in word.students),
            absent_at=tuple(name for name, word in words if student_id in word.absent),
        )
        for student_id, pupil in session.pupils.items()
    }
    return replace(session, told=told, pupils=pupils), ()


def first_open_item(session: Session) -> int:
    """Index of the first item that the pupil has not sung, or that is sung again."""
    index = next_open(session, 0) if session.pupil.again else next_unsung(session)
    return len(session.plan.items) - 1 if index is None else index


def next_unsung(session: Session) -> int | None:
    items = enumerate(session.plan.items)
    return next((index for index, item in items if not session.pupil.has_sung(item.id)), None)


def next_open(session: Session, begin: int) -> int | None:
    """Index of the next test item, from `begin`, that is not sung or not ok."""
    for index, item in enumerate(session.plan.items):
        done = session.pupil.has_sung(item.id) and not session.pupil.is_bad(item.id)
        if index >= begin and not item.practice and not done:
            return index
    return None


def standing_of(session: Session, pupil: PupilState) -> Standing:
    """How far a pupil is who is here, by the takes alone."""
    tests = [item.id for item in session.plan.items if not item.practice]
    if not all(map(pupil.has_sung, tests)):
        return Standing.STARTED if pupil.takes else Standing.WAITING
    bad = any(map(pupil.is_bad, tests))
    return Standing.TROUBLED if bad and not pupil.accepted else Standing.DONE


def go_back(session: Session, event: ev.WentBack) -> Move:
    if session.pupil.again and session.phase is not Phase.IDENTITY:
        # Called again, and left: what is recorded tells again how far the pupil is.
        pupil = replace(session.pupil, standing=standing_of(session, session.pupil))
        session = with_pupil(session, pupil)
    return go_home(session)


def accept_takes(session: Session, event: ev.TakesAccepted) -> Move:
    pupil = known(session, event.student_id)
    if pupil.standing is not Standing.TROUBLED:
        raise RefusedError(say("About {student_id} there is nothing to decide.", student_id=pupil.student_id))
    pupil = replace(pupil, accepted=event.reason, standing=Standing.DONE)
    return with_pupil(session, pupil), ()


def go_home(session: Session) -> Move:
    home = replace(
        session,
        phase=Phase.HOME,
        current="",
        item_index=0,
        take_id="",
        retake_reason="",
        waiting=False,
        sound_failed="",
    )
    return home, (fx.StopActivity(),)


def mark_absent(session: Session, event: ev.MarkedAbsent) -> Move:
    pupil = known(session, event.student_id)
    if pupil.standing is Standing.DONE:
        raise RefusedError(say("{student_id} has already sung everything.", student_id=pupil.student_id))
    if session.current not in ("", pupil.student_id):
        raise RefusedError(say("Another pupil is in the chair. Finish with this pupil first."))
    if event.reason == "excused" and not event.note.strip():
        raise RefusedError(say("Write down why {student_id} is excused.", student_id=pupil.student_id))
    pupil = replace(pupil, standing=Standing(event.reason), late=False, checked_in=False, note=event.note)
    session = with_pupil(session, pupil)
    return go_home(session) if session.current else (session, ())


def check_in(session: Session, event: ev.CheckedIn) -> Move:
    """Also who was marked absent before, and has come."""
    pupil = known(session, event.student_id)
    if pupil.checked_in:
        raise RefusedError(say("{student_id} is checked in already.", student_id=pupil.student_id))
    if pupil.standing.away:
        pupil = replace(pupil, standing=standing_of(session, pupil), note="")
    return with_pupil(session, replace(pupil, late=False, checked_in=True)), ()


def mark_late(session: Session, event: ev.MarkedLate) -> Move:
    pupil = known(session, event.student_id)
    if pupil.standing is not Standing.WAITING:
        raise RefusedError(say("{student_id} is not waiting.", student_id=pupil.student_id))
    session = with_pupil(session, replace(pupil, late=True))
    return go_home(session) if session.current else (session, ())


def undo_absence(session: Session, event: ev.AbsenceUndone) -> Move:
    pupil = known(session, event.student_id)
    if not (pupil.standing.away or pupil.late):
        raise RefusedError(say("{student_id} is not marked absent.", student_id=pupil.student_id))
    pupil = replace(pupil, standing=standing_of(session, pupil), late=False, note="")
    return with_pupil(session, pupil), ()
