"""The runner: every measurement has an end, and belongs to the pupil who was measured."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from audio.protocol import messages as heard
from config.base.errors import DiskError
from config.base.message import say
from config.kit import Kit
from config.kit.items import Item
from config.takes import DeviceName
from station.run.conductor import Changed, Inbox
from station.run.effect_runner import EffectRunner
from station.session import effects as fx
from station.session import events as ev
from station.session.machine import replay
from station.session.state import Phase, Session
from station.takes.material import Material
from tests.station.session.samples import PLAN, events_to

KIT = Kit(id="kit", version="1", items=())
ITEMS = {item.id: Item(id=item.id, title="") for item in PLAN.items}
MATERIAL = Material(ITEMS, Path("phrase.wav"), {}, {}, Path("takes"), Path("probes"), "s", "A", KIT)


class Later(Executor):
    """Keeps jobs until they are run."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.jobs.append(fn)
        return Future()


@dataclass
class World:
    """Headset, examiner and queue of a runner."""

    broken: bool = False
    locked: bool = False
    posted: list[Inbox] = field(default_factory=list)
    sent: list[heard.Command] = field(default_factory=list)
    queued: list[Path] = field(default_factory=list)

    def send(self, command: heard.Command) -> None:
        self.sent.append(command)

    def silence(self, path: Path) -> ev.CheckMeasured:
        if self.broken:
            raise ZeroDivisionError
        return ev.CheckMeasured("silence", "ok")

    def singing(self, path: Path, floor_dbfs: float | None) -> ev.CheckMeasured:
        raise NotImplementedError

    def take(
        self, take_id: str, path: Path, sha256: str, item: Item, floor_dbfs: float | None
    ) -> ev.TakeJudged:
        if self.broken:
            raise MemoryError
        return ev.TakeJudged(take_id, True)

    def add(self, take: Path, *, just_read: bool) -> None:
        if self.locked:
            raise DiskError(say("locked"))
        self.queued.append(take)

    def hold(self) -> None: ...
    def release(self) -> None: ...


def runner_of(world: World, jobs: Executor) -> EffectRunner:
    return EffectRunner(world, MATERIAL, world, world, jobs, world.posted.append)


def at(phase: Phase) -> Session:
    return replay(Session.fresh(PLAN), events_to(phase))


def record_silence(runner: EffectRunner, world: World) -> None:
    runner.perform(fx.RecordProbe("silence", 2), at(Phase.CHECK_SILENCE))
    probe = world.sent[-1]
    assert isinstance(probe, heard.StartTake)
    saved = heard.TakeSaved(probe.take_id, probe.path, 96000, 48000, "", "", "maximum")
    assert runner.handle(saved, at(Phase.CHECK_SILENCE)) == []


@pytest.mark.parametrize(("broken", "outcome"), [(False, "ok"), (True, "fail")])
def test_a_measurement_that_breaks_ends_the_step(broken: bool, outcome: str) -> None:
    world, jobs = World(broken=broken), Later()
    record_silence(runner_of(world, jobs), world)
    jobs.jobs.pop()()
    [event] = world.posted
    assert isinstance(event, ev.CheckMeasured)
    assert event.outcome == outcome


def test_the_quiet_room_says_when_it_was_and_how_often_the_headset_was_opened() -> None:
    world, jobs = World(), Later()
    runner, name = runner_of(world, jobs), DeviceName("ALSA", "vheadset")
    openings: list[heard.Event] = [heard.Opened(name, name, 48000), heard.DeviceBack()]
    for times, event in enumerate(openings, start=1):
        runner.handle(event, at(Phase.HOME))
        record_silence(runner, world)
        jobs.jobs.pop()()
        measured = world.posted[-1]
        assert isinstance(measured, ev.CheckMeasured)
        assert measured.headset == times
        assert abs((datetime.now().astimezone() - datetime.fromisoformat(measured.at)).total_seconds()) < 60


def test_a_verdict_that_breaks_is_a_verdict() -> None:
    world, jobs = World(broken=True), Later()
    session = at(Phase.SAVING)
    runner_of(world, jobs).perform(fx.JudgeTake(session.take_id), session)
    jobs.jobs.pop()()
    assert world.posted == [ev.TakeJudged(session.take_id, False, ("unreadable",))]


def test_what_was_measured_is_not_filed_under_the_next_pupil() -> None:
    world, jobs = World(), Later()
    runner = runner_of(world, jobs)
    record_silence(runner, world)
    runner.perform(fx.StopActivity(), at(Phase.HOME))
    record_silence(runner, world)
    late, current = jobs.jobs
    late()
    assert world.posted == []
    current()
    assert len(world.posted) == 1


def test_what_the_queue_did_not_take_comes_with_the_next() -> None:
    world = World(locked=True)
    runner, session = runner_of(world, Later()), at(Phase.VERDICT)
    with pytest.raises(DiskError):
        runner.perform(fx.Deliver(session.take_id), session)
    world.locked = False
    runner.perform(fx.Deliver(session.take_id), session)
    assert len(world.queued) == 2


def test_a_prompt_that_can_not_be_played_is_not_the_headset(tmp_path: Path) -> None:
    good, broken = tmp_path / "good.wav", tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF")
    fresh = replace(MATERIAL, prompts={"song1": good})
    material = replace(MATERIAL, prompts={"song1": broken}, renew=lambda: fresh)
    world, session = World(), at(Phase.PROMPT)
    runner = EffectRunner(world, material, world, world, Later(), world.posted.append)
    runner.perform(fx.PlaySound("prompt", "song1"), session)
    assert runner.handle(heard.Refused("bad_sound"), session) == [ev.SoundFailed("bad_sound")]
    assert world.posted == []
    runner.perform(fx.PlaySound("prompt", "song1"), session)
    played = world.sent[-1]
    assert isinstance(played, heard.Play)
    assert played.path == str(good), "prepared again"


@pytest.mark.parametrize("event", [heard.Refused("no_device"), heard.DeviceLost("stalled"), heard.Died(1)])
@pytest.mark.parametrize(
    ("phase", "then"), [(Phase.PROMPT, ev.SoundFailed), (Phase.CHECK_PHRASE, ev.SoundEnded)]
)
def test_a_headset_that_goes_while_a_sound_plays(event: heard.Event, phase: Phase, then: type) -> None:
    world, session = World(), at(phase)
    runner = runner_of(world, Later())
    runner.perform(fx.PlaySound("prompt" if phase is Phase.PROMPT else "phrase", "song1"), session)
    assert [type(said) for said in runner.handle(event, session)] == [then]
    assert [type(said) for said in world.posted] == [Changed]
    assert runner.handle(event, session) == [], "a headset that stays away ends no sound of the next step"
