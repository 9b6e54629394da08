"""The station as a whole: what it begins with, what it settles before the first pupil, what it leaves."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from audio.protocol import messages as heard
from config.access import StationLock
from config.base import DiskError, StationError
from config.disk import DataDir
from config.settings import Settings
from config.takes import read_finished, write_facts
from station.run.station import Station
from station.session import events as ev
from station.session.day import SessionStage
from station.session.journal import Journal
from station.session.state import Phase
from tests.station.run.headset import Headset, Run, folder_of, journalled, until
from tests.station.test_identity import record

# --- what it begins with


def test_a_new_afternoon_begins_at_home_with_all_pupils(run: Run) -> None:
    session = run().view.session
    assert (session.phase, list(session.pupils), session.waiting) == (Phase.HOME, ["0107", "0108"], False)
    assert session.day.stage is SessionStage.OPEN


def test_where_persons_open_the_session_nobody_sings_before(run: Run) -> None:
    assert run(stages=True).view.session.day.stage is SessionStage.PREPARED


def test_a_changed_plan_is_the_plan(run: Run) -> None:
    station = run(plan=lambda plan: replace(plan, pupils=("0108",)))
    assert list(station.view.session.pupils) == ["0108"]


CHECKING = (ev.PupilNamed("0107"), ev.IdentityConfirmed())


def test_a_pupil_who_was_in_the_chair_is_there_again_and_nothing_runs_by_itself(
    afternoon: Settings, run: Run
) -> None:
    journalled(afternoon, *CHECKING)
    station = run()
    until(lambda: station.view.session.waiting)
    session = station.view.session
    assert (session.current, session.phase) == ("0107", Phase.CHECK_SILENCE)
    station.stop()
    with closing(Journal(station.data, "afternoon", readonly=True)) as journal:
        assert [event for event, _ in journal.entries()] == [*CHECKING, ev.Restarted()]


def test_the_pace_of_the_pupils_before_the_restart_counts(
    afternoon: Settings, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[ev.Event] = []
    monkeypatch.setattr(
        "station.run.station.Pace.note", lambda self, event, session, at=None: noted.append(event)
    )
    journalled(afternoon, *CHECKING)
    run()
    assert noted[:2] == list(CHECKING)


def test_a_roster_that_can_not_be_used_is_said_before_anything_begins(afternoon: Settings) -> None:
    afternoon.session.roster.write_text("nobody\n", encoding="utf-8")
    with pytest.raises(StationError):
        Station(afternoon)


# --- what it settles


def test_a_take_that_only_the_disk_knows_is_the_pupils_and_is_queued(afternoon: Settings, run: Run) -> None:
    path = record(folder_of(afternoon), "0107", "take-1")
    station = run()
    until(lambda: station.view.session.pupils["0107"].takes)
    [take] = station.view.session.pupils["0107"].takes
    assert (take.take_id, take.file) == ("take-1", path.name)
    until(station.deliveries)
    assert [row.take_id for row in station.deliveries()] == ["take-1"]


def test_a_take_of_practice_stays_here(afternoon: Settings, run: Run) -> None:
    path = record(folder_of(afternoon), "0107", "take-1")
    write_facts(path, replace(read_finished(path), kind="practice", source={}))
    station = run()
    assert list(station.deliveries()) == []


def test_a_take_that_the_queue_knows_otherwise_does_not_keep_the_headset_closed(
    afternoon: Settings, run: Run
) -> None:
    path = record(folder_of(afternoon), "0107", "take-1")
    station = run()
    until(station.deliveries)
    station.stop()
    write_facts(path, replace(read_finished(path), station="another", source={}))
    assert [row.station for row in run().deliveries()] == ["demo-station-A"]


def test_a_take_that_broke_off_is_repaired_before_the_headset_opens(afternoon: Settings, run: Run) -> None:
    path = record(folder_of(afternoon), "0107", "take-1")
    path.rename(path.with_name("0107_song1_1.part.wav"))
    run()
    assert path.is_file()


@pytest.fixture
def still_records(afternoon: Settings) -> StationLock:
    """The lock of a recorder that an earlier station has left behind."""
    data = DataDir(afternoon.data.dir)
    data.root.mkdir(parents=True)
    lock = StationLock(data.capture_lock)
    lock.acquire()
    return lock


def test_a_recorder_that_still_records_is_waited_for_and_that_is_said(
    still_records: StationLock, headset: Headset, run: Run
) -> None:
    station = run(settled=False)
    until(lambda: station.view.orphan)
    assert headset.started == []
    still_records.release()
    until(lambda: station.view.device_ready)
    assert not station.view.orphan


def test_a_station_that_is_closed_while_it_waits_for_a_recorder_ends(
    still_records: StationLock, headset: Headset, run: Run
) -> None:
    station = run(settled=False)
    until(lambda: station.view.orphan)
    station.stop()
    still_records.release()
    assert headset.started == []
    assert [thread.name for thread in threading.enumerate() if thread.name == "headset"] == []


# --- what it leaves


def measured(station: Station, headset: Headset) -> None:
    """The first step of a check that can't be read: something has been measured."""
    for event in CHECKING:
        station.post(event)
    until(lambda: isinstance(headset.sent[-1], heard.StartTake))
    probe = headset.sent[-1]
    assert isinstance(probe, heard.StartTake)
    headset.say(heard.TakeSaved(probe.take_id, probe.path, 96000, 48000, "", "", "maximum"))
    until(lambda: station.view.session.pupil.check)


def open_files(station: Station) -> list[str]:
    return [
        file.path
        for file in psutil.Process().open_files()
        if Path(file.path).is_relative_to(station.data.root.resolve())
    ]


def test_after_the_end_nothing_runs_and_nothing_is_open(
    afternoon: Settings, headset: Headset, run: Run
) -> None:
    before = set(threading.enumerate())
    station = run()
    measured(station, headset)
    assert open_files(station)
    station.stop()
    station.stop()
    assert set(threading.enumerate()) <= before
    assert open_files(station) == []
    assert headset.ended == ["left"], "a take that runs goes on to its end"
    with pytest.raises(DiskError):
        station.queue.rows()


def test_what_has_a_pupils_voice_in_it_goes_with_the_end(afternoon: Settings, run: Run) -> None:
    probes = DataDir(afternoon.data.dir).cache / "check"
    probes.mkdir(parents=True)
    station = run()
    probe = probes / "check_singing.wav"
    probe.write_bytes(b"RIFF")
    station.stop()
    assert not probe.exists()
