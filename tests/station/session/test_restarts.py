"""A program that was started again in the middle of a song."""

from __future__ import annotations

import pytest

from station.session import events as ev
from station.session.machine import replay
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
