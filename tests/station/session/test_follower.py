"""Who follows on the same headset has a short check, if the kit says so and nothing has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from station.session import events as ev
from station.session.machine import replay, step
from station.session.state import Phase, Session
from station.session.view import View
from station.tui.screens.check import heard
from tests.station.session.samples import PLAN, events_to

HOLDS = replace(PLAN, check_holds_seconds=600.0)


def quiet(
    at: str = "14:00:00", floor: float = -62.0, headset: int = 1, outcome: ev.Outcome = "ok"
) -> ev.CheckMeasured:
    when = f"2026-05-26T{at}+08:00"
    return ev.CheckMeasured("silence", outcome, None, {"floor_dbfs": floor}, when, headset)


def first(singing: ev.Outcome = "ok", *, heard: bool = True, **more: Any) -> list[ev.Event]:
    """The whole check of the first pupil."""
    return [
        ev.PupilNamed("0107"),
        ev.IdentityConfirmed(),
        quiet(**more),
        ev.SoundEnded(),
        ev.CheckMeasured("singing", singing),
        ev.SoundEnded(),
        ev.CheckAccepted(heard=heard),
    ]


def second(*between: ev.Event, before: list[ev.Event] | None = None, plan: Any = HOLDS, **more: Any) -> Phase:
    """Where the second pupil is when the quiet room was measured."""
    way = [*(before or first()), *between, ev.WentBack(), ev.PupilNamed("0108"), ev.IdentityConfirmed()]
    session = replay(Session.fresh(plan), way)
    return step(session, quiet(**{"at": "14:08:00", **more}))[0].phase


def test_a_good_check_of_a_moment_ago_holds_for_who_follows() -> None:
    assert second() is Phase.INSTRUCTION


def test_the_kit_decides_and_without_its_word_everybody_has_the_whole_check() -> None:
    assert second(plan=PLAN) is Phase.CHECK_PHRASE


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "14:10:01"},
        {"at": "13:59:59"},
        {"headset": 2},
        {"floor": -72.5},
        {"outcome": "warn"},
    ],
    ids=["too long ago", "the clock was set back", "opened again", "hears less of the room", "a remark"],
)
def test_where_anything_changed_everything_is_checked(changed: dict[str, Any]) -> None:
    assert second(**changed) is Phase.CHECK_PHRASE


def test_a_dead_microphone_fails_also_for_who_follows() -> None:
    assert second(outcome="fail", floor=-120.0) is Phase.CHECK_RESULT


@pytest.mark.parametrize(
    "just",
    [{"at": "14:00:00"}, {"at": "14:10:00"}, {"floor": -72.0}],
    ids=["at once", "in its last second", "the most less that is allowed"],
)
def test_a_good_check_holds_up_to_its_last_second_and_decibel(just: dict[str, Any]) -> None:
    assert second(**just) is Phase.INSTRUCTION


@pytest.mark.parametrize(
    "before",
    [first("warn"), first(heard=False), first(outcome="warn"), [*first()[:-1], ev.CheckSkipped("time")]],
    ids=["with a remark", "nobody asked", "a lively room", "skipped"],
)
def test_only_a_check_in_which_all_was_good_holds(before: list[ev.Event]) -> None:
    assert second(before=before) is Phase.CHECK_PHRASE


def sung(*ending: ev.Event) -> list[ev.Event]:
    return [ev.ItemBegun(), ev.TimerEnded("take-1"), *ending]


SKIPPED = [ev.WentBack(), ev.PupilNamed("0109"), ev.IdentityConfirmed(), ev.CheckSkipped("time")]
SAVED = ev.TakeSaved("take-1", "take-1.wav", 9.0, "00" * 32, "stop")


@pytest.mark.parametrize(
    ("between", "phase"),
    [
        (sung(SAVED, ev.TakeJudged("take-1", False, ("muted",)), ev.TakeKept()), Phase.CHECK_PHRASE),
        (sung(ev.TakeFailed("take-1", "unplugged"), ev.TakeKept()), Phase.CHECK_PHRASE),
        (sung(SAVED, ev.TakeJudged("take-1", False, ("too_quiet",)), ev.TakeKept()), Phase.INSTRUCTION),
        (sung(SAVED, ev.TakeJudged("take-1", True), ev.TakeKept()), Phase.INSTRUCTION),
        ([ev.Restarted()], Phase.CHECK_PHRASE),
        (SKIPPED, Phase.CHECK_PHRASE),
    ],
    ids=[
        "muted",
        "unplugged",
        "only the voice was quiet",
        "good",
        "the program was started again",
        "skipped",
    ],
)
def test_a_fault_of_the_headset_in_between_ends_it(between: list[ev.Event], phase: Phase) -> None:
    assert second(*between) is phase


def test_a_pupil_who_goes_on_with_a_song_has_the_whole_check() -> None:
    sung_practice = sung(SAVED, ev.TakeJudged("take-1", True), ev.TakeKept())
    way = [*first(), *sung_practice, ev.WentBack(), ev.PupilNamed("0107"), ev.IdentityConfirmed()]
    session = replay(Session.fresh(HOLDS), way)
    assert not session.item.practice
    assert step(session, quiet(at="14:08:00"))[0].phase is Phase.CHECK_PHRASE


def test_the_quiet_room_of_who_follows_is_their_own() -> None:
    way = [*first(), ev.WentBack(), ev.PupilNamed("0108"), ev.IdentityConfirmed()]
    session = replay(Session.fresh(HOLDS), way)
    after, effects = step(session, quiet(at="14:08:00", floor=-58.0))
    assert [dict(step.numbers) for step in after.pupil.check] == [{"floor_dbfs": -58.0}]
    assert effects == ()


def test_journals_of_before_know_no_good_check() -> None:
    session = replay(Session.fresh(HOLDS), events_to(Phase.INSTRUCTION))
    assert session.good_check is None


@pytest.mark.parametrize(("floor", "told"), [(-75.0, True), (-62.0, False)])
def test_the_screen_says_why_a_short_check_became_a_whole_one(floor: float, told: bool) -> None:
    way = [*first(), ev.WentBack(), ev.PupilNamed("0108"), ev.IdentityConfirmed()]
    before = replay(Session.fresh(HOLDS), way)
    assert heard(View(before)) == [
        "The headset was fine with the pupil before: if it is quiet, it begins at once."
    ]
    at = "14:08:00" if told else "14:30:00"
    after = step(before, quiet(at=at, floor=floor))[0]
    assert after.phase is Phase.CHECK_PHRASE
    why = "The microphone hears less of the room than before: everything is checked."
    assert heard(View(after)) == [why] * told
