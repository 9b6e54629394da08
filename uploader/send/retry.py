"""How long to wait before trying again. Two tiers: within a session (tenacity), and in the queue's row.

The whole country's stations fall silent and come back together: every wait has jitter.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tenacity import RetryCallState, Retrying, retry_if_exception

from uploader.ceilings import TIMEOUTS
from uploader.faults import POLICY, Again, UploadFault

BUSY_SECONDS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
"""Locks are held for seconds by most servers, for minutes by some."""
JITTER = 0.25


@dataclass(frozen=True)
class RetryTimes:
    """Numbers of the first tier; tests shorten them."""

    tries: int = 6
    """Tries without progress before the take steps back and another has its turn."""
    unit: float = 1.0
    """Seconds that the waits are counted in."""
    longest: float = 30.0
    timeouts: int = TIMEOUTS
    """Tries in which nothing answered at all."""


@dataclass
class Streak:
    """Tries since a byte last went further."""

    retry_times: RetryTimes
    count: int = 0
    conflicts: int = 0
    held: int = 0
    damaged: int = 0
    timeouts: int = 0
    random: random.Random = field(default_factory=random.Random)

    def progress(self) -> None:
        self.count = self.conflicts = self.held = self.damaged = self.timeouts = 0

    @property
    def used_up(self) -> bool:
        return self.count >= self.retry_times.tries or self.timeouts >= self.retry_times.timeouts

    def retrying(self, sleep: Callable[[float], None]) -> Retrying:
        """Tenacity's loop with our rules; raises the last Fault."""
        return Retrying(
            retry=retry_if_exception(worth_it),
            stop=lambda _: self.used_up,
            wait=self._wait,
            sleep=sleep,
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        if not isinstance(error, UploadFault) or POLICY[error.kind].again is Again.AT_ONCE:
            return 0.0
        if error.retry_after is not None:
            return error.retry_after
        number = max(0, self.count - 1)
        if POLICY[error.kind].again is Again.WHEN_FREE:
            return self.retry_times.unit * BUSY_SECONDS[min(number, len(BUSY_SECONDS) - 1)]
        ceiling = min(self.retry_times.longest, 2.0**number)
        return self.retry_times.unit * self.random.uniform(0, ceiling)


LONGEST_ASKED = 30.0
"""A server that asks for more than this gets it from the queue's row, so that the worker is free."""


def worth_it(error: BaseException) -> bool:
    return (
        isinstance(error, UploadFault)
        and POLICY[error.kind].again is not Again.NEVER
        and (error.retry_after is None or error.retry_after <= LONGEST_ASKED)
    )


def row_wait(
    fault: UploadFault, failures: int, uniform: Callable[[float, float], float] = random.uniform
) -> float:
    """Seconds until the row is tried again."""
    waits = POLICY[fault.kind].row_seconds
    base = waits[min(max(failures, 1), len(waits)) - 1]
    wait = base * uniform(1 - JITTER, 1 + JITTER)
    return max(wait, fault.retry_after or 0.0)
