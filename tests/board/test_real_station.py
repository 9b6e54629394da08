"""A real station and a real board: what it says, what comes back, and what it never says."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from board.web.application import Stores
from config.load import load_settings
from config.samples import write_samples
from config.settings import Settings
from config.status.grammar import Stage
from config.status.record import Status
from station.run.options import Options
from station.run.station import Station
from station.session.events import MarkedAbsent
from tests.board.conftest import DISTRICT
from tests.board.visitor import Visitor
from tests.uploader.tusserver import TusServer

pytestmark = [pytest.mark.timeout(240), pytest.mark.parametrize("stores", ["sqlite"], indirect=True)]


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("station")
    write_samples(home)
    found = load_settings(home / "station.toml")
    audio = found.audio.model_copy(update={"input": "builtin", "output": "builtin"})
    about = found.station.model_copy(update={"id": "310105-017-A"})
    return found.model_copy(update={"audio": audio, "station": about})


def leading_to(settings: Settings, url: str, **server: str) -> Settings:
    section = settings.server.model_copy(update={"url": url, "token_env": None, **server})
    return settings.model_copy(update={"server": section})


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_station_is_on_the_board_from_its_start_to_its_end(
    stores: Stores, visitor: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.status.schedule.GAP", 0.2)
    monkeypatch.setenv("TOKEN", stores.roll.make_token(DISTRICT, "娄山小学"))
    stores.desk.tell(DISTRICT, "310105-017-A", "technician", "请接电话")
    station = Station(leading_to(settings, visitor.url + "/files/", token_env="TOKEN"))

    def told() -> Status | None:
        arrival = stores.arrivals.of("310105-017-A")
        return None if arrival is None else arrival.status

    try:
        station.start()
        until(lambda: told() is not None)
        until(lambda: station.view.board.word == "请接电话")
        for pupil in station.roster.pupils:
            station.post(MarkedAbsent(pupil.student_id, "absent", pupil.name))
        until(lambda: (found := told()) is not None and found.stage is Stage.FINISHED)
        found = told()
        assert found is not None
        assert found.pupils.absent == found.pupils.expected == len(station.roster.pupils)
        assert found.heard
    finally:
        station.stop()
    last = told()
    assert last is not None
    assert last.stage is Stage.CLOSED
    assert not [pupil.name for pupil in station.roster.pupils if pupil.name in last.to_json()]


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize(
    ("server", "options"),
    [
        ({"status": "off"}, Options()),
        ({}, Options(deliver=False)),
        ({}, Options(rehearsal=True, deliver=False)),
    ],
)
def test_a_silent_station_and_a_rehearsal_say_nothing(
    stores: Stores, settings: Settings, server: dict[str, str], options: Options
) -> None:
    with TusServer() as plain:
        station = Station(leading_to(settings, plain.url, **server), replace(options))
        try:
            station.start()
            time.sleep(2)
        finally:
            station.stop()
        assert plain.asked("POST") == []
