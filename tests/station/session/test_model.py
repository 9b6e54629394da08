"""Any afternoon that is possible, beside an account on paper: who sat there, who sang, who was away."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.session import effects as fx
from station.session import events as ev
from station.session.machine import allows, step
from station.session.state import TAKE_PHASES, Phase, Session, Standing
from tests.station.session.samples import PLAN, events_to, samples

ENDS = (ev.TakeSaved, ev.TakeFailed, ev.TakeStarted, ev.StopRequested, ev.TakeJudged)
ALWAYS = (ev.IncidentNoted, ev.Restarted, ev.TakeRecovered, ev.SungElsewhere)
SUNG = (Standing.DONE, Standing.TROUBLED)
TESTS = {item.id for item in PLAN.items if not item.practice}


@dataclass
class Account:
    """What somebody with pencil and paper would have written down."""

    chair: str = ""
    away: dict[str, str] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    """Checked in with the card."""
    skips: dict[str, list[str]] = field(default_factory=dict)
    takes: dict[str, str] = field(default_factory=dict)
    """Take id -> pupil."""
    good: dict[tuple[str, str], bool] = field(default_factory=dict)
    """(pupil, item) -> whether the last file of it is fine."""
    running: str = ""
    incidents: int = 0
    elsewhere: frozenset[str] = frozenset()
    """Have sung everything at the one other station."""

    def hear(self, event: ev.Event, before: Session, effects: tuple[fx.Effect, ...]) -> None:
        match event:
            case ev.PupilNamed(pupil):
                self.chair = pupil
            case ev.IdentityConfirmed():
                self.away.pop(self.chair, None)
                self.late.discard(self.chair)
                self.accepted.discard(self.chair)
            case ev.CheckSkipped(reason):
                self.skips.setdefault(self.chair, []).append(reason)
            case ev.MarkedAbsent(pupil, reason):
                self.away[pupil] = reason
                self.late.discard(pupil)
                self.seen.discard(pupil)
            case ev.MarkedLate(pupil):
                self.late.add(pupil)
            case ev.AbsenceUndone(pupil) | ev.CheckedIn(pupil):
                self.seen |= {pupil} if isinstance(event, ev.CheckedIn) else set()
                self.away.pop(pupil, None)
                self.late.discard(pupil)
            case ev.TakesAccepted(pupil):
                self.accepted.add(pupil)
            case ev.SungElsewhere(students=students):
                self.elsewhere = frozenset(students)
            case ev.IncidentNoted():
                self.incidents += 1
            case ev.TakeSaved(take_id) if self.takes[take_id]:
                self.good[self.chair, before.item.id] = False
            case ev.TakeJudged(_, ok):
                self.good[self.chair, before.item.id] = ok
            case ev.TakeRecovered(pupil, item, _, take_id):
                self.takes[take_id] = pupil
                self.good[pupil, item] = event.ok is True
        for effect in effects:
            if isinstance(effect, fx.RecordTake):
                self.running = effect.take_id
                self.takes[effect.take_id] = self.chair

    def agrees(self, session: Session) -> None:
        assert session.current == (self.chair if session.phase is not Phase.HOME else "")
        assert len(session.incidents) == self.incidents
        for name, pupil in session.pupils.items():
            assert (pupil.standing.value if pupil.standing.away else None) == self.away.get(name)
            assert pupil.late is (name in self.late)
            assert pupil.checked_in is (name in self.seen)
            assert pupil.standing is not Standing.WAITING or not pupil.takes, "who has sung is not forgotten"
            assert list(pupil.skips) == self.skips.get(name, [])
            assert {take.take_id for take in pupil.takes} == {
                t for t, who in self.takes.items() if who == name
            }
            sung_here = [take for take in pupil.takes if not take.take_id.startswith("found-")]
            numbers = [(take.item_id, take.attempt) for take in sung_here]
            assert len(set(numbers)) == len(numbers), "no attempt has the number of another"
            if pupil.standing is Standing.DONE:
                fine = {item for (who, item), good in self.good.items() if who == name and good}
                assert fine >= TESTS or name in self.accepted
        totals = session.totals
        parts = (totals.done, totals.troubled, totals.elsewhere, totals.away, totals.broke_off, totals.to_do)
        assert sum(parts) == totals.expected == len(PLAN.pupils)
        assert totals.away + totals.broke_off == len(set(self.away) - self.elsewhere)
        sung = {p.student_id for p in session.pupils.values() if p.standing in SUNG}
        assert totals.elsewhere == len(self.elsewhere - sung)


def goes_on(session: Session, account: Account, event: ev.Event) -> Session:
    """One event; what may happen and what it makes is compared on the way."""
    after, effects = step(session, event)
    if session.phase in TAKE_PHASES:
        assert isinstance(event, ENDS + ALWAYS), "nothing but its end stops a take"
    started = [effect for effect in effects if isinstance(effect, fx.RecordTake)]
    assert bool(started) is (session.phase is Phase.READY and after.phase is Phase.RECORDING)
    assert all(effect.student_id == account.chair for effect in started)
    delivered = [effect.take_id for effect in effects if isinstance(effect, fx.Deliver)]
    judged = isinstance(event, ev.TakeJudged) and not session.item.practice
    assert delivered == ([session.take_id] if judged else [])
    if isinstance(event, ev.VerdictHeld | ev.WentBack | ev.TakeKept | ev.RetakeStarted):
        assert fx.StopActivity() in effects, "no countdown goes on"
    account.hear(event, session, effects)
    if after.phase is Phase.HOME:
        account.chair = ""
    account.agrees(after)
    return after


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(start=st.sampled_from(Phase), choices=st.lists(st.sampled_from(range(840)), min_size=30, max_size=60))
def test_whatever_happens_the_session_says_what_happened(start: Phase, choices: list[int]) -> None:
    session, account = Session.fresh(PLAN), Account()
    for event in events_to(start):
        session = goes_on(session, account, event)
    for choice in choices:
        possible = [event for event in samples(session) if allows(session, event)]
        session = goes_on(session, account, possible[choice % len(possible)])
