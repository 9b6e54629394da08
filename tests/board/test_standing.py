"""What the board makes of a station's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from board.expected import ExpectedStation
from board.judge.balance import balance_of
from board.judge.district import day_of, rows_of
from board.judge.duties import DUTIES
from board.judge.listline import sums_of
from board.judge.seen import Day, Grade, Seen
from board.judge.standing import standing_of
from config.status.record import (
    Ahead,
    Incident,
    Pupils,
    SelfTest,
    TakeCounts,
    WaitReason,
)
from tests.config.status.samples import status
from uploader.faults import Kind
from uploader.queue.states import DELIVERED, State

NOW = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)
SOON = (NOW + timedelta(hours=2)).isoformat()
PLACE = ExpectedStation("310105-017-A", "娄山小学", pupils=30)
WELL: dict[str, Any] = {
    "selftest": SelfTest(at=NOW.isoformat(), outcome="ok", expires=SOON),
    "pupils": Pupils(expected=30, done=12, absent=1, to_do=17),
    "takes": TakeCounts(recorded=24, l2=24),
    "ahead": Ahead(ends=SOON),
    "why": (),
    "missing": (),
    "incidents": (),
    "headset": True,
    "clock": 0,
}


def seen(received: float = 10.0, **changes: Any) -> Seen:
    """A station that is well but for `changes`, heard so many seconds ago."""
    found = status(**{**WELL, **changes})
    return Seen("310105-017-A", "310105", PLACE, found, NOW.timestamp() - received, "娄山小学")


def judged(one: Seen, **day: Any) -> tuple[Grade, str, list[str]]:
    found = standing_of(one, Day(NOW.timestamp(), **day))
    return found.grade, str(found.state), found.codes


def test_a_station_that_is_well_says_how_far_it_is() -> None:
    assert judged(seen()) == (Grade.GOOD, "under way 13/30", [])


def test_pupils_of_a_school_that_never_spoke_are_counted_as_the_list_has_them() -> None:
    silent = Seen("310105-018-A", "310105", replace(PLACE, pupils=12))
    sums = sums_of(rows_of([seen(), silent], Day(NOW.timestamp())))
    assert (sums.done + sums.absent, sums.expected) == (13, 42)


def test_a_school_that_never_spoke_is_trouble_once_its_word_is_due() -> None:
    silent = Seen("310105-019-A", "310105", PLACE)
    assert judged(silent)[0] is Grade.BAD
    assert judged(silent, due=False) == (Grade.GOOD, "not heard yet", [])


CLOSED = {"stage": "closed", "takes": TakeCounts(recorded=24, l2=20, waiting=4)}
SEAL = "0123-4567-89AB-CDEF-GHJK"
NOBODY: dict[str, Any] = {
    "stage": "installed",
    "pupils": Pupils(expected=30, to_do=30),
    "takes": TakeCounts(),
}
DONE: dict[str, Any] = {"pupils": Pupils(expected=30, done=29, absent=1)}
OVER = {
    "stage": "finished",
    "pupils": Pupils(expected=30, done=29, absent=1),
    "takes": TakeCounts(recorded=58, l2=58),
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"received": 200.0}, "lost"),
        (CLOSED, "closed"),
        ({"headset": False}, "headset"),
        (
            {"selftest": SelfTest(at=NOW.isoformat(), outcome="fail", expires=SOON, failed=("voice",))},
            "selftest",
        ),
        ({"ahead": Ahead(ends=(NOW - timedelta(minutes=1)).isoformat())}, "late"),
        ({"ahead": Ahead(ends=SOON, sung_at=(NOW + timedelta(hours=3)).isoformat())}, "late"),
        (
            {"takes": TakeCounts(recorded=24, l2=20, stuck=4), "why": (WaitReason(code="auth", count=4),)},
            "why_auth",
        ),
    ],
)
def test_each_trouble_is_seen_and_names_who_must_act(changes: dict[str, Any], code: str) -> None:
    one = seen(**changes)
    found = standing_of(one, Day(NOW.timestamp()))
    assert found.grade is Grade.BAD
    assert found.codes[0] == code
    assert str(found.findings[0].who)
    assert str(found.findings[0].todo)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"selftest": None}, "untested"),
        ({"selftest": SelfTest(at=NOW.isoformat(), outcome="ok", expires=NOW.isoformat())}, "expired"),
        ({"pupils": Pupils(expected=31, done=13, absent=1, to_do=17)}, "roster"),
        ({"pupils": Pupils(expected=30, done=12, absent=1, to_do=17, care=2)}, "care"),
        ({"clock": -400}, "clock"),
        ({"software": "0.1.9"}, "version"),
        ({"incidents": status().incidents}, "incident"),
    ],
)
def test_each_oddity_is_shown_and_is_no_trouble(changes: dict[str, Any], code: str) -> None:
    found = standing_of(seen(**changes), Day(NOW.timestamp() + 1, software="0.2.0"))
    assert (found.grade, found.codes) == (Grade.WATCH, [code])


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({**OVER, "session_stage": "sealed", "seal": SEAL}, "sealed, all delivered"),
        (
            {**CLOSED, **DONE, "stage": "finished", "session_stage": "sealed", "seal": SEAL},
            "sealed, 4 recordings to come",
        ),
        ({**OVER, "stage": "closed", "session_stage": "cleared"}, "session cleared"),
        ({**NOBODY, "session_stage": "open"}, "session opened"),
        ({**NOBODY, "session_stage": "prepared"}, "self-test passed"),
        ({**NOBODY, "session_stage": "newer"}, "self-test passed"),
    ],
)
def test_stages_of_the_session_are_the_state_of_a_row(changes: dict[str, Any], state: str) -> None:
    assert judged(seen(**changes))[1] == state


def test_minutes_that_incidents_cost_are_told() -> None:
    lost = (Incident(category="power", count=1, minutes=20), Incident(category="noise", count=2))
    found = standing_of(seen(incidents=lost), Day(NOW.timestamp())).findings[0]
    assert str(found.what) == "The proctor wrote down 3 incidents; 20 minutes were lost."


def test_who_has_delivered_everything_may_be_silent() -> None:
    assert judged(seen(received=9000, **OVER))[:2] == (Grade.GOOD, "sealed, all delivered")
    assert judged(seen(received=9000, **{**OVER, "seal": ""}))[:2] == (Grade.GOOD, "all delivered")
    assert judged(seen(received=9000, **{**OVER, "stage": "closed"}))[0] is Grade.GOOD


def test_what_was_pasted_is_not_called_silent() -> None:
    assert judged(replace(seen(received=900), pasted_by="technician"))[0] is Grade.GOOD


def test_troubles_stand_on_top_and_the_silent_school_first() -> None:
    rows = rows_of(
        [seen(), seen(headset=False), Seen("x", "310105", PLACE), seen(clock=999)], Day(NOW.timestamp())
    )
    assert [row.standing.codes[:1] for row in rows] == [["never"], ["headset"], ["clock"], []]


def test_what_most_stations_run_is_what_is_usual() -> None:
    day = day_of([seen(), seen(), seen(software="0.1.9")], NOW.timestamp(), None)
    assert day.software == "0.2.0"
    assert judged(seen(software="0.1.9"), software=day.software)[2] == ["version"]


def test_every_difference_of_the_account_has_a_reason() -> None:
    takes = TakeCounts(recorded=25, l1=2, l2=10, l3=8, sent=1, waiting=2, stuck=1, unqueued=1)
    lines = balance_of(seen(takes=takes))
    assert all((line.why is None) == (line.left == line.right) for line in lines)
    assert sum(line.left - line.right for line in lines[2:5]) == takes.recorded - takes.delivered


def test_every_reason_that_a_station_can_name_is_explained() -> None:
    kinds = {str(kind) for kind in Kind}
    states = {str(state) for state in State if state not in DELIVERED}
    assert kinds | states | {"unqueued"} <= set(DUTIES)
