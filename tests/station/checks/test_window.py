"""The window's size, its encoding, and how wide it draws: asked of a terminal that answers as told."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from station.checks.bench import Bench, Wishes
from station.checks.check import Outcome
from station.checks.computer import window

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux")


class Terminal:
    """Answers the question for the cursor with the column that it is told."""

    master: int
    name: str
    column: int = 4

    def __init__(self) -> None:
        if sys.platform == "win32":
            raise NotImplementedError
        self.master, self._slave = os.openpty()
        self.name = os.ttyname(self._slave)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        seen = b""
        while b"\x1b[6n" not in seen:
            seen += os.read(self.master, 64)
        if self.column:
            os.write(self.master, b"\x1b[7;%dR" % self.column)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    found = Terminal()
    with (
        Path(found.name).open("w", encoding="utf-8") as out,
        Path(found.name).open(encoding="utf-8") as keys,
    ):
        monkeypatch.setattr(sys, "__stdout__", out)
        monkeypatch.setattr(sys, "__stdin__", keys)
        yield found


def outcome(settings: Settings, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] = (80, 24)) -> Outcome:
    # Not before: what is captured begins anew between a fixture and its test.
    monkeypatch.setattr(sys, "stdout", sys.__stdout__)
    monkeypatch.setattr(os, "get_terminal_size", lambda descriptor: os.terminal_size(size))
    return window.terminal(Bench(settings, Wishes(interactive=True))).outcome


@pytest.mark.parametrize(("column", "found"), [(4, Outcome.OK), (5, Outcome.WARN), (0, Outcome.OK)])
def test_how_wide_it_draws(
    column: int, found: Outcome, settings: Settings, screen: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window that does not answer is not blamed."""
    screen.column = column
    if not column:
        monkeypatch.setattr(window, "ANSWER_SECONDS", 0.1)
    assert outcome(settings, monkeypatch) is found


def test_a_window_that_is_too_small(
    settings: Settings, screen: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert outcome(settings, monkeypatch, (79, 24)) is Outcome.FAIL
    assert outcome(settings, monkeypatch, (80, 23)) is Outcome.FAIL


def test_no_window(settings: Settings) -> None:
    assert window.terminal(Bench(settings)).outcome is Outcome.SKIPPED
