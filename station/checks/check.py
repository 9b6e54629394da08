"""A check of the self-test as data, and what it found."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

from config.base import Message

if TYPE_CHECKING:
    from station.checks.bench import Bench

Answer = TypeVar("Answer")


NO_ANSWER = (OSError, psutil.Error, subprocess.SubprocessError, NotImplementedError)
"""What asking a system ends with that has no such thing, or won't tell."""


class NoAnswerError(Exception):
    """The system does not tell what a check needs to know; the check is skipped, and nothing has failed."""


def ask(question: Callable[[], Answer]) -> Answer:
    """For a question within a check that does more than to ask. Raises NoAnswerError."""
    try:
        return question()
    except NO_ANSWER as error:
        raise NoAnswerError from error


class Outcome(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


class Group(StrEnum):
    SOUND = "sound"
    COMPUTER = "computer"
    NETWORK = "network"
    MATERIAL = "material"


@dataclass(frozen=True)
class Finding:
    """What one check found: a sentence, what to do, and the numbers behind it."""

    outcome: Outcome
    what: Message
    todo: Message | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    """JSON types; units are in the names: `_db`, `_dbfs`, `_ms`, `_hz`, `_mb`."""
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Curves for the report, e.g. the level in dBFS per 0.1 s."""


@dataclass(frozen=True)
class Check:
    """One line of the self-test."""

    id: str
    group: Group
    title: str
    """English, marked for translation."""
    why: str
    """Why it matters that afternoon."""
    how: str
    """How it is measured."""
    run: Callable[[Bench], Finding]
    seconds: float = 10.0
    """Time limit; a check that takes longer has failed."""
    usual: float = 0.2
    """Seconds that it takes where nothing is wrong: for the estimate on a computer that never ran it."""
    morning: bool = False
    """Repeated by the morning check even when nothing changed."""
    mild: str = ""
    """Why what it finds is at most a warning: it can't ruin the afternoon."""
    asks: bool = False
    """It only asks the system: where that gives no answer, nothing is known, and nothing has failed."""
    needs: tuple[str, ...] = ()
    """Checks without which this one says nothing: where one of them failed, it is skipped."""


@dataclass(frozen=True)
class Result:
    """A check that was run."""

    check: Check
    finding: Finding
    seconds: float
    at: str
    """ISO 8601 with offset."""

    def as_json(self) -> dict[str, Any]:
        finding = self.finding
        return {
            "id": self.check.id,
            "group": str(self.check.group),
            "outcome": str(finding.outcome),
            "what": str(finding.what),
            "todo": str(finding.todo) if finding.todo else None,
            "numbers": dict(finding.numbers),
            "seconds": round(self.seconds, 2),
            "at": self.at,
        }


def ok(what: Message, **numbers: Any) -> Finding:
    return Finding(Outcome.OK, what, None, numbers)


def warn(what: Message, todo: Message | None = None, **numbers: Any) -> Finding:
    return Finding(Outcome.WARN, what, todo, numbers)


def fail(what: Message, todo: Message | None = None, **numbers: Any) -> Finding:
    return Finding(Outcome.FAIL, what, todo, numbers)


def skipped(why: Message, **numbers: Any) -> Finding:
    return Finding(Outcome.SKIPPED, why, None, numbers)


def gravest(outcomes: Iterable[Outcome]) -> Outcome:
    """Fail, then warn, else ok."""
    found = set(outcomes)
    return next((o for o in (Outcome.FAIL, Outcome.WARN) if o in found), Outcome.OK)
