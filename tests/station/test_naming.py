"""A session keeps the name of its first day, also when the clock is set back in the middle of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from config.disk import DataDir
from config.settings import Settings
from station.run.pace import Pace
from station.session.events import IdentityConfirmed, Restarted, TakeKept
from station.session.journal import Journal
from station.session.state import Session
from station.takes import naming
from station.takes.naming import clock_set_back, session_of


class Clock(datetime):
    """The computer's clock, set by days."""

    days = 0

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return datetime.now(None) + timedelta(days=cls.days)  # noqa: DTZ005 - as the module asks


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Clock]]:
    monkeypatch.setattr(naming, "datetime", Clock)
    yield Clock
    Clock.days = 0


def begin(settings: Settings, where: str) -> str:
    """A session that has begun: in the journal, or with a folder of takes alone."""
    name = session_of(settings)
    data = DataDir(settings.data.dir)
    if where == "journal":
        with closing(Journal(data, name)) as journal:
            journal.append(Restarted())
    else:
        data.session(name).mkdir(parents=True)
    return name


@pytest.mark.parametrize("where", ["journal", "folder"])
@pytest.mark.parametrize("days", [1, 2, 400, 9000])
def test_a_clock_that_is_set_back_opens_no_second_session(
    settings: Settings, clock: type[Clock], where: str, days: int
) -> None:
    name = begin(settings, where)
    assert clock_set_back(settings) is None
    clock.days = -days
    assert session_of(settings) == name
    said = clock_set_back(settings)
    assert said is not None
    assert f"{datetime.now().astimezone():%Y-%m-%d}" in str(said)


def test_the_next_day_is_another_session_and_nothing_is_said(settings: Settings, clock: type[Clock]) -> None:
    name = begin(settings, "journal")
    clock.days = 1
    assert session_of(settings) != name
    assert clock_set_back(settings) is None


def test_a_session_of_another_roster_or_of_another_name_is_none_of_this_one(
    settings: Settings, clock: type[Clock]
) -> None:
    begin(settings, "journal")
    clock.days = -1
    other = settings.session.model_copy(update={"roster": Path("class-4.csv")})
    assert session_of(settings.model_copy(update={"session": other})).startswith("class-4-")
    named = settings.session.model_copy(update={"id": "monday"})
    assert session_of(settings.model_copy(update={"session": named})) == "monday"
    assert clock_set_back(settings.model_copy(update={"session": named})) is None


@pytest.mark.parametrize("name", ["roster-20261399", "roster-00000000", "roster-99999999", "x", "roster-"])
def test_folders_that_are_no_session_mean_nothing(settings: Settings, clock: type[Clock], name: str) -> None:
    DataDir(settings.data.dir).session(name).mkdir(parents=True)
    assert session_of(settings) != name
    assert clock_set_back(settings) is None


def test_time_that_went_back_makes_no_pupil_quicker() -> None:
    pace = Pace()
    for event, done, at in (
        (IdentityConfirmed(), 0, 90_000.0),
        (TakeKept(), 1, 90_300.0),
        (IdentityConfirmed(), 1, 90_310.0),
        (TakeKept(), 2, 4_200.0),
    ):
        pace.note(event, cast(Session, SimpleNamespace(totals=SimpleNamespace(done=done, troubled=0))), at)
    assert pace.pupil_seconds == 300.0
