"""The conductor: journal before effects, refusals change nothing, timers, threads that end."""

from __future__ import annotations

import queue
import threading
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from audio.protocol import messages as heard
from config.base.errors import DiskError
from config.base.message import say
from config.disk.datadir import DataDir
from station.run.conductor import Changed, Conductor
from station.session import day
from station.session import effects as fx
from station.session import events as ev
from station.session.chain import first_broken
from station.session.journal import Journal
from station.session.machine import replay
from station.session.state import Phase, Session
from station.session.view import View
from tests.clock import Clock
from tests.station.session.samples import NOON, PLAN, PROCTOR, events_to


@dataclass
class Recorder:
    """Journal and runner in one: keeps the order in which things happen."""

    calls: list[object] = field(default_factory=list)
    said: list[ev.Event] = field(default_factory=list)
    broken: bool = False

    def append(self, event: ev.Event, who: str = "") -> None:
        if self.broken:
            raise DiskError(say("disk full"))
        self.calls.append(event)

    def perform(self, effect: fx.Effect, session: Session) -> None:
        self.calls.append(effect)

    def handle(self, event: heard.Event, session: Session) -> list[ev.Event]:
        return self.said


def conductor_at(phase: Phase, recorder: Recorder, clock: Clock | None = None) -> Conductor:
    session = replay(Session.fresh(PLAN), events_to(phase))
    return Conductor(session, recorder, recorder, clock=clock or Clock(100.0), new_id=lambda: "fresh")


def test_an_event_is_journalled_before_its_effects() -> None:
    recorder = Recorder()
    conductor = conductor_at(Phase.IDENTITY, recorder)
    conductor.post(ev.IdentityConfirmed())
    conductor.drain()
    assert recorder.calls == [ev.IdentityConfirmed(), fx.RecordProbe("silence", 2.0)]
    assert conductor.view.session.phase is Phase.CHECK_SILENCE


def test_nothing_is_performed_when_the_journal_fails() -> None:
    recorder = Recorder(broken=True)
    conductor = conductor_at(Phase.IDENTITY, recorder)
    conductor.post(ev.IdentityConfirmed())
    with pytest.raises(DiskError):
        conductor.drain()
    assert recorder.calls == []
    assert conductor.view.session.phase is Phase.IDENTITY


def test_a_refused_event_leaves_a_notice_and_nothing_else() -> None:
    recorder = Recorder()
    conductor = conductor_at(Phase.HOME, recorder)
    before = conductor.view.session
    conductor.post(ev.PupilNamed("4711"))
    conductor.drain()
    assert recorder.calls == []
    assert conductor.view.session is before
    assert str(conductor.view.notice) == "Number 4711 is not in the roster. Please check the number."
    conductor.post(ev.PupilNamed("0107"))
    conductor.drain()
    assert conductor.view.notice is None


def test_a_timer_ends_once_and_brings_a_fresh_take_id() -> None:
    recorder, clock = Recorder(), Clock(100.0)
    conductor = conductor_at(Phase.PROMPT, recorder, clock)
    conductor.post(ev.SoundEnded())
    conductor.drain()
    assert (conductor.view.session.phase, conductor.view.timer_ends_at) == (Phase.READY, 103.0)
    assert conductor.view.timer_seconds == 3.0
    clock.now = 102.9
    conductor.drain()
    phases = [conductor.view.session.phase]
    clock.now = 103.0
    conductor.drain()
    phases.append(conductor.view.session.phase)
    assert phases == [Phase.READY, Phase.RECORDING]
    assert conductor.view.session.take_id == "fresh"
    assert recorder.calls.count(ev.TimerEnded("fresh")) == 1
    assert (conductor.view.timer_ends_at, conductor.view.timer_seconds) == (None, 0.0)


def test_a_countdown_that_was_left_does_not_end_the_next_one() -> None:
    recorder, clock = Recorder(), Clock(100.0)
    conductor = conductor_at(Phase.PROMPT, recorder, clock)

    def after(event: ev.Event) -> View:
        conductor.post(event)
        conductor.drain()
        return conductor.view

    assert after(ev.SoundEnded()).timer_ends_at is not None, "the countdown runs"
    left = after(ev.WentBack())
    assert left.session.phase is Phase.HOME
    assert left.timer_ends_at is None, "nothing counts down"
    clock.now = 200.0
    conductor.drain()
    assert after(ev.PupilNamed("0108")).session.phase is Phase.IDENTITY
    assert not any(isinstance(call, ev.TimerEnded) for call in recorder.calls)


def test_a_good_verdict_that_is_held_does_not_begin_the_next_song() -> None:
    recorder, clock = Recorder(), Clock(100.0)
    conductor = conductor_at(Phase.SAVING, recorder, clock)
    conductor.post(ev.TakeJudged("take-1", True))
    conductor.drain()
    assert conductor.view.timer_ends_at is not None, "the next song begins by itself"
    conductor.post(ev.VerdictHeld())
    conductor.drain()
    held = conductor.view
    assert (held.timer_ends_at, held.timer_seconds) == (None, 0.0)
    clock.now = 1000.0
    conductor.drain()
    assert conductor.view.session.phase is Phase.VERDICT


