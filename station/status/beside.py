"""What other stations with the same roster have said, checked before the session hears of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from config.base import say
from config.roster import sung_of
from config.status import Beside, StatusError, from_text
from station.session.events import SungElsewhere
from station.session.machine import allows
from station.session.state import Session


def from_line(text: str, own: Beside, session: Session) -> SungElsewhere:
    """What a pasted line of another station says. Raises StatusError where it is of no use here, and why."""
    return _event(Beside.of(from_text(text)), own, session, "line")


def from_centre(found: Iterable[Beside], own: Beside, session: Session) -> Iterator[SungElsewhere]:
    """Only what is new; what is wrong is as if it had not been said."""
    for word in found:
        try:
            event = _event(word, own, session, "centre")
        except StatusError:
            continue
        before = session.told.get(event.station)
        known = (before.students, before.absent) if before is not None else ((), ())
        if (event.students, event.absent) != known and allows(session, event):
            yield event


def _event(word: Beside, own: Beside, session: Session, told_by: Literal["centre", "line"]) -> SungElsewhere:
    if word.station == own.station:
        raise StatusError(say("This line is of this station itself: paste it at the other one."))
    if not own.roster:
        raise StatusError(say("This is a rehearsal: it hears of no other station."))
    if not word.fits(own):
        raise StatusError(
            say(
                "Station {station} has another roster, or its line is of another day: nothing is taken over.",
                station=word.station,
            )
        )
    if word.station not in session.told and len(session.told) >= Beside.MOST:
        raise StatusError(say("At most {count} other stations are heard.", count=Beside.MOST))
    try:
        students = sung_of(word.sung, session.pupils)
        absent = sung_of(word.absent, session.pupils) if word.absent else ()
    except ValueError as error:
        raise StatusError(say("This is no status: {detail}", detail="sung, absent")) from error
    return SungElsewhere(word.station, word.at, students, told_by, absent)
