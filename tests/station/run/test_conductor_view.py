"""What the screens see after each event: the pace, the recording clock, and nothing of what is over."""

from __future__ import annotations

import pytest

from audio.protocol import messages as heard
from config.base.message import say
from station.run.conductor import Changed, Conductor
from station.run.pace import Pace
from station.session import events as ev
from station.session.plan import ItemPlan, Plan
from station.session.state import Phase, Session
from station.session.view import BoardLine, DeliverySummary, View
from tests.clock import Clock
from tests.station.run.test_conductor import Recorder, conductor_at
from tests.station.session.samples import PLAN

AT = "2026-05-26T14:00:00+08:00"
ONE_SONG = Plan(PLAN.pupils, (ItemPlan("song1", False, False, 0, 3, 5, 1),))
BEGINS = (ev.IdentityConfirmed(), ev.CheckSkipped("noise next door"), ev.ItemBegun())
SAVED = ev.TakeSaved("t1", "0107_song1_1.wav", 30.0, "ab" * 32, "stop")
JUDGED = ev.TakeJudged("t1", True)
SINGS = (ev.TimerEnded("t1"), ev.TakeStarted("t1", AT), SAVED, JUDGED, ev.TakeKept())


def after(conductor: Conductor, *items: ev.Event | heard.Event | Changed) -> View:
    for item in items:
        conductor.post(item)
        conductor.drain()
    return conductor.view


def test_the_pace_is_shown_as_soon_as_a_pupil_is_done_and_again_after_a_restart() -> None:
    wall = Clock(1000.0)
    pace, recorder = Pace(wall), Recorder()
    conductor = Conductor(Session.fresh(ONE_SONG), recorder, recorder, pace=pace, clock=Clock(0.0))
    assert after(conductor, ev.PupilNamed("0107"), *BEGINS).pupil_seconds == 0.0
    wall.now += 240
    assert after(conductor, *SINGS).pupil_seconds == 240.0
    again = Conductor(conductor.view.session, recorder, recorder, pace=pace)
    assert again.view.pupil_seconds == 240.0


def test_the_recording_clock_and_what_was_lost_go_with_the_take() -> None:
    clock, recorder = Clock(100.0), Recorder()
    conductor = Conductor(Session.fresh(ONE_SONG), recorder, recorder, clock=clock)
    after(conductor, ev.PupilNamed("0107"), *BEGINS, ev.TimerEnded("t1"))
    clock.now = 150.0
    after(conductor, ev.TakeStarted("t1", AT), heard.TakeProgress("t1", 1.0, 12.5))
    clock.now = 160.0
    stopping = after(conductor, ev.StopRequested(10.0))
    assert stopping.last_event == ev.StopRequested(10.0)
    assert (stopping.recording_since_at, stopping.lost_ms) == (150.0, 12.5), "it still runs"
    saving = after(conductor, SAVED)
    assert (saving.recording_since_at, saving.lost_ms) == (150.0, 12.5)
    judged = after(conductor, JUDGED)
    assert (judged.recording_since_at, judged.lost_ms) == (None, 0.0)


CHANGES = [
    (Changed(delivery=DeliverySummary(total=3)), {"delivery": DeliverySummary(total=3)}),
    (Changed(orphan=True), {"orphan": True}),
    (Changed(board=BoardLine("heard", "At three")), {"board": BoardLine("heard", "At three")}),
    (Changed(ready=True), {"device_ready": True, "device_trouble": None}),
    (Changed(ready=False, trouble=say("gone")), {"device_ready": False, "device_trouble": say("gone")}),
]


@pytest.mark.parametrize(("change", "shown"), CHANGES)
def test_what_changes_outside_the_session_changes_nothing_else_on_the_screen(
    change: Changed, shown: dict[str, object]
) -> None:
    conductor = conductor_at(Phase.HOME, Recorder())
    before = after(conductor, *(known for known, _ in CHANGES[:3]), Changed(ready=True, trouble=say("old")))
    told: list[View] = []
    conductor.observe(told.append)
    view = after(conductor, change)
    assert vars(view) == {**vars(before), **shown}
    assert told == [view]


def test_who_looks_no_more_is_told_no_more_and_the_others_are() -> None:
    conductor = conductor_at(Phase.HOME, Recorder())
    left: list[View] = []
    stays: list[View] = []
    leave = conductor.observe(left.append)
    conductor.observe(stays.append)
    after(conductor, Changed(orphan=True))
    leave()
    view = after(conductor, Changed(orphan=False))
    assert (len(left), len(stays)) == (1, 2)
    assert stays[-1] == view
