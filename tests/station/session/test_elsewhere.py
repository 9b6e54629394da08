"""Two computers, one roster: who has sung at the other station needs no song here, and sums still balance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from station.session import day
from station.session import events as ev
from station.session.chair import RefusedError
from station.session.day import SessionDay
from station.session.machine import allows, replay, step
from station.session.stages import close_session, unchecked
from station.session.state import Phase, Session, Standing
from station.words import standings
from tests.station.session.samples import NOON, PLAN, PROCTOR, events_to


def word(*students: str, at: str = "14:00", station: str = "st-B") -> ev.SungElsewhere:
    return ev.SungElsewhere(station, f"2026-05-26T{at}:00+08:00", students, "line")


def after(*events: ev.Event) -> Session:
    return replay(Session.fresh(PLAN), events)


def balances(session: Session) -> bool:
    found = session.totals
    parts = found.done, found.troubled, found.elsewhere, found.away, found.broke_off, found.to_do
    return found.expected == sum(parts)


def test_who_sang_at_the_other_station_is_not_to_do_here_and_the_sums_balance() -> None:
    session = after(word("0108", "0109"))
    assert (session.totals.elsewhere, session.totals.to_do, session.to_come) == (2, 1, ("0107",))
    assert balances(session)
    assert "to do 1   at another station 2" in standings.totals(session)
    assert standings.standing(session.pupils["0108"], "st-A") == "done at B"
    assert standings.standing(session.pupils["0107"], "st-A") == "to do"


def test_who_is_absent_there_is_shown_so_comes_last_and_may_still_sing_here() -> None:
    session = after(replace(word("0109"), absent=("0107",)))
    assert standings.standing(session.pupils["0107"], "st-A", "0107") == "absent, says B"
    assert (session.to_come, session.totals.to_do, session.totals.away) == (("0108", "0107"), 2, 0)
    assert balances(session)
    assert allows(session, ev.PupilNamed("0107"))
    marked = replay(session, [ev.MarkedAbsent("0107", "unwell")])
    assert standings.standing(marked.pupils["0107"], "st-A") == "unwell"
    come = replay(session, [ev.CheckedIn("0107")])
    assert standings.standing(come.pupils["0107"], "st-A") == "to do"
    known = replay(session, [word("0109", at="14:05")])
    assert standings.standing(known.pupils["0107"], "st-A") == "to do"


def test_what_the_other_station_says_of_the_absent_is_told_before_it_is_taken_over() -> None:
    session, news = after(), replace(word("0109"), absent=("0107",))
    told = standings.told_elsewhere(news, session, step(session, news)[0])
    assert str(told).endswith("Absent there: 0107; they may still be called here.")


def test_singing_twice_needs_a_reason_and_the_reason_stands_on_the_recording() -> None:
    session = after(word("0107"))
    with pytest.raises(RefusedError, match="has sung everything at st-B"):
        step(session, ev.PupilNamed("0107"))
    before = [ev.PupilNamed("0107", "headset"), *events_to(Phase.CHECK_RESULT)[1:], ev.CheckAccepted()]
    way = [*before, ev.ItemBegun(), ev.TimerEnded("x"), ev.SoundEnded(), ev.TimerEnded("take-1")]
    take = replay(session, way).pupil.takes[-1]
    assert (take.item_id, take.attempt, take.reason) == ("song1", 1, "headset")


def test_a_pupil_called_before_the_news_came_is_not_confirmed_without_a_reason() -> None:
    session = after(ev.PupilNamed("0107"), word("0107"))
    assert session.phase is Phase.IDENTITY
    assert not allows(session, ev.IdentityConfirmed())
    assert allows(session, ev.PupilNamed("0107", "other"))


@pytest.mark.parametrize("phase", list(Phase))
def test_news_disturbs_nobody_in_the_chair(phase: Phase) -> None:
    session = after(*events_to(phase))
    heard, effects = step(session, word("0107", "0109"))
    assert effects == ()
    assert (heard.phase, heard.current, heard.item_index) == (phase, session.current, session.item_index)
    assert balances(heard)


def test_the_later_word_of_a_station_counts_and_an_older_one_is_refused() -> None:
    session = after(word("0107", "0108"), word("0108", at="14:05"))
    assert [session.pupils[name].elsewhere for name in PLAN.pupils] == [(), ("st-B",), ()]
    for late in ("14:05", "13:00"):
        with pytest.raises(RefusedError, match="known already"):
            step(session, word("0107", at=late))
    more = after(word("0107"), word("0107", "0109", station="st-C"))
    assert more.pupils["0107"].elsewhere == ("st-B", "st-C")


def test_a_pupil_marked_absent_here_who_sang_there_is_not_absent() -> None:
    session = after(ev.MarkedAbsent("0107", "absent"), word("0107"))
    assert (session.totals.away, session.totals.elsewhere) == (0, 1)
    assert balances(session)


def test_who_sang_at_both_is_done_here_and_still_known_to_have_sung_there() -> None:
    session = after(word("0107"))
    sung = replace(session.pupils["0107"], standing=Standing.DONE)
    both = replace(session, pupils={**session.pupils, "0107": sung})
    assert (both.totals.done, both.totals.elsewhere) == (1, 0)
    assert both.pupils["0107"].elsewhere == ("st-B",)


def test_with_all_others_sung_elsewhere_the_check_in_and_the_session_can_end() -> None:
    opened = replace(Session.prepared(PLAN), day=SessionDay(checkin=True))
    session = replay(opened, [ev.CheckedIn("0107"), word("0108", "0109"), ev.MarkedAbsent("0107", "absent")])
    assert unchecked(session) == []
    assert "at another station 2" in standings.check_in_totals(session)
    assert close_session(session, day.SessionClosed(NOON, ("王老师",))).closings


def test_a_sealed_session_hears_no_news() -> None:
    signed: list[ev.Event] = [
        day.SessionOpened(NOON, PROCTOR),
        *(ev.MarkedAbsent(name, "absent") for name in PLAN.pupils),
        day.SessionClosed(NOON, ("王老师",)),
    ]
    closed = replay(Session.prepared(PLAN), signed)
    assert allows(closed, word("0107"))
    sealed, _ = step(closed, day.SessionSealed(NOON, ("王老师",), 1, "CODE", "ab" * 32, 0))
    assert not allows(sealed, word("0107"))


def test_a_number_that_left_the_roster_does_not_keep_the_journal_from_being_read() -> None:
    assert after(word("0107", "9999")).totals.elsewhere == 1


@pytest.mark.parametrize(
    ("station", "said"),
    [("310105-017-B", "B"), ("310106-001-A", "310106-001-A"), ("lab", "lab"), ("310105-017-", "310105-017-")],
)
def test_another_station_is_called_by_what_tells_it_from_this_one(station: str, said: str) -> None:
    assert standings.near(station, "310105-017-A") == said
