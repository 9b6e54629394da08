"""`python -m tests.station.terminal.breaking WHERE ...`: the command `station` with a fault put into it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn

from config.kit import kitfile
from station.__main__ import main
from station.session.state import Phase
from station.session.view import View
from station.tui.app import StationApp
from station.tui.screens.help import HelpScreen
from station.tui.screens.session import SessionScreen
from station.tui.screens.test import TestScreen

WORDS = "put in by a test"
PUPIL = "陈一诺"
"""A name that must not be printed with the values of variables."""


def fault(*values: object, **named: object) -> NoReturn:
    pupil = PUPIL
    raise ValueError(WORDS + pupil[:0])


def in_a_worker(screen: HelpScreen, view: View) -> None:
    async def work() -> None:
        fault()

    screen.run_worker(work())


def in_a_take(screen: TestScreen, view: View, now: float) -> None:
    if view.session.phase is Phase.RECORDING:
        fault()


def in_a_timer(screen: HelpScreen, view: View) -> None:
    screen.set_timer(0.1, fault)


PLACES: dict[str, tuple[object, str, Any]] = {
    "compose": (HelpScreen, "body", fault),
    "first screen": (SessionScreen, "body", fault),
    "message": (HelpScreen, "show", fault),
    "timer": (HelpScreen, "show", in_a_timer),
    "worker": (HelpScreen, "show", in_a_worker),
    "take": (TestScreen, "tick", in_a_take),
    "start": (StationApp, "on_mount", fault),
    "end": (StationApp, "on_unmount", fault),
    "style": (StationApp, "CSS_PATH", "no-such.tcss"),
    "command": (kitfile, "check_kit", fault),
}


def put(where: str) -> None:
    holder, name, instead = PLACES[where]
    assert hasattr(holder, name), f"{holder} has no {name}"
    setattr(holder, name, instead)


if __name__ == "__main__":
    put(sys.argv.pop(1))
    run: Callable[[], None] = main
    run()
