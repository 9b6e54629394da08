"""The journal of a session that began with this roster and this kit, or with others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from config.base import ConfigError, say
from config.takes import take_prefix
from station.session.chair import RefusedError
from station.session.day import Act, Custody, DutyTaken, SessionDay, SessionStage
from station.session.events import Event, TakeSaved
from station.session.machine import step
from station.session.stages import PUPIL_EVENTS, STAGES
from station.session.state import Session


def replayed(session: Session, event: Event) -> Session:
    """The session after a journalled event. Raises ConfigError where these files do not fit it."""
    student_id = getattr(event, "student_id", "")
    if student_id and student_id not in session.pupils:
        raise ConfigError(
            say("Pupil {id} has begun already, but is missing in the roster now.", id=student_id),
            say("Put the pupil back into the roster, or begin another session in station.toml."),
        )
    if _began_before_stages(session, event):
        session = opened_by_nobody(session)
    try:
        after, _ = step(session, event)
    except (RefusedError, IndexError) as error:
        raise _other_kit() from error
    if isinstance(event, TakeSaved) and not _of_this_item(event, after):
        raise _other_kit()
    return after


def opened_by_nobody(session: Session) -> Session:
    """A session without stages: of a rehearsal, or begun by a program that knew none."""
    return replace(session, day=SessionDay())


def stage_told(events: Iterable[Event], custody: Custody) -> SessionStage:
    """How far a session is by its journal, without its roster and kit.

    With custody one a session that nobody opened is open, as for commands before there were stages.
    """
    stage = SessionStage.PREPARED if custody == "two" else SessionStage.OPEN
    for event in events:
        rule = next((row[type(event)] for row in STAGES.values() if type(event) in row), None)
        if isinstance(event, DutyTaken):
            continue
        if rule is not None:
            stage = rule.leads_to
        elif type(event) not in PUPIL_EVENTS[SessionStage.PREPARED] and stage is SessionStage.PREPARED:
            stage = SessionStage.OPEN
    return stage


def _began_before_stages(session: Session, event: Event) -> bool:
    """No program that knows stages enters this before a session is opened."""
    prepared = session.day.stage is SessionStage.PREPARED
    return prepared and not isinstance(event, Act) and type(event) not in PUPIL_EVENTS[SessionStage.PREPARED]


def _of_this_item(event: TakeSaved, session: Session) -> bool:
    """The journal counts items; only the file's name says which one was sung."""
    take = session.take
    return take is None or event.file.startswith(take_prefix(session.current, take.item_id))


def _other_kit() -> ConfigError:
    return ConfigError(
        say("The kit was changed after this session began: what was sung does not fit it."),
        say("Put the earlier kit back, or begin another session in station.toml ([session] id)."),
    )
