"""The proctor of `demo --auto` comes to an end where nothing can be recorded."""

from __future__ import annotations

import pytest

from station.demo.proctor import FAILURES, AutoProctor
from station.run.conductor import Conductor
from station.session import effects as fx
from station.session import events as ev
from station.session.machine import replay
from station.session.state import Phase, Session
from tests.station.run.test_conductor import Recorder
from tests.station.session.samples import PLAN, events_to


@pytest.mark.timeout(10)
def test_it_gives_up_when_every_take_fails() -> None:
    class ReadOnly(Recorder):
        failed = 0

        def perform(self, effect: fx.Effect, session: Session) -> None:
            if isinstance(effect, fx.RecordTake):
                self.failed += 1
                conductor.post(ev.TakeFailed(effect.take_id, "disk_error"))
            elif isinstance(effect, fx.PlaySound):
                conductor.post(ev.SoundEnded())

    recorder = ReadOnly()
    session = replay(Session.fresh(PLAN), events_to(Phase.INSTRUCTION))
    conductor = Conductor(session, recorder, recorder, speed=1000)
    proctor = AutoProctor(conductor.post, ("0107",))
    conductor.observe(proctor.see)
    conductor.start()
    try:
        assert not proctor.run(conductor.view, lambda view: None, patience=5)
        assert recorder.failed == FAILURES
    finally:
        conductor.stop()
