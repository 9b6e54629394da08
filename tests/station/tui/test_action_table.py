"""Every key of the table does something on every screen where it is offered."""

from __future__ import annotations

import pytest

from config.settings import Settings
from station.session import events as ev
from station.session.day import SessionClosed, SessionSealed
from station.tui.actions import ACTIONS, actions_of
from station.tui.app import StationApp
from station.tui.app_actions import AppActions
from station.tui.base import StationScreen
from station.tui.conditions import Desk
from tests.station.session.samples import BY, NOON
from tests.station.tui.fake import FakeStation


@pytest.mark.parametrize("mode", StationApp.MODES)
def test_every_key_that_a_screen_offers_does_something_there(settings: Settings, mode: str) -> None:
    app = StationApp(FakeStation(settings))
    make = StationApp.MODES[mode]
    assert callable(make)
    screen = make()
    assert isinstance(screen, StationScreen)
    done = AppActions(app, app).ids | set(screen.own)
    offered = {action.id for action in ACTIONS if mode in action.modes and action.make is None}
    assert offered <= done
    assert set(screen.own) <= offered


def test_a_key_whose_condition_is_not_met_is_not_offered(settings: Settings) -> None:
    view = FakeStation(settings).view
    empty = {action.id for action in ACTIONS if action.possible(Desk(view))}
    full = {
        action.id
        for action in ACTIONS
        if action.possible(Desk(view, pupil=next(iter(view.session.pupils)), undelivered=True, tested=True))
    }
    assert {"absent", "export", "report"} <= full - empty
    busy = {action.id for action in ACTIONS if action.possible(Desk(view, testing=True, tested=True))}
    assert not {"test_all", "test_changed", "test_one", "report"} & busy
    assert {"test_all", "test_changed", "test_one"} <= empty


def offered_at_home(station: FakeStation) -> set[str]:
    desk = Desk(station.view)
    return {action.id for action in actions_of("session") if action.possible(desk)}


def test_a_session_is_closed_when_everyone_has_an_outcome_and_noted_in_until_it_is_sealed(
    settings: Settings,
) -> None:
    """One key closes it, or says why it can't be closed yet."""
    station, of_the_day = FakeStation(settings), {"stage", "unfinished", "incident"}
    assert offered_at_home(station) & of_the_day == {"unfinished", "incident"}
    station.show(*(ev.MarkedAbsent(pupil, "absent") for pupil in station.view.session.plan.pupils))
    assert offered_at_home(station) & of_the_day == {"stage", "incident"}
    station.show(SessionClosed(NOON, BY))
    assert offered_at_home(station) & of_the_day == {"incident"}
    station.show(SessionSealed(NOON, BY, 1, "CODE", "ab" * 32, 2))
    assert offered_at_home(station) & of_the_day == set()
