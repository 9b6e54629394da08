"""What a person sees while checks run in a terminal: on stderr, one line that is written over."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from time import monotonic

import click

from config.base import is_console, say
from station.checks.check import Check, Outcome, Result
from station.checks.estimate import clock, seconds_of
from station.checks.lastpass import Pass
from station.words import talk
from station.words.i18n import tr


class CheckProgress:
    """start() and result() go to run_checks; clear() before anything else is written to the terminal."""

    def __init__(self, checks: Sequence[Check], before: Pass | None) -> None:
        self._checks = checks
        self._before = before
        self._live = is_console(sys.stderr)
        self._began = monotonic()
        self._written = 0
        talk.tell(
            say(
                "{count} {count|check|checks}, about {seconds} {seconds|second|seconds}.",
                count=len(checks),
                seconds=max(1, round(seconds_of(checks, before))),
            )
        )

    def start(self, check: Check) -> None:
        """This one begins."""
        if not self._live:
            return
        at = self._checks.index(check)
        text = tr("{done}/{all}  {elapsed}, about {left} left:  {title} ...").format(
            done=at,
            all=len(self._checks),
            elapsed=clock(monotonic() - self._began),
            left=clock(seconds_of(self._checks[at:], self._before)),
            title=tr(check.title),
        )
        self.clear()
        # A line that is broken by the edge of the window can't be written over.
        if talk.cells(text) < shutil.get_terminal_size().columns:
            self._written = talk.cells(text)
            click.echo(text, nl=False, err=True)

    def clear(self) -> None:
        if self._written:
            click.echo("\r" + " " * self._written + "\r", nl=False, err=True)
            self._written = 0


def differs(result: Result, before: Pass | None) -> bool:
    """Whether a morning check has something to tell: a failure, or a finding that is new.

    What could not be tested is none: the failure that kept it from that is told.
    """
    outcome = result.finding.outcome
    if outcome in (Outcome.FAIL, Outcome.SKIPPED) or before is None:
        return outcome is not Outcome.SKIPPED
    return before.outcomes.get(result.check.id) is not outcome
