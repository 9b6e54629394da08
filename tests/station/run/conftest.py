"""A whole station in the test's own process, with a headset that only this test hears."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.load import load_settings
from config.settings import Settings
from station.run.options import Options
from station.run.station import Station
from tests.station.run.headset import Headset, Run, until
from tests.station.run.test_single_take import KIT, SETTINGS


@pytest.fixture
def headset(monkeypatch: pytest.MonkeyPatch) -> Headset:
    found = Headset()
    monkeypatch.setattr("station.run.station.CaptureProcess", found)
    return found


@pytest.fixture
def afternoon(tmp_path: Path) -> Settings:
    """Two pupils and one song."""
    (tmp_path / "kit").mkdir()
    text = SETTINGS.replace("vheadset", "builtin").replace('id = "test"', 'id = "afternoon"')
    (tmp_path / "station.toml").write_text(text + '[data]\ndir = "data"\n', encoding="utf-8")
    kit = KIT.replace('"song"', '"song1"').replace("attempts = 9", "attempts = 2")
    (tmp_path / "kit" / "kit.toml").write_text(kit, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student_id,name\n0107,A\n0108,B\n", encoding="utf-8")
    return load_settings(tmp_path / "station.toml")


@pytest.fixture
def run(afternoon: Settings, headset: Headset) -> Iterator[Run]:
    """Starts a station; it is stopped at the end."""
    running: list[Station] = []

    def start(*, settled: bool = True, **options: Any) -> Station:
        station = Station(afternoon, Options(**options))
        running.append(station)
        station.start()
        if settled:
            until(lambda: station.view.device_ready)
        return station

    yield start
    for station in running:
        station.stop()
