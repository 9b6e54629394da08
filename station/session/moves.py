"""The moves of the machine: (session, event) -> (session, effects). Pure; refusals raise RefusedError.

Each function may rely on the phase that TRANSITIONS calls it in.
"""

from __future__ import annotations

from dataclasses import replace

from config.base import Message, say
from station.session import effects as fx
from station.session import events as ev
from station.session.state import CHECK_PHASES, Phase, PupilState, Session, Standing, Take

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
    return replace(session, phase=Phase.IDENTITY, current=pupil.student_id), ()


def confirm(session: Session, event: ev.IdentityConfirmed) -> Move:
    pupil = replace(session.pupil, standing=Standing.STARTED, late=False, note="", check=(), check_skipped="")
    session = replace(with_pupil(session, pupil), item_index=first_open_item(session))
    return begin_check(session)


def first_open_item(session: Session) -> int:
    """Index of the first item that the pupil has not sung."""
    open_items = (
        index for index, item in enumerate(session.plan.items) if not session.pupil.has_sung(item.id)
    )
    return next(open_items, len(session.plan.items) - 1)


def standing_of(session: Session, pupil: PupilState) -> Standing:
    """How far a pupil is who is here, by the takes alone."""
    if all(item.practice or pupil.has_sung(item.id) for item in session.plan.items):
        return Standing.DONE
    return Standing.STARTED if pupil.takes else Standing.WAITING


def go_back(session: Session, event: ev.WentBack) -> Move:
    return go_home(session)


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
    pupil = replace(pupil, standing=Standing(event.reason), late=False, note=event.note)
    session = with_pupil(session, pupil)
    return go_home(session) if session.current else (session, ())


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


def note_incident(session: Session, event: ev.IncidentNoted) -> Move:
    return replace(session, incidents=(*session.incidents, event)), ()


# --- headset check


def begin_check(session: Session, event: object = None) -> Move:
    session = replace(with_pupil(session, replace(session.pupil, check=())), phase=Phase.CHECK_SILENCE)
    return session, (fx.RecordProbe("silence", session.plan.silence_seconds),)


def measured(session: Session, event: ev.CheckMeasured) -> Move:
    expected = "silence" if session.phase is Phase.CHECK_SILENCE else "singing"
    if event.step != expected:
        raise RefusedError(say("This measurement belongs to another step."))
    session = with_pupil(session, replace(session.pupil, check=(*session.pupil.check, event)))
    if event.step == "silence":
        if event.outcome == "fail":
            return replace(session, phase=Phase.CHECK_RESULT), ()
        return replace(session, phase=Phase.CHECK_PHRASE), (fx.PlaySound("phrase"),)
    return replace(session, phase=Phase.CHECK_LISTEN), (fx.PlaySound("probe"),)


def phrase_heard(session: Session, event: ev.SoundEnded) -> Move:
    session = replace(session, phase=Phase.CHECK_SINGING)
    return session, (fx.RecordProbe("singing", session.plan.singing_seconds),)


def listened(session: Session, event: ev.SoundEnded) -> Move:
    return replace(session, phase=Phase.CHECK_RESULT), ()


def accept_check(session: Session, event: ev.CheckAccepted) -> Move:
    if any(step.outcome == "fail" for step in session.pupil.check):
        raise RefusedError(say("The headset check failed. Repeat it, or skip it with a reason."))
    return show_item(session)


def skip_check(session: Session, event: ev.CheckSkipped) -> Move:
    session = with_pupil(session, replace(session.pupil, check_skipped=event.reason))
    session, effects = show_item(session)
    return session, (fx.StopActivity(), *effects)


# --- one item


def show_item(session: Session) -> Move:
    return replace(session, phase=Phase.INSTRUCTION, take_id="", retake_reason=""), ()


def study(session: Session, event: object) -> Move:
    if session.item.study_seconds <= 0:
        return prompt(session)
    return replace(session, phase=Phase.STUDY), (fx.StartTimer(session.item.study_seconds),)


def prompt(session: Session, event: object = None) -> Move:
    if not session.item.has_prompt:
        return ready(session)
    return replace(session, phase=Phase.PROMPT), (fx.PlaySound("prompt", session.item.id),)


def prompt_failed(session: Session, event: ev.SoundFailed) -> Move:
    """Nobody sings without the prompt: it is played again when the proctor says so."""
    return replace(session, waiting=True, sound_failed=event.code), ()


