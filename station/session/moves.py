"""The moves of the machine: (session, event) -> (session, effects). Pure; refusals raise RefusedError.

Each function may rely on the phase that TRANSITIONS calls it in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from config.base import say
from station.session import effects as fx
from station.session import events as ev
from station.session.chair import (
    Move,
    RefusedError,
    first_open_item,
    known,
    standing_of,
    sung_there,
    with_pupil,
)
from station.session.state import CHECK_PHASES, Phase, Session, Standing, Take

FLOOR_DROP_DB = 10.0
"""A microphone that hears so much less of the room may be turned down, or another one: then everything is
checked. Measured (docs/pace.md): the same room again within 2 dB, a microphone turned down by 10 dB as
10.0; no song is spoiled before 15. Not measured on a muted headset: most then give no sound, which fails."""


def confirm(session: Session, event: ev.IdentityConfirmed) -> Move:
    if session.pupil.only_elsewhere and not session.pupil.again:
        # It was told after the pupil had been called.
        raise RefusedError(sung_there(session.pupil))
    pupil = replace(
        session.pupil,
        standing=Standing.STARTED,
        late=False,
        note="",
        accepted="",
        unheard=0,
    )
    session = replace(with_pupil(session, pupil), item_index=first_open_item(session))
    return begin_check(session)


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
        if follows(session, event):
            return show_item(session)
        return replace(session, phase=Phase.CHECK_PHRASE), (fx.PlaySound("phrase"),)
    return replace(session, phase=Phase.CHECK_LISTEN), (fx.PlaySound("probe"),)


def follows(session: Session, quiet: ev.CheckMeasured) -> bool:
    """Whether the good check of a pupil before holds: same headset, a moment ago, and as open a microphone.

    Only where a practice item comes first: its verdict finds what this can't, before anything counts.
    """
    before = session.good_check
    if before is None or not quiet.at or not (session.plan.check_holds_seconds and session.item.practice):
        return False
    if quiet.outcome != "ok" or quiet.headset != before.headset:
        return False
    age = datetime.fromisoformat(quiet.at) - datetime.fromisoformat(before.at)
    in_time = 0 <= age.total_seconds() <= session.plan.check_holds_seconds
    return in_time and not hears_less(before, quiet)


def hears_less(before: ev.CheckMeasured, quiet: ev.CheckMeasured) -> bool:
    """Whether so much less of the room is heard than in the quiet step `before` that something changed."""
    return before.numbers["floor_dbfs"] - quiet.numbers["floor_dbfs"] > FLOOR_DROP_DB


def phrase_heard(session: Session, event: ev.SoundEnded) -> Move:
    if any(step.step == "singing" for step in session.pupil.check):
        # It was played once more, for somebody who did not hear it.
        return replace(session, phase=Phase.CHECK_RESULT), ()
    session = replace(session, phase=Phase.CHECK_SINGING)
    return session, (fx.RecordProbe("singing", session.plan.singing_seconds),)


def listened(session: Session, event: ev.SoundEnded) -> Move:
    return replace(session, phase=Phase.CHECK_RESULT), ()


def phrase_unheard(session: Session, event: ev.PhraseUnheard) -> Move:
    if not any(step.step == "singing" for step in session.pupil.check):
        raise RefusedError(say("The melody was not played."))
    session = with_pupil(session, replace(session.pupil, unheard=session.pupil.unheard + 1))
    return replace(session, phase=Phase.CHECK_PHRASE), (fx.StopActivity(), fx.PlaySound("phrase"))


def accept_check(session: Session, event: ev.CheckAccepted) -> Move:
    if any(step.outcome == "fail" for step in session.pupil.check):
        raise RefusedError(say("The headset check failed. Repeat it, or skip it with a reason."))
    quiet = next((step for step in session.pupil.check if step.step == "silence"), None)
    steps = {step.step for step in session.pupil.check if step.outcome == "ok"}
    good = event.heard and steps == {"silence", "singing"} and quiet is not None and quiet.at
    return show_item(replace(session, good_check=quiet if good else None))


def skip_check(session: Session, event: ev.CheckSkipped) -> Move:
    skips = (*session.pupil.skips, event.reason)
    session = replace(session, good_check=None)
    session = with_pupil(session, replace(session.pupil, skips=skips))
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
    again = session.pupil.again if attempt > 1 or session.pupil.elsewhere else ""
    take = Take(event.take_id, session.item.id, attempt, session.retake_reason or again)
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
        raise RefusedError(
            say("The recording can be ended in {seconds} {seconds|second|seconds}.", seconds=max(1, left))
        )
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
    return replace(session, phase=Phase.VERDICT, waiting=False, good_check=None), ()


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
    seconds = session.plan.remark_seconds if event.remarks else session.plan.result_seconds
    timer = (fx.StartTimer(seconds),) if goes_on else ()
    if session.take is not None and not event.ok and session.take.by_device:
        session = replace(session, good_check=None)
    return replace(session, phase=Phase.VERDICT, waiting=False), (*deliver, *timer)


# --- restart


def restart(session: Session, event: ev.Restarted) -> Move:
    """Wait for the proctor wherever something ran; a running take waits for its file instead."""
    if session.phase is Phase.RECORDING and session.take is not None:
        session = with_take(session, session.take_id, interrupted=True)
    runs = CHECK_PHASES | {Phase.STUDY, Phase.PROMPT, Phase.READY, Phase.RECORDING, Phase.SAVING}
    return replace(session, waiting=session.phase in runs, sound_failed="", good_check=None), ()


def go_on(session: Session, event: ev.Continued) -> Move:
    """Where `event.from_prompt`, nobody sings without having heard the start tone."""
    if not session.waiting:
        raise RefusedError(say("Nothing waits to be continued."))
    session = replace(session, waiting=False, sound_failed="")
    if session.phase in CHECK_PHASES:
        return begin_check(session)
    before = prompt if event.from_prompt else ready
    return {Phase.STUDY: study, Phase.PROMPT: prompt, Phase.READY: before}[session.phase](session, event)


def recover_take(session: Session, event: ev.TakeRecovered) -> Move:
    pupil = known(session, event.student_id)
    if any(take.take_id == event.take_id for take in pupil.takes):
        raise RefusedError(say("This recording is known already."))
    take = Take(
        event.take_id,
        event.item_id,
        event.attempt,
        started_at=event.started_at,
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
