"""What the station tells the headset and the queue: only for this take, this sound, this pupil."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audio.protocol import messages as heard
from config.kit.items import Item
from station.run.conductor import Changed
from station.run.effect_runner import EffectRunner, trouble
from station.session import effects as fx
from station.session import events as ev
from station.session.state import Phase
from station.takes.material import Material
from tests.station.run.test_effect_runner import MATERIAL, Later, World, at, runner_of

SAVED = heard.TakeSaved("take-1", "takes/take-1.wav", 96000, 48000, "ab" * 32, "14:00", "disk")


class Measured(World):
    """Keeps what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, ...]] = []
        self.sending: list[str] = []

    def singing(self, path: Path, floor_dbfs: float | None) -> ev.CheckMeasured:
        self.asked.append((path.name, floor_dbfs))
        return ev.CheckMeasured("singing", "ok")

    def take(
        self, take_id: str, path: Path, sha256: str, item: Item, floor_dbfs: float | None
    ) -> ev.TakeJudged:
        self.asked.append((take_id, path, sha256, item.id, floor_dbfs))
        return ev.TakeJudged(take_id, True)

    def hold(self) -> None:
        self.sending.append("held")

    def release(self) -> None:
        self.sending.append("goes on")


@pytest.fixture
def world() -> Measured:
    return Measured()


@pytest.fixture
def jobs() -> Later:
    return Later()


@pytest.fixture
def runner(world: Measured, jobs: Later) -> EffectRunner:
    return runner_of(world, jobs)


RECORDING = at(Phase.RECORDING)


@pytest.mark.parametrize("over", [SAVED, heard.TakeFailed("take-1", "unplugged"), heard.Died(1)])
def test_uploads_wait_while_a_pupil_sings_and_go_on_however_that_ends(
    world: Measured, runner: EffectRunner, over: heard.Event
) -> None:
    runner.perform(fx.RecordTake("take-1", "0107", "song1", 1), RECORDING)
    [begun] = world.sent
    assert isinstance(begun, heard.StartTake)
    assert (begun.take_id, Path(begun.path).name) == ("take-1", "0107_song1_1.wav")
    assert world.sending == ["held"]
    runner.handle(over, RECORDING)
    assert world.sending == ["held", "goes on"]


def test_what_was_recorded_is_told_in_seconds_with_how_it_ended(runner: EffectRunner) -> None:
    assert runner.handle(SAVED, RECORDING) == [ev.TakeSaved("take-1", "take-1.wav", 2.0, "ab" * 32, "disk")]
    assert runner.handle(heard.TakeFailed("take-1", "disk_full"), RECORDING) == [
        ev.TakeFailed("take-1", "disk_full")
    ]


def test_of_a_take_that_was_left_nothing_is_heard_any_more(world: Measured, runner: EffectRunner) -> None:
    late: list[heard.Event] = [
        replace(SAVED, take_id="take-0"),
        heard.TakeFailed("take-0", "x"),
        heard.TakeStarted("take-0", "14:00"),
    ]
    for event in late:
        assert runner.handle(event, RECORDING) == []
    assert world.sending == [], "the pupil still sings"
    assert runner.handle(heard.TakeStarted("take-1", "14:01"), RECORDING) == [
        ev.TakeStarted("take-1", "14:01")
    ]


def test_the_verdict_is_of_the_file_that_was_saved_with_the_room_of_this_pupil(
    world: Measured, jobs: Later, runner: EffectRunner
) -> None:
    """By what the journal knows: after a restart as well."""
    runner.perform(fx.JudgeTake("take-1"), at(Phase.SAVING))
    jobs.jobs.pop()()
    assert world.asked == [("take-1", Path("takes") / "take-1.wav", "ab" * 32, "song1", -62.0)]


def probe(world: World, runner: EffectRunner, step: Any, phase: Phase) -> heard.TakeSaved:
    """Records a step of the check; returns what the recorder will say."""
    runner.perform(fx.RecordProbe(step, 2), at(phase))
    begun = world.sent[-1]
    assert isinstance(begun, heard.StartTake)
    assert (begun.max_seconds, begun.facts) == (2, None)
    return heard.TakeSaved(begun.take_id, begun.path, 96000, 48000, "", "", "maximum")


