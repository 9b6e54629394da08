"""Steps that run one after another: each prints a line with its result and its time, none stops the rest."""

from __future__ import annotations

import math
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

TRIES = 5
"""On a machine that is busy with other things sound is lost or stops, and the station says so: once more."""
Outcome = Literal["ok", "FAILED", "skipped"]


class StepError(Exception):
    """What was not as it has to be; the text is the line's end."""


class BusyError(StepError):
    """What a machine that is busy with other things does, too: the step may be tried again."""


class StepSkippedError(Exception):
    """Why this can't be tried here."""


@dataclass(frozen=True)
class Result:
    """How one step ended."""

    name: str
    outcome: Outcome
    seconds: float
    told: str

    @property
    def line(self) -> str:
        return f"{self.outcome:7} {self.seconds:6.1f} s  {self.name}" + (
            f": {self.told}" if self.told else ""
        )


@dataclass
class Steps:
    """Runs steps and keeps their results."""

    results: list[Result] = field(default_factory=list)
    until: float = math.inf
    """Of time.monotonic: what would begin later is skipped, and says so."""

    def run(self, name: str, step: Callable[[], str]) -> bool:
        """Whether the step was ok; it returns what there is to tell."""
        began = time.monotonic()
        outcome: Outcome = "FAILED"
        try:
            if began > self.until:
                raise StepSkippedError("no time was left")
            told = step()
            outcome = "ok"
        except StepSkippedError as reason:
            outcome, told = "skipped", str(reason)
        except subprocess.TimeoutExpired as late:
            told = f"not done after {late.timeout:.0f} s"
        except StepError as error:
            told = str(error)
        except Exception as error:  # noqa: BLE001 - whatever breaks in one step, the others run
            told = f"{type(error).__name__}: {error}"
        result = Result(name, outcome, time.monotonic() - began, told)
        self.results.append(result)
        print(result.line, flush=True)
        return outcome == "ok"

    @property
    def failed(self) -> list[str]:
        return [result.name for result in self.results if result.outcome == "FAILED"]


def need(condition: object, otherwise: str) -> None:
    """Raises StepError with this text unless the condition holds."""
    if not condition:
        raise StepError(otherwise)


def tried(step: Callable[[int], str], times: int = TRIES) -> str:
    """A step until it is as it has to be, at most so many times; each try is told, none is hidden.

    The step gets the number of the try. Raises StepError.
    """
    told = []
    for number in range(1, times + 1):
        try:
            told.append(step(number))
            break
        except BusyError as busy:
            told.append(str(busy))
        except subprocess.TimeoutExpired as late:
            told.append(f"not done after {late.timeout:.0f} s")
        except StepError as error:
            raise StepError("; then ".join([*told, str(error)])) from error
    else:
        raise StepError("; then ".join(told))
    return "; then ".join(told)
