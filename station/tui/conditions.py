"""When a key does something: what it may be about, and the conditions that are no event's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from station.session import events as ev
from station.session.day import SessionStage
from station.session.machine import allows
from station.session.stages import signers
from station.session.state import CHECK_PHASES, Phase
from station.session.view import View


@dataclass(frozen=True)
class Desk:
    """What a key may be about: the session, and what the screen has under its cursor."""

    view: View
    pupil: str = ""
    """In the chair, or selected at home; empty where there is none."""
    undelivered: bool = False
    carried: bool = False
    """The screen shows recordings that are not delivered, or wait for the receipts of a stick."""
    testing: bool = False
    """Checks of the self-test run."""
    tested: bool = False
    """Checks have results."""


CARRIED, UNDELIVERED = attrgetter("carried"), attrgetter("undelivered")


def always(desk: Desk) -> bool:
    return True


def can_be_absent(desk: Desk) -> bool:
    return bool(desk.pupil) and allows(desk.view.session, ev.MarkedAbsent(desk.pupil, "absent"))


def can_be_undone(desk: Desk) -> bool:
    return bool(desk.pupil) and allows(desk.view.session, ev.AbsenceUndone(desk.pupil))


def can_skip(desk: Desk) -> bool:
    return desk.view.session.phase in CHECK_PHASES and not desk.view.session.waiting


def can_retake(desk: Desk) -> bool:
    return allows(desk.view.session, ev.RetakeStarted("other"))


def can_test(desk: Desk) -> bool:
    """The headset is free only while no pupil is here."""
    return desk.view.session.phase is Phase.HOME and not desk.testing


def can_note(desk: Desk) -> bool:
    return allows(desk.view.session, ev.IncidentNoted("", ""))


def can_close(desk: Desk) -> bool:
    session = desk.view.session
    return session.phase is Phase.HOME and session.day.stage is SessionStage.OPEN and not session.next_pupil


def is_unfinished(desk: Desk) -> bool:
    """The one key that ends the day must not be dumb before its time."""
    session = desk.view.session
    return session.phase is Phase.HOME and session.day.stage is SessionStage.OPEN and bool(session.next_pupil)


def is_prepared(desk: Desk) -> bool:
    return desk.view.session.day.stage is SessionStage.PREPARED


def is_opened(desk: Desk) -> bool:
    """Names may be seen."""
    return desk.view.session.day.stage is not SessionStage.PREPARED


def can_check_in(desk: Desk) -> bool:
    session = desk.view.session
    return session.day.checkin and session.phase is Phase.HOME and session.day.stage is SessionStage.OPEN


def can_sign(act: type) -> Callable[[Desk], bool]:
    return lambda desk: signers(desk.view.session.day, act) > 0


def can_report(desk: Desk) -> bool:
    return desk.tested and not desk.testing
