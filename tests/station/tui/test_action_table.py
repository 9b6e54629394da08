"""Every key of the table does something on every screen where it is offered."""

from __future__ import annotations

import pytest

from config.settings import Settings
from station.tui.actions import ACTIONS
from station.tui.app import StationApp
from station.tui.app_actions import AppActions
from station.tui.base import StationScreen
from station.tui.conditions import Desk
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