def test_loudness_is_measured_against_the_silence_of_the_same_pupil(
    world: Measured, jobs: Later, runner: EffectRunner
) -> None:
    session = at(Phase.CHECK_SINGING)
    runner.handle(probe(world, runner, "singing", Phase.CHECK_SINGING), session)
    jobs.jobs.pop()()
    assert world.asked == [("check_singing.wav", -62.0)]
    assert world.posted == [ev.CheckMeasured("singing", "ok")]


def test_a_check_that_can_not_be_recorded_fails_with_the_headsets_sentence(
    world: Measured, runner: EffectRunner
) -> None:
    session = at(Phase.CHECK_SILENCE)
    saved = probe(world, runner, "silence", Phase.CHECK_SILENCE)
    [event] = runner.handle(heard.TakeFailed(saved.take_id, "unplugged"), session)
    assert isinstance(event, ev.CheckMeasured)
    assert (event.step, event.outcome) == ("silence", "fail")
    assert event.advice is not None
    assert runner.handle(heard.TakeFailed(saved.take_id, "unplugged"), session) == [], "once"
    assert runner.handle(saved, session) == []


def test_a_recorder_that_dies_in_the_check_fails_this_step_and_nothing_else(
    world: Measured, runner: EffectRunner
) -> None:
    session = at(Phase.CHECK_SILENCE)
    probe(world, runner, "silence", Phase.CHECK_SILENCE)
    [event] = runner.handle(heard.Died(1), session)
    assert isinstance(event, ev.CheckMeasured)
    assert (event.step, event.outcome) == ("silence", "fail")
    assert world.posted == [Changed(ready=False, trouble=trouble("capture_died"))]
    assert runner.handle(heard.Died(1), session) == []


def test_a_pupil_who_is_left_hears_nothing_more_and_only_what_runs_is_stopped(
    world: Measured, runner: EffectRunner
) -> None:
    home = at(Phase.HOME)
    runner.perform(fx.StopActivity(), home)
    assert world.sent == []
    runner.perform(fx.PlaySound("phrase", ""), at(Phase.CHECK_PHRASE))
    runner.perform(fx.StopActivity(), home)
    saved = probe(world, runner, "silence", Phase.CHECK_SILENCE)
    runner.perform(fx.StopActivity(), home)
    assert [type(command) for command in world.sent] == [
        heard.Play, heard.StopPlay, heard.StartTake, heard.StopTake,
    ]  # fmt: skip
    assert world.sent[-1] == heard.StopTake(saved.take_id)
    runner.perform(fx.StopActivity(), home)
    assert len(world.sent) == 4


def test_only_the_end_of_the_sound_that_plays_is_heard(world: Measured, runner: EffectRunner) -> None:
    session = at(Phase.PROMPT)
    runner.perform(fx.PlaySound("phrase", ""), session)
    runner.perform(fx.PlaySound("phrase", ""), session)
    first, second = (command for command in world.sent if isinstance(command, heard.Play))
    assert first.play_id != second.play_id
    assert runner.handle(heard.PlayEnded(first.play_id), session) == []
    assert runner.handle(heard.PlayEnded(second.play_id), session) == [ev.SoundEnded()]
    assert runner.handle(heard.PlayEnded(second.play_id), session) == []


@pytest.mark.parametrize(
    ("sound", "name"),
    [("prompt", "song1.wav"), ("phrase", "phrase.wav"), ("probe", "check_singing.wav")],
)
def test_each_sound_is_its_own_file(world: Measured, jobs: Later, sound: Any, name: str) -> None:
    material = replace(MATERIAL, prompts={"song1": Path("song1.wav")})
    runner = EffectRunner(world, material, world, world, jobs, world.posted.append)
    runner.perform(fx.PlaySound(sound, "song1"), at(Phase.PROMPT))
    [played] = world.sent
    assert isinstance(played, heard.Play)
    assert Path(played.path).name == name