def ready(session: Session, event: object = None) -> Move:
    return replace(session, phase=Phase.READY), (fx.StartTimer(session.item.ready_seconds),)


def start_take(session: Session, event: ev.TimerEnded) -> Move:
    attempt = session.pupil.last_attempt(session.item.id) + 1
    take = Take(event.take_id, session.item.id, attempt, session.retake_reason)
    pupil = replace(session.pupil, takes=(*session.pupil.takes, take))
    session = replace(with_pupil(session, pupil), phase=Phase.RECORDING, take_id=take.take_id)
    return session, (fx.RecordTake(take.take_id, pupil.student_id, take.item_id, attempt),)


def with_take(session: Session, take_id: str, **changes: object) -> Session:
    if session.take is None or take_id != session.take_id:
        raise RefusedError(say("This recording is not the one that runs."))
    changed = replace(session.take, **changes)  # type: ignore[arg-type]
    takes = tuple(changed if take.take_id == take_id else take for take in session.pupil.takes)
    return with_pupil(session, replace(session.pupil, takes=takes))


def take_started(session: Session, event: ev.TakeStarted) -> Move:
    return with_take(session, event.take_id, started_at=event.started_at), ()


def stop(session: Session, event: ev.StopRequested) -> Move:
    if event.elapsed < session.item.min_seconds:
        left = round(session.item.min_seconds - event.elapsed)
        raise RefusedError(say("The recording can be ended in {seconds} seconds.", seconds=max(1, left)))
    return replace(session, phase=Phase.SAVING), (fx.EndTake(session.take_id),)


def take_saved(session: Session, event: ev.TakeSaved) -> Move:
    session = with_take(
        session,
        event.take_id,
        file=event.file,
        seconds=event.seconds,
        sha256=event.sha256,
        ended_by=event.ended_by,
    )
    return replace(session, phase=Phase.SAVING, waiting=False), (fx.JudgeTake(event.take_id),)


def take_failed(session: Session, event: ev.TakeFailed) -> Move:
    session = with_take(session, event.take_id, failed=event.code, ok=False)
    return replace(session, phase=Phase.VERDICT, waiting=False), ()


def judged(session: Session, event: ev.TakeJudged) -> Move:
    session = with_take(
        session,
        event.take_id,
        ok=event.ok,
        reasons=event.reasons,
        remarks=event.remarks,
        numbers=event.numbers,
    )
    deliver = () if session.item.practice else (fx.Deliver(event.take_id),)
    # After the last item the pupil leaves the chair; the proctor says when.
    goes_on = event.ok and session.item_index + 1 < len(session.plan.items)
    timer = (fx.StartTimer(session.plan.result_seconds),) if goes_on else ()
    return replace(session, phase=Phase.VERDICT, waiting=False), (*deliver, *timer)


# --- restart


def restart(session: Session, event: ev.Restarted) -> Move:
    """Wait for the proctor wherever something ran; a running take waits for its file instead."""
    runs = CHECK_PHASES | {Phase.STUDY, Phase.PROMPT, Phase.READY, Phase.RECORDING, Phase.SAVING}
    return replace(session, waiting=session.phase in runs, sound_failed=""), ()


def go_on(session: Session, event: ev.Continued) -> Move:
    if not session.waiting:
        raise RefusedError(say("Nothing waits to be continued."))
    session = replace(session, waiting=False, sound_failed="")
    if session.phase in CHECK_PHASES:
        return begin_check(session)
    return {Phase.STUDY: study, Phase.PROMPT: prompt, Phase.READY: ready}[session.phase](session, event)


def recover_take(session: Session, event: ev.TakeRecovered) -> Move:
    pupil = known(session, event.student_id)
    if any(take.take_id == event.take_id for take in pupil.takes):
        raise RefusedError(say("This recording is known already."))
    take = Take(
        event.take_id,
        event.item_id,
        event.attempt,
        file=event.file,
        seconds=event.seconds,
        sha256=event.sha256,
        ok=event.ok,
        reasons=event.reasons,
        remarks=event.remarks,
        numbers=event.numbers,
    )
    pupil = replace(pupil, takes=(*pupil.takes, take))
    if not pupil.standing.away:
        pupil = replace(pupil, standing=standing_of(session, pupil))
    return with_pupil(session, pupil), ()
