"""What another station says is believed only where it can be of the same roster and the same day."""

from __future__ import annotations

from typing import Any

import pytest

from config.roster import Pupil, roster_mark, sung_bits, sung_of
from config.status import Beside, StatusError, as_text
from station.session.events import SungElsewhere
from station.session.machine import step
from station.session.state import Session
from station.status.beside import from_centre, from_line
from tests.config.status.samples import AT, status
from tests.station.session.samples import PLAN

MARK = roster_mark(Pupil(name, f"pupil {name}") for name in PLAN.pupils)
OWN = Beside(station="310105-017-A", session="roster-20261126", at=AT, roster=MARK, sung="")
SESSION = Session.fresh(PLAN)
LATER = "2026-11-26T14:31:00+08:00"
BITS = sung_bits(PLAN.pupils, {"0107", "0109"})


def other(**changes: Any) -> Beside:
    return Beside(**{**OWN.model_dump(), "station": "310105-017-B", "sung": BITS, **changes})


def line(**changes: Any) -> str:
    return as_text(status(**{"station": "310105-017-B", "roster": MARK, "sung": BITS, **changes}))


def test_the_progress_line_of_the_other_station_says_who_sang_there() -> None:
    expected = SungElsewhere("310105-017-B", AT, ("0107", "0109"), "line")
    assert from_line(f"二号机:\n{line()}", OWN, SESSION) == expected


def test_the_progress_line_says_who_is_absent_there_and_older_stations_say_nothing_of_it() -> None:
    absent = sung_bits(PLAN.pupils, {"0108"})
    event = from_line(line(absent=absent), OWN, SESSION)
    assert (event.students, event.absent) == (("0107", "0109"), ("0108",))
    assert from_line(line(), OWN, SESSION).absent == ()
    with pytest.raises(StatusError, match="no status"):
        from_line(line(absent="f"), OWN, SESSION)
    heard, _ = step(SESSION, event)
    assert list(from_centre([other(at=LATER, absent=absent)], OWN, heard)) == []
    (undone,) = from_centre([other(at=LATER)], OWN, heard)
    assert step(heard, undone)[0].pupils["0108"].absent_at == ()


def test_no_number_and_no_name_of_who_sang_is_in_the_line() -> None:
    assert not any(name in line(missing=()) for name in PLAN.pupils)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"station": OWN.station}, "this station itself"),
        ({"roster": roster_mark([Pupil("0107", "another")])}, "another roster"),
        ({"roster": ""}, "another roster"),
        ({"sung": ""}, "another roster"),
        ({"session": "roster-20261125", "at": "2026-11-25T14:30:00+08:00"}, "another day"),
        ({"sung": "f"}, "no status"),
        ({"sung": "05"}, "no status"),
    ],
)
def test_a_line_of_no_use_is_refused_with_its_reason(changes: dict[str, str], why: str) -> None:
    with pytest.raises(StatusError, match=why):
        from_line(line(**changes), OWN, SESSION)
    changed = other(**changes)
    assert list(from_centre([changed], OWN, SESSION)) == []


def test_a_rehearsal_hears_nobody() -> None:
    with pytest.raises(StatusError, match="rehearsal"):
        from_line(line(), OWN.model_copy(update={"roster": ""}), SESSION)


def test_a_session_that_goes_on_after_midnight_is_still_the_same() -> None:
    assert list(from_centre([other(at="2026-11-27T00:10:00+08:00")], OWN, SESSION))


def test_what_the_centre_says_again_and_again_is_entered_once() -> None:
    (event,) = from_centre([other()], OWN, SESSION)
    assert (event.students, event.told_by) == (("0107", "0109"), "centre")
    heard, _ = step(SESSION, event)
    assert list(from_centre([other(at="2026-11-26T14:31:00+08:00")], OWN, heard)) == []


def test_only_a_few_other_stations_are_heard() -> None:
    session = SESSION
    for number in range(Beside.MOST):
        session, _ = step(session, SungElsewhere(f"x-{number}", AT, ("0107",), "centre"))
    assert list(from_centre([other()], OWN, session)) == []


@pytest.mark.parametrize("count", [1, 3, 4, 5, 30, 999, 1000])
def test_bits_lead_back_to_the_same_pupils(count: int) -> None:
    roster = [f"{number:04d}" for number in range(count)]
    for sung in (set(), {roster[-1]}, set(roster[::2]), set(roster)):
        assert set(sung_of(sung_bits(roster, sung), list(reversed(roster)))) == sung


def test_a_roster_too_long_to_be_told_is_not_told() -> None:
    assert sung_bits([f"{number:04d}" for number in range(1001)], set()) == ""