def test_sounds_that_are_there_are_not_prepared_again(world: Measured, jobs: Later, tmp_path: Path) -> None:
    def renew() -> Material:
        raise AssertionError("that takes seconds, and the pupil waits")

    (tmp_path / "song1.wav").write_bytes(b"RIFF")
    material = replace(MATERIAL, prompts={"song1": tmp_path / "song1.wav"}, renew=renew)
    runner = EffectRunner(world, material, world, world, jobs, world.posted.append)
    runner.perform(fx.PlaySound("prompt", "song1"), at(Phase.PROMPT))
    assert len(world.sent) == 1


@pytest.mark.parametrize(
    ("event", "ready"),
    [(heard.DeviceBack(), True), (heard.DeviceLost("stalled"), False), (heard.Refused("no_device"), False)],
)
def test_the_screens_know_whether_the_headset_is_there(
    world: Measured, runner: EffectRunner, event: heard.Event, ready: bool
) -> None:
    assert runner.handle(event, at(Phase.HOME)) == []
    why = None if ready else trouble(getattr(event, "code", ""))
    assert world.posted == [Changed(ready=ready, trouble=why)]


def test_a_fault_that_nobody_knows_is_told_with_its_code() -> None:
    assert "weird" in str(trouble("weird"))
    assert trouble("disk_full") != trouble("no_device")


def test_a_closing_station_takes_no_more_measurements_and_does_not_break(world: Measured) -> None:
    jobs = ThreadPoolExecutor(1)
    jobs.shutdown()
    runner_of(world, jobs).perform(fx.JudgeTake("take-1"), at(Phase.SAVING))
    assert world.posted == []


def test_what_the_queue_takes_is_asked_for_once(world: Measured, runner: EffectRunner) -> None:
    session = at(Phase.VERDICT)
    for _ in range(2):
        runner.perform(fx.Deliver("take-1"), session)
    assert world.queued == [Path("takes") / "take-1.wav"] * 2


def test_what_was_sung_is_not_read_again_before_it_is_sent(jobs: Later) -> None:
    read: list[bool] = []

    class Queue(Measured):
        def add(self, take: Path, *, just_read: bool) -> None:
            read.append(just_read)

    runner_of(Queue(), jobs).perform(fx.Deliver("take-1"), at(Phase.VERDICT))
    assert read == [True]


def test_a_take_that_is_to_end_is_ended_by_its_name(world: Measured, runner: EffectRunner) -> None:
    runner.perform(fx.EndTake("take-1"), RECORDING)
    assert world.sent == [heard.StopTake("take-1")]


def test_a_probe_that_is_recorded_is_neither_stopped_nor_lost_with_the_recorder(
    world: Measured, jobs: Later, runner: EffectRunner
) -> None:
    session = at(Phase.CHECK_SINGING)
    runner.handle(probe(world, runner, "singing", Phase.CHECK_SINGING), session)
    assert runner.handle(heard.Died(1), session) == [], "it is on the disk and is measured"
    jobs.jobs.pop()()
    assert world.posted[-1] == ev.CheckMeasured("singing", "ok")
    runner.perform(fx.StopActivity(), session)
    assert [type(command) for command in world.sent] == [heard.StartTake]


def test_a_sound_that_nobody_asked_for_and_can_not_be_played_is_no_trouble(runner: EffectRunner) -> None:
    assert runner.handle(heard.Refused("bad_sound"), at(Phase.HOME)) == []


def test_a_sound_that_broke_off_is_told_once(world: Measured, runner: EffectRunner) -> None:
    session = at(Phase.PROMPT)
    runner.perform(fx.PlaySound("phrase", ""), session)
    [played] = world.sent
    assert isinstance(played, heard.Play)
    assert runner.handle(heard.DeviceLost("stalled"), session) == [ev.SoundFailed("stalled")]
    for late in (heard.DeviceLost("stalled"), heard.Died(1), heard.PlayEnded(played.play_id)):
        assert runner.handle(late, session) == []
