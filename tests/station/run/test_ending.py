"""When all will have sung, and the warning while something can still be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from station.session import events as ev
from station.session.machine import replay
from station.session.plan import Plan
from station.session.state import Session
from station.session.view import DeliverySummary, View
from station.words import present, standings
from station.words.i18n import set_language
from tests.station.session.samples import PLAN

NOW = datetime(2026, 11, 25, 15, 0).astimezone()
ENDS = NOW.replace(hour=16, minute=30)


@pytest.fixture(params=["en", "zh_CN"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    set_language(request.param)
    yield request.param
    set_language("en")


def view(pupils: int, seconds: float, away: int = 0) -> View:
    numbers = tuple(f"{number:04}" for number in range(pupils))
    session = Session.fresh(Plan(numbers, PLAN.items))
    absent = [ev.MarkedAbsent(number, "absent") for number in numbers[:away]]
    return View(replay(session, absent), pupil_seconds=seconds)


def test_what_fits_is_not_warned_of() -> None:
    assert present.lateness(view(18, 300), NOW, ENDS) == ""
    assert present.lateness(view(30, 0), NOW, ENDS) == "", "nothing is measured yet"
    assert present.lateness(view(30, 300), NOW, None) == ""
    assert present.lateness(view(3, 300, away=3), NOW + timedelta(hours=9), ENDS) == ""


def test_what_does_not_fit_is_said_in_one_line() -> None:
    late = view(129, 300, away=10)
    text = f" {standings.totals(late.session)}{present.lateness(late, NOW, ENDS)}"
    assert "18" in text
    assert "16:30" in text
    assert present.cells(text) <= 80
    assert "16:30" in present.lateness(late, NOW + timedelta(hours=3), ENDS)


def test_an_end_of_another_day_is_no_time_of_today() -> None:
    assert "17:30" in present.expected_end(view(30, 300), NOW)
    night = NOW.replace(hour=23)
    text = present.expected_end(view(30, 600), night)
    assert ("6" in text, "24:00" in text, "04:00" in text) == (True, True, False)
    text = present.expected_end(view(60, 600), NOW, ENDS)
    assert ("9" in text, "16:30" in text) == (True, True)


def test_nobody_is_sent_home_before_the_last_recording_is_delivered() -> None:
    peace, waits = (standings.uploads_left(DeliverySummary(4, done, waiting=4 - done)) for done in (4, 3))
    assert waits == standings.uploads_left(DeliverySummary(4, 3, uploading=1))
    others = [DeliverySummary(4, 3, sent=1), DeliverySummary(4, 3, blocked=1)]
    others.append(DeliverySummary(4, 3, waiting=1, paused=True))
    assert peace not in {waits, *map(standings.uploads_left, others)}
