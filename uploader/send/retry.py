"""How long to wait before trying again. Two tiers: within a session (tenacity), and in the queue's row.

The whole country's stations fall silent and come back together: every wait has jitter.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tenacity import RetryCallState, Retrying, retry_if_exception

from uploader.faults import Kind, UploadFault

BUSY_SECONDS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
"""Locks are held for seconds by most servers, for minutes by some."""
ROW_SECONDS = (60.0, 300.0, 900.0, 3600.0)
BLOCKED_SECONDS = {
    Kind.PORTAL: 60.0,
    Kind.FULL: 1200.0,
    Kind.AUTH: 900.0,
    Kind.TLS: 900.0,
    Kind.CONFIG: 900.0,
}
JITTER = 0.25
PERSISTENT = frozenset(
    {
        Kind.NETWORK,
        Kind.BUSY,
        Kind.HELD,
        Kind.OFFSET,
        Kind.DAMAGED,
        Kind.TOO_LARGE,
        Kind.GONE,
        Kind.EXPIRED,
        Kind.LIE,
    }
)
"""Kinds that are worth another try at once."""
AT_ONCE = frozenset({Kind.TOO_LARGE, Kind.GONE, Kind.EXPIRED, Kind.LIE})
"""Something was learnt that makes the next try another one."""


@dataclass(frozen=True)
class RetryTimes:
    """Numbers of the first tier; tests shorten them."""

    tries: int = 6
    """Tries without progress before the take steps back and another has its turn."""
    unit: float = 1.0
    """Seconds that the waits are counted in."""
    longest: float = 30.0


@dataclass
class Streak:
    """Tries since a byte last went further."""

    retry_times: RetryTimes
    count: int = 0
    conflicts: int = 0
    held: int = 0
    damaged: int = 0
    random: random.Random = field(default_factory=random.Random)

    def progress(self) -> None:
        self.count = self.conflicts = self.held = self.damaged = 0

    def retrying(self, sleep: Callable[[float], None]) -> Retrying:
        """Tenacity's loop with our rules; raises the last Fault."""
        return Retrying(
            retry=retry_if_exception(worth_it),
            stop=lambda _: self.count >= self.retry_times.tries,
            wait=self._wait,
            sleep=sleep,
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        if not isinstance(error, UploadFault) or error.kind in AT_ONCE:
            return 0.0
        if error.retry_after is not None:
            return error.retry_after
        number = max(0, self.count - 1)
        if error.kind in (Kind.BUSY, Kind.HELD, Kind.OFFSET):
            return self.retry_times.unit * BUSY_SECONDS[min(number, len(BUSY_SECONDS) - 1)]
        ceiling = min(self.retry_times.longest, 2.0**number)
        return self.retry_times.unit * self.random.uniform(0, ceiling)


LONGEST_ASKED = 30.0
"""A server that asks for more than this gets it from the queue's row, so that the worker is free."""


def worth_it(error: BaseException) -> bool:
    return (
        isinstance(error, UploadFault)
        and error.kind in PERSISTENT
        and (error.retry_after is None or error.retry_after <= LONGEST_ASKED)
    )


def row_wait(
    fault: UploadFault, failures: int, uniform: Callable[[float, float], float] = random.uniform
) -> float | None:
    """Seconds until the row is tried again; None where only a person can help."""
    if fault.kind is Kind.MISSING or (fault.kind is Kind.TAKE):
        return None
    base = BLOCKED_SECONDS.get(fault.kind)
    if base is None:
        base = ROW_SECONDS[min(failures, len(ROW_SECONDS)) - 1 if failures else 0]
    wait = base * uniform(1 - JITTER, 1 + JITTER)
    return max(wait, fault.retry_after or 0.0)
