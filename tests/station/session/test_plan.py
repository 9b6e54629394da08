"""What the machine knows of a kit and a roster, and which song a retake is about."""

from __future__ import annotations

from config.kit import Item, Kit
from config.roster import Pupil, Roster
from station.session import events as ev
from station.session.decisions import retaken_item
from station.session.machine import replay
from station.session.plan import ItemPlan, Plan
from station.session.state import Phase, Session
from tests.station.session.samples import PLAN, events_to

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
