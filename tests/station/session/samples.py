"""A small plan, and one sample of every event that fits it."""

from __future__ import annotations

import random

from station.session import day
from station.session import events as ev
from station.session.plan import ItemPlan, Plan
from station.session.state import Phase, Session

PRACTICE = ItemPlan("warmup", True, False, 0, 3, 5, 1)
SONG1 = ItemPlan("song1", False, True, 24, 3, 25, 2)
SONG2 = ItemPlan("song2", False, False, 24, 3, 25, 1)
PLAN = Plan(("0107", "0108", "0109"), (PRACTICE, SONG1, SONG2))
CALLED_AGAIN: tuple[ev.Event, ...] = (
    ev.PupilNamed("0107", "headset"),
    ev.IdentityConfirmed(),
    ev.CheckSkipped("time"),
)
"""Up to the first song that is not fine."""


def samples(session: Session) -> list[ev.Event]:
    """One event of every kind, and where the values decide, one of each sort of value."""
    take_id = session.take_id or "take-x"
    pupil = session.current or "0107"
    return [
        ev.PupilNamed("0107"),
        ev.PupilNamed("0108"),
        ev.PupilNamed("9999"),
        ev.PupilNamed("0107", "headset"),
        ev.IdentityConfirmed(),
        ev.WentBack(),
        ev.CheckMeasured("silence", "ok", None, {"floor_dbfs": -62.0}),
        ev.CheckMeasured("silence", "ok", None, {"floor_dbfs": -62.0}, "2026-05-26T14:00:00+08:00", 1),
        ev.CheckMeasured("silence", "fail"),
        ev.CheckMeasured("singing", "ok"),
        ev.CheckMeasured("singing", "fail"),
        ev.CheckAgain(),
        ev.PhraseUnheard(),
        ev.CheckAccepted(),
        ev.CheckSkipped("noise next door"),
        ev.ItemBegun(),
        ev.SoundEnded(),
        ev.SoundFailed("bad_sound"),
        ev.TimerEnded(f"take-{sum(len(p.takes) for p in session.pupils.values())}"),
        ev.TakeStarted(take_id, "2026-05-26T14:00:00+08:00"),
        ev.StopRequested(24.0),
        ev.StopRequested(25.0),
        ev.TakeSaved(take_id, f"{take_id}.wav", 30.0, "ab" * 32, "stop"),
        ev.TakeSaved("other-take", "other.wav", 30.0, "ab" * 32, "stop"),
        ev.TakeFailed(take_id, "unplugged"),
        ev.TakeJudged(take_id, True),
        ev.TakeJudged(take_id, False, ("silent",)),
        ev.VerdictHeld(),
        ev.RetakeStarted("verdict"),
        ev.TakeKept(),
        ev.MarkedAbsent(pupil, "absent"),
        ev.MarkedAbsent(pupil, "unwell", "stomach ache"),
        ev.MarkedLate("0109"),
        ev.AbsenceUndone("0107"),
        ev.MarkedAbsent(pupil, "excused", "no lessons this year"),
        ev.CheckedIn("0108"),
        ev.TakesAccepted("0107", "best"),
        ev.IncidentNoted("2026-05-26T14:00:00+08:00", "fire drill"),
        ev.SungElsewhere("st-B", "2026-05-26T14:00:00+08:00", ("0108", "0109"), "line"),
        ev.SungElsewhere("st-B", "2026-05-26T14:05:00+08:00", ("0109",), "centre"),
        ev.Restarted(),
        ev.Continued(),
        ev.Continued(from_prompt=True),
        ev.TakeRecovered("0108", "song2", 1, f"found-{pupil}", "f.wav", 30.0, "cd" * 32),
    ]


NOON = "2026-05-26T12:00:00+08:00"
PROCTOR = (day.Signer("王老师"),)
TWO = (day.Signer("王老师", "proctor", "hash-1"), day.Signer("李老师", "principal", "hash-2"))
BY, BY_TWO = ("王老师",), ("王老师", "李老师")
PROVEN = day.LocalTake("0107_song1_1.wav", "take-1", "ab" * 32, "L2")


def acts(session: Session) -> list[day.Act]:
    """What persons may try to do to a session as a whole, one of each sort of value."""
    number, troubled = len(session.day.seals) + 1, session.troubled
    return [
        day.SessionOpened(NOON, PROCTOR),
        day.SessionOpened(NOON, TWO, "two", True),
        day.DutyTaken(NOON, BY),
        day.CheckInEnded(NOON, BY),
        day.CheckInEnded(NOON, BY_TWO),
        day.SessionClosed(NOON, BY, troubled),
        day.SessionSealed(NOON, BY, number, "CODE", "ab" * 32, 2),
        day.SessionSealed(NOON, BY_TWO, number, "CODE", "ab" * 32, 2),
        day.SessionReopened(NOON, BY, "one pupil came late"),
        day.SessionReopened(NOON, BY_TWO, "one pupil came late"),
        day.ClearingBegun(NOON, BY, (PROVEN,)),
        day.ClearingBegun(NOON, BY_TWO, (PROVEN,)),
        day.SessionCleared(NOON),
    ]


TO_PHASE: dict[Phase, tuple[ev.Event, ...]] = {
    Phase.HOME: (),
    Phase.IDENTITY: (ev.PupilNamed("0107"),),
    Phase.CHECK_SILENCE: (ev.IdentityConfirmed(),),
    Phase.CHECK_PHRASE: (ev.CheckMeasured("silence", "ok", None, {"floor_dbfs": -62.0}),),
    Phase.CHECK_SINGING: (ev.SoundEnded(),),
    Phase.CHECK_LISTEN: (ev.CheckMeasured("singing", "ok"),),
    Phase.CHECK_RESULT: (ev.SoundEnded(),),
    Phase.INSTRUCTION: (
        ev.CheckAccepted(),
        ev.ItemBegun(),
        ev.TimerEnded("warm"),
        ev.TakeSaved("warm", "warm.wav", 9.0, "00" * 32, "stop"),
        ev.TakeJudged("warm", True),
        ev.TakeKept(),
    ),
    Phase.STUDY: (ev.ItemBegun(),),
    Phase.PROMPT: (ev.TimerEnded("unused"),),
    Phase.READY: (ev.SoundEnded(),),
    Phase.RECORDING: (ev.TimerEnded("take-1"), ev.TakeStarted("take-1", "2026-05-26T14:00:00+08:00")),
    Phase.SAVING: (ev.TakeSaved("take-1", "take-1.wav", 46.2, "ab" * 32, "stop"),),
    Phase.VERDICT: (ev.TakeJudged("take-1", False, ("silent",)),),
}
"""What leads from the phase before to this one, on the way of pupil 0107 to song1."""


def events_to(phase: Phase) -> list[ev.Event]:
    """All events from a fresh session to `phase`."""
    way: list[ev.Event] = []
    for step, events in TO_PHASE.items():
        way += events
        if step is phase:
            return way
    raise AssertionError(phase)


def random_event(session: Session, rng: random.Random) -> ev.Event:
    return rng.choice(samples(session))
