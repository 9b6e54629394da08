"""The station as a whole: what it begins with, what it settles before the first pupil, what it leaves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from audio.protocol import messages as heard
from config.access import StationLock
from config.base import DiskError, StationError
from config.disk import DataDir
from config.load import load_settings
from config.settings import Settings
from config.takes import DeviceName, read_finished, write_facts
from station.checks.bench import Bench
from station.run.station import Options, Station
from station.session import events as ev
from station.session.day import SessionStage
from station.session.journal import Journal
from station.session.state import Phase
from tests.station.run.test_single_take import KIT, SETTINGS
from tests.station.test_identity import record
from uploader.queue import Queue, State


@dataclass
class Headset:
    """In place of the capture processes that a station starts."""

    started: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    sent: list[heard.Command] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    say: Callable[[heard.Event], None] = print

    def __call__(self, log: Path, on_event: Callable[[heard.Event], None], **named: Any) -> Headset:
        self.started.append(((log,), named))
        self.say = on_event
        return self

    def send(self, command: heard.Command) -> None:
        self.sent.append(command)
        if isinstance(command, heard.OpenDevices):
            device = DeviceName("builtin", "builtin")
            self.say(heard.Opened(device, device, command.samplerate))

    def close(self) -> None:
        self.ended.append("closed")
        self.say(heard.Died(0))

    def leave(self, timeout: float) -> None:
        self.ended.append("left")


@pytest.fixture
def headset(monkeypatch: pytest.MonkeyPatch) -> Headset:
    found = Headset()
    monkeypatch.setattr("station.run.station.CaptureProcess", found)
    return found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "kit").mkdir()
    text = SETTINGS.replace("vheadset", "builtin").replace('id = "test"', 'id = "afternoon"')
    (tmp_path / "station.toml").write_text(text + '[data]\ndir = "data"\n', encoding="utf-8")
    kit = KIT.replace('"song"', '"song1"').replace("attempts = 9", "attempts = 2")
    (tmp_path / "kit" / "kit.toml").write_text(kit, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student_id,name\n0107,A\n0108,B\n", encoding="utf-8")
    return load_settings(tmp_path / "station.toml")


@pytest.fixture
def run(settings: Settings, headset: Headset) -> Iterator[Callable[..., Station]]:
    """Starts a station; it is stopped at the end."""
    running: list[Station] = []

    def start(*, settled: bool = True, **options: Any) -> Station:
        station = Station(settings, Options(**options))
        running.append(station)
        station.start()
        if settled:
            until(lambda: station.view.device_ready)
        return station

    yield start
    for station in running:
        station.stop()


def until(there: Callable[[], object]) -> None:
    deadline = monotonic() + 20
    while not there():
        assert monotonic() < deadline
        sleep(0.005)


def journalled(settings: Settings, *events: ev.Event) -> None:
    with closing(Journal(DataDir(settings.data.dir), "afternoon")) as journal:
        for event in events:
            journal.append(event)


def folder_of(settings: Settings) -> Path:
    return DataDir(settings.data.dir).session("afternoon")


# --- what it begins with


def test_a_new_afternoon_begins_at_home_with_all_pupils(run: Callable[..., Station]) -> None:
    session = run().view.session
    assert (session.phase, list(session.pupils), session.waiting) == (Phase.HOME, ["0107", "0108"], False)
    assert session.day.stage is SessionStage.OPEN


def test_where_persons_open_the_session_nobody_sings_before(run: Callable[..., Station]) -> None:
    assert run(stages=True).view.session.day.stage is SessionStage.PREPARED


def test_a_changed_plan_is_the_plan(run: Callable[..., Station]) -> None:
    station = run(plan=lambda plan: replace(plan, pupils=("0108",)))
    assert list(station.view.session.pupils) == ["0108"]


CHECKING = (ev.PupilNamed("0107"), ev.IdentityConfirmed())


def test_a_pupil_who_was_in_the_chair_is_there_again_and_nothing_runs_by_itself(
    settings: Settings, run: Callable[..., Station]
) -> None:
    journalled(settings, *CHECKING)
    station = run()
    until(lambda: station.view.session.waiting)
    session = station.view.session
    assert (session.current, session.phase) == ("0107", Phase.CHECK_SILENCE)
    station.stop()
    with closing(Journal(station.data, "afternoon", readonly=True)) as journal:
        assert [event for event, _ in journal.entries()] == [*CHECKING, ev.Restarted()]


def test_the_pace_of_the_pupils_before_the_restart_counts(
    settings: Settings, run: Callable[..., Station], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[ev.Event] = []
    monkeypatch.setattr(
        "station.run.station.Pace.note", lambda self, event, session, at=None: noted.append(event)
    )
    journalled(settings, *CHECKING)
    run()
    assert noted[:2] == list(CHECKING)


def test_a_roster_that_can_not_be_used_is_said_before_anything_begins(settings: Settings) -> None:
    settings.session.roster.write_text("nobody\n", encoding="utf-8")
    with pytest.raises(StationError):
        Station(settings)


# --- what it settles


def test_a_take_that_only_the_disk_knows_is_the_pupils_and_is_queued(
    settings: Settings, run: Callable[..., Station]
) -> None:
    path = record(folder_of(settings), "0107", "take-1")
    station = run()
    until(lambda: station.view.session.pupils["0107"].takes)
    [take] = station.view.session.pupils["0107"].takes
    assert (take.take_id, take.file) == ("take-1", path.name)
    until(station.deliveries)
    assert [row.take_id for row in station.deliveries()] == ["take-1"]


def test_a_take_of_practice_stays_here(settings: Settings, run: Callable[..., Station]) -> None:
    path = record(folder_of(settings), "0107", "take-1")
    write_facts(path, replace(read_finished(path), kind="practice", source={}))
    station = run()
    assert list(station.deliveries()) == []


def test_a_take_that_the_queue_knows_otherwise_does_not_keep_the_headset_closed(
    settings: Settings, run: Callable[..., Station]
) -> None:
    path = record(folder_of(settings), "0107", "take-1")
    station = run()
    until(station.deliveries)
    station.stop()
    write_facts(path, replace(read_finished(path), station="another", source={}))
    assert [row.station for row in run().deliveries()] == ["demo-station-A"]


def test_a_take_that_broke_off_is_repaired_before_the_headset_opens(
    settings: Settings, run: Callable[..., Station]
) -> None:
    path = record(folder_of(settings), "0107", "take-1")
    path.rename(path.with_name("0107_song1_1.part.wav"))
    run()
    assert path.is_file()


def test_a_recorder_that_still_records_is_waited_for_and_that_is_said(
    settings: Settings, headset: Headset, run: Callable[..., Station]
) -> None:
    data = DataDir(settings.data.dir)
    data.root.mkdir(parents=True)
    lock = StationLock(data.capture_lock)
    lock.acquire()
    station = run(settled=False)
    until(lambda: station.view.orphan)
    assert headset.started == []
    lock.release()
    until(lambda: station.view.device_ready)
    assert not station.view.orphan


def test_a_station_that_is_closed_while_it_waits_for_a_recorder_ends(
    settings: Settings, headset: Headset, run: Callable[..., Station]
) -> None:
    data = DataDir(settings.data.dir)
    data.root.mkdir(parents=True)
    lock = StationLock(data.capture_lock)
    lock.acquire()
    station = run(settled=False)
    until(lambda: station.view.orphan)
    station.stop()
    lock.release()
    assert headset.started == []
    assert [thread.name for thread in threading.enumerate() if thread.name == "headset"] == []


# --- the headset


def test_the_recorder_is_asked_for_what_the_settings_and_options_say(
    settings: Settings, headset: Headset, run: Callable[..., Station]
) -> None:
    station = run(speed=10.0, env={"A": "b"})
    [((log,), named)] = headset.started
    assert log == station.data.logs / "capture.log"
    assert named == {"lock": station.data.capture_lock, "speed": 10.0, "env": {"A": "b"}}
    assert headset.sent == [heard.OpenDevices("builtin", "builtin", 48000, 16)]
    station.command(heard.StopPlay())
    assert headset.sent[-1] == heard.StopPlay()


def test_the_level_is_the_latest_and_no_event_of_the_session(
    headset: Headset, run: Callable[..., Station]
) -> None:
    station = run()
    assert station.level is None
    views: list[object] = []
    station.observe(views.append)
    for peak in (-30.0, -12.5):
        headset.say(heard.Level(peak))
    assert station.level == heard.Level(-12.5)
    assert views == []


def test_a_headset_that_is_lent_comes_back(headset: Headset, run: Callable[..., Station]) -> None:
    station = run()
    with station.lent_headset() as free:
        assert free
        assert headset.ended == ["closed"]
        until(lambda: not station.view.device_ready)
        assert "self-test" in str(station.view.device_trouble)
        assert len(headset.started) == 1
    until(lambda: station.view.device_ready)
    assert len(headset.started) == 2


def test_a_headset_on_a_pupils_head_is_not_lent(headset: Headset, run: Callable[..., Station]) -> None:
    station = run()
    station.post(ev.PupilNamed("0107"))
    until(lambda: station.view.session.current)
    with station.lent_headset() as free:
        assert not free
    assert headset.ended == []


def test_the_self_test_measures_as_this_station_records(run: Callable[..., Station]) -> None:
    bench = run(env={"A": "b"}).bench(lambda ear: None, lambda step: True)
    assert isinstance(bench, Bench)
    assert (bench.wishes.env, bench.wishes.interactive) == ({"A": "b"}, True)


# --- the deliveries


def test_a_person_pauses_and_goes_on_with_the_deliveries(
    settings: Settings, run: Callable[..., Station]
) -> None:
    record(folder_of(settings), "0107", "take-1")
    station = run()
    until(station.deliveries)
    station.pause_deliveries(True)
    assert station.queue.control.paused
    station.pause_deliveries(False)
    assert not station.queue.control.paused


def test_what_goes_on_a_stick_and_stays_there_is_sent_from_here_when_asked(
    settings: Settings, run: Callable[..., Station], tmp_path: Path
) -> None:
    record(folder_of(settings), "0107", "take-1")
    station = run()
    until(station.deliveries)
    station.pause_deliveries(True)
    until(lambda: station.deliveries()[0].state is not State.CREATING)
    carried = station.export_deliveries(tmp_path / "stick", lambda *_: None)
    assert carried.takes == 1
    assert list((tmp_path / "stick").rglob("*.wav"))
    assert station.send_carried() == 1


def test_a_station_that_delivers_nothing_queues_nothing(
    settings: Settings, run: Callable[..., Station]
) -> None:
    record(folder_of(settings), "0107", "take-1")
    station = run(deliver=False)
    assert list(station.deliveries()) == []
    with closing(Queue.open(station.data.database)) as queue:
        assert queue.rows() == []


@pytest.mark.parametrize(
    ("options", "status", "speaks"),
    [
        ({}, "auto", True),
        ({}, "off", False),
        ({"rehearsal": True}, "auto", False),
        ({"deliver": False}, "auto", False),
    ],
)
def test_the_district_hears_of_a_real_afternoon_only(
    settings: Settings, headset: Headset, options: dict[str, Any], status: Any, speaks: bool
) -> None:
    server = settings.server.model_copy(update={"status": status})
    station = Station(settings.model_copy(update={"server": server}), Options(**options))
    station.start()
    try:
        names = {thread.name for thread in threading.enumerate()}
        assert ("status" in names) == speaks
        assert station.rehearsal == options.get("rehearsal", False)
    finally:
        station.stop()
    assert "status" not in {thread.name for thread in threading.enumerate()}


# --- what it leaves


def test_after_the_end_nothing_runs_and_nothing_is_open(
    settings: Settings, headset: Headset, run: Callable[..., Station]
) -> None:
    before = {thread.name for thread in threading.enumerate()}
    station = run()
    station.stop()
    station.stop()
    assert {thread.name for thread in threading.enumerate()} <= before
    assert headset.ended == ["left"], "a take that runs goes on to its end"
    with pytest.raises(DiskError):
        station.queue.rows()


def test_what_has_a_pupils_voice_in_it_goes_with_the_end(
    settings: Settings, run: Callable[..., Station]
) -> None:
    probes = DataDir(settings.data.dir).cache / "check"
    probes.mkdir(parents=True)
    station = run()
    probe = probes / "check_singing.wav"
    probe.write_bytes(b"RIFF")
    station.stop()
    assert not probe.exists()