def test_a_journal_that_can_not_be_written_is_said_and_nothing_counts_down_behind_it() -> None:
    recorder = Recorder()
    conductor = conductor_at(Phase.PROMPT, recorder)
    told: queue.SimpleQueue[View] = queue.SimpleQueue()
    conductor.observe(told.put)
    conductor.start()
    try:
        conductor.post(ev.SoundEnded())
        while (view := told.get(timeout=10)).timer_ends_at is None:
            pass
        recorder.broken = True
        conductor.post(ev.WentBack())
        while (view := told.get(timeout=10)).stopped is None:
            pass
        assert str(view.stopped) == "disk full"
        assert (view.timer_ends_at, view.timer_seconds) == (None, 0.0)
        assert view.session.phase is Phase.READY, "what was not written did not happen"
    finally:
        conductor.stop()


def test_the_recording_clock_starts_when_the_capture_process_says_so() -> None:
    recorder, clock = Recorder(), Clock(100.0)
    conductor = conductor_at(Phase.READY, recorder, clock)
    conductor.post(ev.TimerEnded("t1"))
    conductor.drain()
    assert conductor.view.recording_since_at is None
    clock.now = 150.0
    recorder.said = [ev.TakeStarted("t1", "2026-05-26T14:00:00+08:00")]
    conductor.post(heard.TakeStarted("t1", "2026-05-26T14:00:00+08:00"))
    conductor.drain()
    assert conductor.view.recording_since_at == 150.0
    recorder.said = []
    conductor.post(heard.TakeProgress("t1", 1.0, 12.5))
    conductor.drain()
    assert conductor.view.lost_ms == 12.5


def test_device_trouble_is_shown_and_cleared() -> None:
    conductor = conductor_at(Phase.HOME, Recorder())
    conductor.post(Changed(ready=False, trouble=say("unplugged")))
    conductor.drain()
    assert (conductor.view.device_ready, str(conductor.view.device_trouble)) == (False, "unplugged")
    conductor.post(Changed(ready=True))
    conductor.drain()
    assert (conductor.view.device_ready, conductor.view.device_trouble) == (True, None)


def test_the_thread_runs_timers_by_itself_and_is_joined() -> None:
    recorder = Recorder()
    session = replay(Session.fresh(PLAN), events_to(Phase.PROMPT))
    conductor = Conductor(session, recorder, recorder, speed=1000)
    recording = threading.Event()

    def watch(view: View) -> None:
        if view.session.phase is Phase.RECORDING:
            recording.set()

    conductor.observe(watch)
    conductor.start()
    conductor.post(ev.SoundEnded())
    assert recording.wait(10)
    conductor.stop()
    assert "conductor" not in {thread.name for thread in threading.enumerate()}


def test_the_journal_brings_the_session_back(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    journal = Journal(data, "s1")
    recorder = Recorder()
    conductor = Conductor(Session.fresh(PLAN), journal, recorder, new_id=lambda: "unused")
    for event in events_to(Phase.VERDICT):
        conductor.post(event)
    conductor.drain()
    live = conductor.view.session
    journal.close()
    again = Journal(data, "s1")
    assert replay(Session.fresh(PLAN), [event for event, _ in again.entries()]) == live
    other = Journal(data, "another")
    assert other.entries() == []
    other.close()
    again.close()


def test_each_entry_says_who_answered_for_it_also_in_a_journal_that_was_saved(tmp_path: Path) -> None:
    with closing(Journal(DataDir(tmp_path / "a"), "s1")) as journal:
        conductor = Conductor(Session.prepared(PLAN), journal, Recorder())
        by = ("李老师",)
        for event in (
            ev.IncidentNoted(NOON, "the power is off"),
            day.SessionOpened(NOON, PROCTOR),
            ev.PupilNamed("0107"),
            day.DutyTaken(NOON, by),
            ev.WentBack(),
        ):
            conductor.post(event)
        conductor.drain()
        chain = journal.chain()
    assert [entry.who for entry in chain] == ["", *["王老师"] * 2, *by * 2]
    assert first_broken("s1", chain) is None
    assert first_broken("s1", [*chain[:2], replace(chain[2], who="李老师"), *chain[3:]]) == 2
    with closing(Journal(DataDir(tmp_path / "b"), "")) as journal:
        assert journal.take_over(("s1", entry.at, entry.kind, entry.body, entry.who) for entry in chain) == 5
    with closing(Journal(DataDir(tmp_path / "b"), "s1", readonly=True)) as journal:
        assert journal.chain() == chain


def test_an_effect_that_fails_is_said_and_does_not_end_the_session() -> None:
    class Broken(Recorder):
        def perform(self, effect: fx.Effect, session: Session) -> None:
            raise DiskError(say("the queue is locked"))

    conductor = conductor_at(Phase.IDENTITY, Broken())
    conductor.post(ev.IdentityConfirmed())
    conductor.drain()
    assert conductor.view.session.phase is Phase.CHECK_SILENCE
    assert str(conductor.view.notice) == "the queue is locked"
