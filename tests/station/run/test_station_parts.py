"""The station's headset and deliveries, as screens and commands use them."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from audio.protocol import messages as heard
from config.settings import Settings
from station.checks.bench import Bench, Ear, Step, Wishes
from station.run.options import Options
from station.run.station import Station
from station.session import events as ev
from tests.station.run.headset import Headset, Run, folder_of, until
from tests.station.test_identity import record
from uploader.queue import Queue, State

# --- the headset


def test_the_recorder_is_asked_for_what_the_settings_and_options_say(
    afternoon: Settings, headset: Headset, run: Run
) -> None:
    station = run(speed=10.0, env={"A": "b"})
    [((log,), named)] = headset.started
    assert log == station.data.logs / "capture.log"
    assert named == {"lock": station.data.capture_lock, "speed": 10.0, "env": {"A": "b"}}
    assert headset.sent == [heard.OpenDevices("builtin", "builtin", 48000, 16)]
    station.command(heard.StopPlay())
    assert headset.sent[-1] == heard.StopPlay()


def test_the_level_is_the_latest_and_no_event_of_the_session(headset: Headset, run: Run) -> None:
    station = run()
    assert station.level is None
    views: list[object] = []
    station.observe(views.append)
    for peak in (-30.0, -12.5):
        headset.say(heard.Level(peak))
    assert station.level == heard.Level(-12.5)
    assert views == []


def test_a_headset_that_is_lent_comes_back(headset: Headset, run: Run) -> None:
    station = run()
    with station.lent_headset() as free:
        assert free
        assert headset.ended == ["closed"]
        until(lambda: "self-test" in str(station.view.device_trouble))
        assert not station.view.device_ready
        assert len(headset.started) == 1
    until(lambda: station.view.device_ready)
    assert len(headset.started) == 2


def test_a_headset_on_a_pupils_head_is_not_lent(headset: Headset, run: Run) -> None:
    station = run()
    station.post(ev.PupilNamed("0107"))
    until(lambda: station.view.session.current)
    with station.lent_headset() as free:
        assert not free
    assert headset.ended == []


def test_the_self_test_measures_as_this_station_records(run: Run) -> None:
    def ask(ear: Ear) -> None: ...
    def ready(step: Step) -> bool:
        return True

    bench = run(env={"A": "b"}).bench(ask, ready)
    assert isinstance(bench, Bench)
    assert bench.wishes == Wishes(ask=ask, ready=ready, env={"A": "b"}, interactive=True)


# --- the deliveries


def test_a_person_pauses_and_goes_on_with_the_deliveries(afternoon: Settings, run: Run) -> None:
    record(folder_of(afternoon), "0107", "take-1")
    station = run()
    until(station.deliveries)
    station.pause_deliveries(True)
    assert station.queue.control.paused
    station.pause_deliveries(False)
    assert not station.queue.control.paused


def test_what_goes_on_a_stick_and_stays_there_is_sent_from_here_when_asked(
    afternoon: Settings, run: Run, tmp_path: Path
) -> None:
    record(folder_of(afternoon), "0107", "take-1")
    station = run()
    until(station.deliveries)
    station.pause_deliveries(True)
    until(lambda: station.deliveries()[0].state is not State.CREATING)
    carried = station.export_deliveries(tmp_path / "stick", lambda *_: None)
    assert carried.takes == 1
    assert list((tmp_path / "stick").rglob("*.wav"))
    assert station.send_carried() == 1


def test_a_station_that_delivers_nothing_queues_nothing(afternoon: Settings, run: Run) -> None:
    record(folder_of(afternoon), "0107", "take-1")
    station = run(deliver=False)
    assert list(station.deliveries()) == []
    with closing(Queue.open(station.data.database)) as queue:
        assert queue.rows() == []


@pytest.mark.sampled(4, fewest=1)
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
    afternoon: Settings, headset: Headset, options: dict[str, Any], status: Any, speaks: bool
) -> None:
    server = afternoon.server.model_copy(update={"status": status})
    station = Station(afternoon.model_copy(update={"server": server}), Options(**options))
    station.start()
    try:
        names = {thread.name for thread in threading.enumerate()}
        assert ("status" in names) == speaks
        assert station.rehearsal == options.get("rehearsal", False)
    finally:
        station.stop()
    assert "status" not in {thread.name for thread in threading.enumerate()}
