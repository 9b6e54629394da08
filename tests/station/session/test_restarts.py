"""A program that was started again in the middle of a song."""

from __future__ import annotations

import pytest

from station.session import events as ev
from station.session.machine import allows, replay, step
from station.session.state import Phase, Session
from station.words import present
from station.words.i18n import render
from tests.station.session.samples import PLAN, events_to

BROKEN_OFF = (
    ev.TakeSaved("take-1", "take-1.wav", 12.0, "ab" * 32, "device"),
    ev.TakeJudged("take-1", False, ("partial",)),
)


@pytest.mark.parametrize(("restarts", "cause"), [([ev.Restarted()], "restart"), ([], "headset")])
def test_a_song_that_broke_off_is_said_to_have_done_so_by_the_restart_or_by_the_headset(
    restarts: list[ev.Event], cause: str
) -> None:
    session = replay(Session.fresh(PLAN), [*events_to(Phase.RECORDING), *restarts, *BROKEN_OFF])
    assert session.take is not None
    told = present.verdict(session.take)
    assert (told == [render(present.INTERRUPTED)]) == (cause == "restart")
    assert session.attempts_left > 0, "the pupil could not help it"


@pytest.mark.parametrize("phase", [Phase.SAVING, Phase.VERDICT])
def test_a_song_that_was_sung_to_its_end_did_not_break_off_by_a_restart_after_it(phase: Phase) -> None:
    before = replay(Session.fresh(PLAN), events_to(phase))
    assert before.take is not None
    assert step(before, ev.Restarted())[0].take == before.take


def test_a_song_that_is_judged_after_a_restart_goes_on_by_itself() -> None:
    good = [*events_to(Phase.SAVING), ev.Restarted(), ev.TakeJudged("take-1", True)]
    session = replay(Session.fresh(PLAN), good)
    assert (session.phase, session.waiting) == (Phase.VERDICT, False)
    assert step(session, ev.TimerEnded(""))[0].item.id == "song2"


@pytest.mark.parametrize("phase", Phase)
def test_where_nothing_was_started_again_nothing_is_continued(phase: Phase) -> None:
    """It would begin a countdown or a tone for the second time."""
    assert not allows(replay(Session.fresh(PLAN), events_to(phase)), ev.Continued())


def test_a_tone_that_failed_before_a_restart_is_not_spoken_of_after_it() -> None:
    way = [*events_to(Phase.PROMPT), ev.SoundFailed("bad_sound"), ev.Restarted()]
    session = replay(Session.fresh(PLAN), way)
    assert (session.phase, session.waiting, session.sound_failed) == (Phase.PROMPT, True, "")
