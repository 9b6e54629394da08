"""What the machine knows of a kit and a roster, and which song a retake is about."""

from __future__ import annotations

from dataclasses import replace

from config.kit import Item, Kit
from config.roster import Pupil, Roster
from station.session import effects as fx
from station.session import events as ev
from station.session.chair import with_pupil
from station.session.decisions import retaken_item
from station.session.machine import allows, replay, step
from station.session.plan import ItemPlan, Plan
from station.session.state import Phase, Session, Standing, Take
from tests.station.session.samples import CALLED_AGAIN, PLAN, events_to

ROSTER = Roster(tuple(Pupil(number, "陈一诺") for number in ("0109", "0107")))
ITEMS = (
    Item(id="warmup", title="A", kind="practice", study_seconds=0, start_tone=""),
    Item(
        id="song1",
        title="B",
        study_seconds=24,
        ready_seconds=4,
        min_seconds=7,
        attempts=3,
        start_tone="first",
    ),
)


def test_each_item_is_planned_as_the_kit_has_it_and_pupils_stand_in_the_order_of_the_roster() -> None:
    plan = Plan.of(ROSTER, Kit(id="k", version="1", items=ITEMS))
    assert plan.pupils == ("0109", "0107")
    first, second = plan.items
    assert (first.id, first.practice, first.has_prompt, first.study_seconds) == ("warmup", True, False, 0)
    assert second == ItemPlan("song1", False, True, 24, 4, 7, 3)


def test_the_room_is_listened_to_for_two_seconds() -> None:
    assert PLAN.silence_seconds == 2.0


def test_a_retake_is_about_the_song_that_was_sung_last() -> None:
    judged = replay(Session.fresh(PLAN), events_to(Phase.VERDICT))
    assert PLAN.items[retaken_item(judged)].id == "song1"
    assert PLAN.items[retaken_item(replay(judged, [ev.TakeKept()]))].id == "song1", "the one before"


def test_a_retake_before_the_first_song_of_a_kit_without_practice_is_about_that_song() -> None:
    """Of a pupil who was called again because of it: nothing else is named or recorded."""
    songs = replace(PLAN, items=PLAN.items[1:])
    bad = Take("t1", "song1", 1, file="1.wav", ok=False, reasons=("no_singing",))
    good = Take("t2", "song2", 1, file="2.wav", ok=True)
    fresh = Session.fresh(songs)
    pupil = replace(fresh.pupils["0107"], takes=(bad, good), standing=Standing.TROUBLED)
    session = replay(with_pupil(fresh, pupil), CALLED_AGAIN)
    assert session.phase is Phase.INSTRUCTION
    assert songs.items[retaken_item(session)].id == "song1"
    after, effects = step(session, ev.RetakeStarted("noise"))
    assert (after.item.id, effects) == ("song1", (fx.StopActivity(), fx.PlaySound("prompt", "song1")))
    new = replay(fresh, [ev.PupilNamed("0107"), ev.IdentityConfirmed(), ev.CheckSkipped("time")])
    assert not allows(new, ev.RetakeStarted("noise"))
