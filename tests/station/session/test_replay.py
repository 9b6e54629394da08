"""A session that goes on after its kit was changed: refused in one sentence, never mixed up."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pytest

from config.base.errors import ConfigError
from station.session import events as ev
from station.session.plan import ItemPlan, Plan
from station.session.replay import replayed
from station.session.state import Phase, Session
from tests.station.session.samples import PLAN, events_to

NAMES = {"warm.wav": "0107_warmup_1.wav", "take-1.wav": "0107_song1_1.wav"}


def named(event: ev.Event) -> ev.Event:
    return replace(event, file=NAMES[event.file]) if isinstance(event, ev.TakeSaved) else event


def play(plan: Plan) -> Session:
    return reduce(replayed, map(named, events_to(Phase.VERDICT)), Session.fresh(plan))


def test_the_same_kit_brings_the_session_back() -> None:
    assert play(PLAN).phase is Phase.VERDICT


@pytest.mark.parametrize(
    "items",
    [
        pytest.param((PLAN.items[0], PLAN.items[2], PLAN.items[1]), id="another order"),
        pytest.param(PLAN.items[:1], id="fewer"),
        pytest.param((replace(PLAN.items[0], id="new"), *PLAN.items[1:]), id="another item"),
    ],
)
def test_another_kit_is_refused(items: tuple[ItemPlan, ...]) -> None:
    with pytest.raises(ConfigError, match="kit was changed"):
        play(replace(PLAN, items=items))


def test_a_pupil_who_has_begun_and_is_not_in_the_roster_now_is_named() -> None:
    with pytest.raises(ConfigError, match="Pupil 0107 has begun already"):
        play(replace(PLAN, pupils=("0108",)))
