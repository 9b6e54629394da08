"""The table of the session, and the only way through it.

1. TRANSITIONS says which event may come in which phase, what it does, and where it may lead.
2. step() refuses everything else with RefusedError and leaves the session as it was.
3. Events in ANY_PHASE may come at any time and never change the phase.
4. Above it stands the table of the stages (station.session.stages): what that refuses is not asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_args

from config.base import say
from station.session import chair, decisions, moves, stages
from station.session import events as ev
from station.session.chair import Move, RefusedError
from station.session.day import Act
from station.session.state import CHECK_PHASES, Phase, Session


@dataclass(frozen=True)
class Rule:
    """What an event does in a phase, and the phases it may lead to."""

    move: Callable[[Session, Any], Move]
    leads_to: tuple[Phase, ...]


P = Phase
_AFTER_PROMPT = (P.READY,)
_BEGIN = (P.STUDY, P.PROMPT, P.READY)
_BACK = Rule(chair.go_back, (P.HOME,))
_AWAY = Rule(chair.mark_absent, (P.HOME,))
_SKIP = Rule(moves.skip_check, (P.INSTRUCTION,))
_LEAVE: dict[type, Rule] = {ev.WentBack: _BACK, ev.MarkedAbsent: _AWAY}
_END: dict[type, Rule] = {
    ev.TakeSaved: Rule(moves.take_saved, (P.SAVING,)),
    ev.TakeFailed: Rule(moves.take_failed, (P.VERDICT,)),
}

TRANSITIONS: dict[Phase, dict[type, Rule]] = {
    P.HOME: {
        ev.PupilNamed: Rule(chair.name_pupil, (P.IDENTITY,)),
        ev.MarkedAbsent: _AWAY,
        ev.MarkedLate: Rule(chair.mark_late, (P.HOME,)),
        ev.AbsenceUndone: Rule(chair.undo_absence, (P.HOME,)),
        ev.CheckedIn: Rule(chair.check_in, (P.HOME,)),
        ev.TakesAccepted: Rule(chair.accept_takes, (P.HOME,)),
    },
    P.IDENTITY: {
        ev.IdentityConfirmed: Rule(moves.confirm, (P.CHECK_SILENCE,)),
        ev.PupilNamed: Rule(chair.name_pupil, (P.IDENTITY,)),
        ev.MarkedLate: Rule(chair.mark_late, (P.HOME,)),
        **_LEAVE,
    },
    P.CHECK_SILENCE: {
        ev.CheckMeasured: Rule(moves.measured, (P.CHECK_PHRASE, P.CHECK_RESULT, P.INSTRUCTION)),
        ev.CheckSkipped: _SKIP,
        **_LEAVE,
    },
    P.CHECK_PHRASE: {
        ev.SoundEnded: Rule(moves.phrase_heard, (P.CHECK_SINGING, P.CHECK_RESULT)),
        ev.CheckSkipped: _SKIP,
        **_LEAVE,
    },
    P.CHECK_SINGING: {
        ev.CheckMeasured: Rule(moves.measured, (P.CHECK_LISTEN,)),
        ev.CheckSkipped: _SKIP,
        **_LEAVE,
    },
    P.CHECK_LISTEN: {
        ev.SoundEnded: Rule(moves.listened, (P.CHECK_RESULT,)),
        ev.CheckSkipped: _SKIP,
        **_LEAVE,
    },
    P.CHECK_RESULT: {
        ev.CheckAccepted: Rule(moves.accept_check, (P.INSTRUCTION,)),
        ev.CheckAgain: Rule(moves.begin_check, (P.CHECK_SILENCE,)),
        ev.PhraseUnheard: Rule(moves.phrase_unheard, (P.CHECK_PHRASE,)),
        ev.CheckSkipped: _SKIP,
        **_LEAVE,
    },
    P.INSTRUCTION: {
        ev.ItemBegun: Rule(moves.study, _BEGIN),
        ev.RetakeStarted: Rule(decisions.retake_before, (P.PROMPT, P.READY)),
        **_LEAVE,
    },
    P.STUDY: {ev.TimerEnded: Rule(moves.prompt, (P.PROMPT, P.READY)), **_LEAVE},
    P.PROMPT: {
        ev.SoundEnded: Rule(moves.ready, _AFTER_PROMPT),
        ev.SoundFailed: Rule(moves.prompt_failed, (P.PROMPT,)),
        **_LEAVE,
    },
    P.READY: {ev.TimerEnded: Rule(moves.start_take, (P.RECORDING,)), **_LEAVE},
    P.RECORDING: {
        ev.TakeStarted: Rule(moves.take_started, (P.RECORDING,)),
        ev.StopRequested: Rule(moves.stop, (P.SAVING,)),
        **_END,
    },
    P.SAVING: {ev.TakeJudged: Rule(moves.judged, (P.VERDICT,)), **_END},
    P.VERDICT: {
        ev.VerdictHeld: Rule(decisions.hold, (P.VERDICT,)),
        ev.TakeKept: Rule(decisions.keep, (P.INSTRUCTION, P.HOME)),
        ev.TimerEnded: Rule(decisions.next_after_good, (P.INSTRUCTION, P.HOME)),
        ev.RetakeStarted: Rule(decisions.retake, (P.PROMPT, P.READY)),
        ev.MarkedAbsent: _AWAY,
    },
}

for _phase in CHECK_PHASES | {P.STUDY, P.PROMPT, P.READY}:
    TRANSITIONS[_phase][ev.Continued] = Rule(
        moves.go_on, (P.CHECK_SILENCE,) if _phase in CHECK_PHASES else _BEGIN
    )

ANY_PHASE: dict[type, Callable[[Session, Any], Move]] = {
    ev.IncidentNoted: moves.note_incident,
    ev.SungElsewhere: chair.hear_elsewhere,
    ev.Restarted: moves.restart,
    ev.TakeRecovered: moves.recover_take,
}

ACTS: frozenset[type] = frozenset(get_args(Act))
"""What persons do to the session as a whole."""
WHILE_WAITING = frozenset(
    {ev.Continued, ev.TakeSaved, ev.TakeFailed, ev.TakeJudged, ev.TakeStarted, *ANY_PHASE, *_LEAVE}
)
"""After a restart, or a prompt that failed, only these are heard: nothing that ran before may still end."""


def step(session: Session, event: ev.Event) -> Move:
    """The session after `event`, and what to do. Raises RefusedError; the session is then unchanged."""
    kind = type(event)
    if isinstance(event, Act):
        return stages.act(session, event), ()
    stages.need_stage(session, kind)
    if kind in ANY_PHASE:
        return ANY_PHASE[kind](session, event)
    rule = TRANSITIONS[session.phase].get(kind)
    if rule is None or (session.waiting and kind not in WHILE_WAITING):
        raise RefusedError(say("This is not possible now."))
    after, effects = rule.move(session, event)
    if after.phase not in rule.leads_to:
        raise AssertionError(f"{session.phase} -{kind.__name__}-> {after.phase} is not in TRANSITIONS")
    return after, effects


def allows(session: Session, event: ev.Event) -> bool:
    """Whether `event` would be accepted now."""
    try:
        step(session, event)
    except RefusedError:
        return False
    return True


def replay(session: Session, events: Iterable[ev.Event]) -> Session:
    """The state after the journalled events; effects are not repeated."""
    for event in events:
        session, _ = step(session, event)
    return session
