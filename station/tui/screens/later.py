"""Screens that are imported when somebody opens them: the first one waits for no check and no form."""

from __future__ import annotations

from station.tui.base import StationScreen


def selftest_screen() -> StationScreen:
    from station.tui.screens.selftest import SelftestScreen

    return SelftestScreen()


def forms_screen() -> StationScreen:
    from station.tui.screens.forms import FormsScreen

    return FormsScreen()
