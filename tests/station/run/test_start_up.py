"""What a station begins with beside the session: the self-test, the queue, the pace, the district's words."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audio.protocol import messages as heard
from config.base.message import say
from config.disk import DataDir
from config.kit import load_kit
from config.roster import load_roster, roster_mark, sung_bits
from config.settings import Settings
from config.status import Beside
from config.status.carriage import BOARD, WORD
from config.takes import DeviceName
from station.checks import lastpass
from station.checks.catalogue import BY_ID
from station.checks.check import Result, ok
from station.checks.fingerprint import fingerprint
from station.run.station import Station
from station.session import events as ev
from station.session import journal
from station.session.view import View
from tests.station.run.headset import Headset, Run, folder_of, journalled, until
from tests.station.run.test_conductor_view import BEGINS, SINGS
from tests.station.test_identity import record
from uploader.queue import Queue, State
from uploader.queue.states import Event

# --- the self-test


def test_a_pass_counts_from_its_end_until_another_headset_is_plugged_in(
    afternoon: Settings, headset: Headset, run: Run
) -> None:
    station = run()
    assert "No self-test" in str(station.selftest_warning)
    kit = load_kit(afternoon.session.kit, station.data.cache / "kit")
    with station.lent_headset():
        fine = Result(BY_ID["device"], ok(say("Fine.")), 0.1, datetime.now().astimezone().isoformat())
        lastpass.save(station.data, [fine], fingerprint(afternoon, ("builtin", "builtin"), kit.digest))
    assert station.selftest_warning is None
    until(lambda: station.view.device_ready)
    other = DeviceName("ALSA", "another one")
    headset.say(heard.Opened(other, other, 48000))
    assert "headset is another one" in str(station.selftest_warning)


def test_that_there_is_no_self_test_is_said_before_a_headset_is_open(afternoon: Settings) -> None:
    station = Station(afternoon)
    try:
        assert "No self-test" in str(station.selftest_warning)
    finally:
        station.stop()


def test_a_clock_that_was_set_back_is_said_before_anything_of_the_self_test(
    headset: Headset, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.run.station.clock_set_back", lambda settings: say("The clock."))
    assert str(run().selftest_warning) == "The clock."


# --- what was there before


def test_a_file_whose_writing_was_cut_off_goes_when_the_program_is_opened(
    afternoon: Settings, run: Run
) -> None:
    data = DataDir(afternoon.data.dir)
    data.root.mkdir(parents=True)
    cut = data.root / "station.json.tmp"
    cut.touch()
    then = time.time() - 2 * 86400
    os.utime(cut, (then, then))
    run()
    assert not cut.exists()


class Watch:
    """It is half a minute later whenever somebody looks."""

    def __init__(self) -> None:
        self._now = datetime(2026, 5, 26, 14, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=30)
        return self._now


def test_the_end_of_the_afternoon_is_foretold_from_the_pupils_before_the_restart(
    afternoon: Settings, run: Run
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "datetime", Watch())
        journalled(afternoon, ev.PupilNamed("0107"), *BEGINS, ev.TimerEnded("studied"), *SINGS)
    assert run().view.pupil_seconds >= 30


def test_a_quick_afternoon_counts_down_quickly(headset: Headset, run: Run) -> None:
    station = run(speed=100.0)
    counted: list[float] = []

    def see(view: View) -> None:
        counted.append(view.timer_seconds)

    station.observe(see)
    for event in (ev.PupilNamed("0107"), *BEGINS):
        station.post(event)
    until(lambda: any(isinstance(sent, heard.StartTake) and sent.facts for sent in headset.sent))
    song = station.view.session.plan.items[0]
    assert {song.study_seconds / 100, song.ready_seconds / 100} <= set(counted)


@pytest.fixture
def paused(afternoon: Settings) -> Path:
    """A take of an earlier program, and nothing is sent."""
    with closing(Queue.open(DataDir(afternoon.data.dir).database)) as queue:
        queue.pause()
    return record(folder_of(afternoon), "0107", "take-1")


def test_what_was_recorded_before_the_start_is_read_again_before_it_is_sent(paused: Path, run: Run) -> None:
    station = run()
    until(station.deliveries)
    [row] = station.deliveries()
    assert (row.path, row.compared_at) == (paused, 0)


def test_a_delivery_that_waits_is_tried_at_once_when_a_person_asks(paused: Path, run: Run) -> None:
    station = run()
    until(station.deliveries)
    station.queue.change("take-1", Event.FAILED, state=State.WAITING, due_at=time.time() + 3600, failures=5)
    station.retry("take-1")
    [row] = station.deliveries()
    assert (row.state, row.failures) == (State.QUEUED, 0)


# --- the district


@dataclass
class District:
    """In place of the connection to the board."""

    answer: dict[str, str] = field(default_factory=dict)
    said: list[Mapping[str, str]] = field(default_factory=list)

    def __call__(self, *_: object) -> District:
        return self

    def announce(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        self.said.append(metadata)
        return self.answer

    def abort(self) -> None: ...
    def close(self) -> None: ...

    def says(self, **word: Any) -> None:
        self.answer = {BOARD: "1", WORD: base64.b64encode(json.dumps(word).encode()).decode("ascii")}


@pytest.fixture
def district(monkeypatch: pytest.MonkeyPatch) -> District:
    found = District()
    monkeypatch.setattr("station.run.station.Announcer", found)
    monkeypatch.setattr("station.status.schedule.GAP", 0.0)
    return found


def test_the_districts_word_and_who_sang_at_another_station_are_shown(
    afternoon: Settings, district: District, run: Run
) -> None:
    pupils = load_roster(afternoon.session.roster).pupils
    other = Beside(
        station="demo-station-B",
        session="afternoon",
        at=datetime.now().astimezone().isoformat(timespec="seconds"),
        roster=roster_mark(pupils),
        sung=sung_bits(["0107", "0108"], {"0108"}),
    )
    district.says(id=1, text="At three", beside=[other.model_dump()])
    station = run()
    until(lambda: station.view.session.told)
    assert station.view.session.told["demo-station-B"].students == ("0108",)
    until(lambda: station.view.board.word == "At three")


def test_the_district_hears_at_once_that_a_pupil_is_in_the_chair(district: District, run: Run) -> None:
    district.says()
    station = run()
    until(lambda: district.said)
    station.post(ev.PupilNamed("0107"))
    until(lambda: len(district.said) > 1)


def test_a_chat_is_told_of_this_station(run: Run) -> None:
    assert "test-station" in run().day_end.progress_line()
