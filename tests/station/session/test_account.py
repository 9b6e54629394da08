"""What the account says of a pupil after each event: every word of it, and nothing left from before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from station.session import effects as fx
from station.session import events as ev
from station.session.chair import RefusedError, with_pupil
from station.session.machine import allows, replay, step
from station.session.state import Phase, PupilState, Session, Standing, Take
from tests.station.session.samples import NOON, PLAN, events_to

FRESH = Session.fresh(PLAN)
SONG1 = Take("t1", "song1", 1, file="1.wav", ok=True)
SONG2 = Take("t2", "song2", 1, file="2.wav", ok=True)
BAD1 = replace(SONG1, ok=False, reasons=("silent",))


def at(phase: Phase) -> Session:
    return replay(FRESH, events_to(phase))


def with_takes(*takes: Take, **more: object) -> Session:
    pupil = replace(FRESH.pupils["0107"], takes=takes, **more)  # type: ignore[arg-type]
    return with_pupil(FRESH, pupil)


def pupil(session: Session) -> PupilState:
    return session.pupils["0107"]


# --- the chair


def test_who_is_confirmed_begins_anew_and_keeps_what_was_sung() -> None:
    before = with_takes(
        SONG1,
        late=True,
        note="stomach ache",
        check=(ev.CheckMeasured("silence", "fail"),),
        skips=("time",),
        accepted="best",
        unheard=2,
    )
    session = replay(before, [ev.PupilNamed("0107", "headset"), ev.IdentityConfirmed()])
    assert pupil(session) == PupilState(
        "0107", Standing.STARTED, takes=(SONG1,), skips=("time",), again="headset"
    )
    assert (session.phase, session.item.id) == (Phase.CHECK_SILENCE, "song2"), "song1 is fine"


@pytest.mark.parametrize("phase", [Phase.CHECK_RESULT, Phase.STUDY, Phase.PROMPT, Phase.READY])
@pytest.mark.parametrize("away", [ev.WentBack(), ev.MarkedAbsent("0107", "unwell", "ill")], ids=str)
def test_an_empty_chair_knows_nothing_of_who_sat_in_it(phase: Phase, away: ev.Event) -> None:
    before = replace(at(phase), waiting=True, sound_failed="bad_sound", retake_reason="noise", take_id="t9")
    session, effects = step(before, away)
    assert effects == (fx.StopActivity(),)
    assert replace(session, pupils={}) == replace(FRESH, pupils={})


def test_a_number_that_is_typed_again_is_the_last_one() -> None:
    session = replay(FRESH, [ev.PupilNamed("0107", "headset"), ev.PupilNamed("0108"), ev.PupilNamed("0107")])
    assert (session.phase, session.current, session.pupil.again) == (Phase.IDENTITY, "0107", "")


ABSENT = ev.MarkedAbsent("0107", "unwell", "ill")


def test_who_is_away_is_neither_late_nor_here_and_the_note_says_why() -> None:
    before = with_takes(late=True, checked_in=True)
    session, effects = step(before, ABSENT)
    assert pupil(session) == PupilState("0107", Standing.UNWELL, note="ill")
    assert effects == (), "nobody sat in the chair"
    assert pupil(step(session, ev.AbsenceUndone("0107"))[0]) == PupilState("0107")


def test_who_comes_after_all_is_here_and_nothing_else() -> None:
    session = replay(with_takes(BAD1), [ABSENT, ev.CheckedIn("0107")])
    assert pupil(session) == PupilState("0107", Standing.STARTED, takes=(BAD1,), checked_in=True)
    late = replay(FRESH, [ev.MarkedLate("0107"), ev.CheckedIn("0107")])
    assert pupil(late) == PupilState("0107", checked_in=True)
    assert not allows(late, ev.CheckedIn("0107"))


def test_who_was_only_late_is_waited_for_again() -> None:
    session = replay(FRESH, [ev.MarkedLate("0107"), ev.AbsenceUndone("0107")])
    assert pupil(session) == PupilState("0107")
    assert not allows(session, ev.AbsenceUndone("0107"))


def test_late_is_only_who_waits_and_a_pupil_in_the_chair_leaves_it() -> None:
    assert not allows(with_takes(SONG1, standing=Standing.STARTED), ev.MarkedLate("0107"))
    session, effects = step(at(Phase.IDENTITY), ev.MarkedLate("0107"))
    assert (session.phase, pupil(session).late, effects) == (Phase.HOME, True, (fx.StopActivity(),))
    assert step(FRESH, ev.MarkedLate("0107"))[1] == ()


@pytest.mark.parametrize(("note", "allowed"), [("", False), ("  ", False), ("no lessons", True)])
def test_nobody_is_excused_without_a_reason(note: str, allowed: bool) -> None:
    assert allows(FRESH, ev.MarkedAbsent("0107", "excused", note)) is allowed
    assert allows(FRESH, ev.MarkedAbsent("0107", "absent"))


def test_while_one_pupil_sits_in_the_chair_no_other_is_marked() -> None:
    session = at(Phase.IDENTITY)
    assert not allows(session, ev.MarkedAbsent("0108", "absent"))
    assert allows(session, ev.MarkedAbsent("0107", "absent"))
    assert not allows(with_takes(standing=Standing.DONE), ev.MarkedAbsent("0107", "absent"))


# --- other stations


def told(at: str, *students: str, station: str = "st-B") -> ev.SungElsewhere:
    return ev.SungElsewhere(station, at, students, "line")


def test_the_last_word_of_a_station_counts_and_is_heard_once() -> None:
    first = told("2026-05-26T14:00:00+08:00", "0107", "0108")
    same_moment = told("2026-05-26T06:00:00+00:00", "0109")
    session = replay(FRESH, [first, told(NOON, "0107", station="st-A")])
    assert session.pupils["0107"].elsewhere == ("st-A", "st-B"), "in the order of their names"
    assert not allows(session, same_moment)
    assert not allows(session, told("2026-05-26T13:59:59+08:00", "0109"))
    later = step(session, told("2026-05-26T14:00:01+08:00", "0109"))[0]
    assert [person.elsewhere for person in later.pupils.values()] == [("st-A",), (), ("st-B",)]
    assert later.totals.elsewhere == 2


def test_who_sang_elsewhere_sings_here_for_a_reason_only() -> None:
    session = replay(FRESH, [told(NOON, "0107")])
    assert not allows(session, ev.PupilNamed("0107"))
    assert allows(session, ev.PupilNamed("0107", "other"))
    called = replay(FRESH, [ev.PupilNamed("0107"), told(NOON, "0107")])
    assert (called.phase, called.current) == (Phase.IDENTITY, "0107"), "who is in the chair stays there"
    assert not allows(called, ev.IdentityConfirmed())
    again = replay(session, [ev.PupilNamed("0107", "other"), ev.IdentityConfirmed()])
    assert again.pupil.standing is Standing.STARTED
    assert pupil(replay(with_takes(SONG1, SONG2, standing=Standing.DONE), [told(NOON, "0107")])).elsewhere


# --- takes


def test_everything_that_is_told_of_a_take_stands_in_the_account() -> None:
    events: list[ev.Event] = [
        ev.TimerEnded("t1"),
        ev.TakeStarted("t1", NOON),
        ev.TakeSaved("t1", "1.wav", 46.2, "ab" * 32, "maximum"),
        ev.TakeJudged("t1", False, ("silent",), {"peak": -3.0}, ("bump",)),
    ]
    session = replay(replace(at(Phase.READY), waiting=False, retake_reason="noise"), events)
    assert session.take == Take(
        "t1", "song1", 1, "noise", NOON, "1.wav", 46.2, "ab" * 32, "maximum", ok=False,
        reasons=("silent",), remarks=("bump",), numbers={"peak": -3.0},
    )  # fmt: skip
    failed = replay(at(Phase.READY), [*events[:2], ev.TakeFailed("t1", "unplugged")])
    assert failed.take == Take("t1", "song1", 1, "", NOON, failed="unplugged", ok=False)
    assert (failed.phase, failed.waiting, failed.take.seconds) == (Phase.VERDICT, False, 0.0)


def test_a_take_that_the_disk_alone_knows_is_told_whole() -> None:
    found = ev.TakeRecovered(
        "0107", "song1", 2, "t9", "9.wav", 30.0, "cd" * 32, True, ("x",), ("bump",), {"peak": -3.0}, NOON
    )
    session = step(FRESH, found)[0]
    assert pupil(session).takes == (
        Take(
            "t9", "song1", 2, "", NOON, "9.wav", 30.0, "cd" * 32, ok=True,
            reasons=("x",), remarks=("bump",), numbers={"peak": -3.0},
        ),
    )  # fmt: skip
    assert pupil(session).standing is Standing.STARTED
    assert not allows(session, found), "it is known now"
    away = replay(FRESH, [ABSENT, found])
    assert pupil(away).standing is Standing.UNWELL
    assert pupil(away).broke_off


@pytest.mark.parametrize("phase", [Phase.RECORDING, Phase.SAVING])
def test_a_running_take_that_ends_after_a_restart_is_waited_for_no_more(phase: Phase) -> None:
    waiting = step(at(phase), ev.Restarted())[0]
    assert waiting.waiting
    for end in (ev.TakeSaved("take-1", "1.wav", 9.0, "", "stop"), ev.TakeFailed("take-1", "unplugged")):
        assert not step(waiting, end)[0].waiting


def test_only_the_running_take_is_saved() -> None:
    for event in (ev.TakeSaved("x", "x.wav", 9.0, "", "stop"), ev.TakeFailed("x", "unplugged")):
        assert not allows(at(Phase.RECORDING), event)


@pytest.mark.parametrize(("elapsed", "seconds"), [(20.4, 5), (24.4, 1), (24.9, 1)])
def test_an_early_stop_says_how_long_it_takes_yet(elapsed: float, seconds: int) -> None:
    with pytest.raises(RefusedError, match=f"in {seconds} second"):
        step(at(Phase.RECORDING), ev.StopRequested(elapsed))


def test_a_good_take_of_an_item_before_the_last_goes_on_by_itself() -> None:
    saved = at(Phase.SAVING)
    timer = fx.StartTimer(PLAN.result_seconds)
    assert step(saved, ev.TakeJudged("take-1", True))[1] == (fx.Deliver("take-1"), timer)
    assert step(saved, ev.TakeJudged("take-1", False))[1] == (fx.Deliver("take-1"),)
    practice = replay(FRESH, [*events_to(Phase.CHECK_RESULT), ev.CheckAccepted(), ev.ItemBegun()])
    practice = replay(practice, [ev.TimerEnded("w"), ev.TakeSaved("w", "w.wav", 9.0, "00" * 32, "stop")])
    assert step(practice, ev.TakeJudged("w", True))[1] == (timer,), "practice is delivered nowhere"


def test_a_retake_is_of_another_file_and_nothing_of_the_last_runs_on() -> None:
    session, effects = step(at(Phase.VERDICT), ev.RetakeStarted("noise"))
    assert (session.take_id, session.retake_reason) == ("", "noise")
    assert effects == (fx.StopActivity(), fx.PlaySound("prompt", "song1"))
    shown, effects = step(at(Phase.VERDICT), ev.TakeKept())
    assert (shown.phase, shown.item.id, effects) == (Phase.INSTRUCTION, "song2", (fx.StopActivity(),))
    assert (shown.take_id, shown.retake_reason, shown.take) == ("", "", None)


def test_the_reason_of_a_retake_is_not_that_of_the_next_song() -> None:
    again: list[ev.Event] = [ev.RetakeStarted("noise"), ev.SoundEnded(), ev.TimerEnded("t2")]
    ends: list[ev.Event] = [
        ev.TakeSaved("t2", "2.wav", 30.0, "cd" * 32, "stop"),
        ev.TakeJudged("t2", True),
        ev.TakeKept(),
    ]
    session = replay(
        at(Phase.VERDICT), [*again, *ends, ev.ItemBegun(), ev.TimerEnded(""), ev.TimerEnded("t3")]
    )
    assert [(take.item_id, take.reason) for take in session.pupil.takes[-2:]] == [
        ("song1", "noise"),
        ("song2", ""),
    ]
