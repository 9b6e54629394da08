"""Counts what a take lost. Every measure is kept, since each misses something.

Recorded time against the monotonic clock catches every loss that was measured (status flags were 0
while 43 % of a take was missing); gaps and zero runs tell where; flags are kept for the log.
A late callback looks like loss until the next one comes in time, so the delay is the smallest one
within WINDOW_SECONDS, at the beginning and at the end; only at the very end, where no next one comes, the
last block's own delay counts when it is longer than any late callback that was measured.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from audio.events import Loss
from audio.source import Block

WINDOW_SECONDS = 0.5
LATE_SECONDS = 0.3
"""Callbacks of a process of its own came up to 0.2 s late on a busy computer."""


class LossCounter:
    """Feed it every block of a take; `loss()` at any time."""

    def __init__(self, samplerate: int) -> None:
        self._samplerate = samplerate
        self._first_at: float | None = None
        self._last_at = 0.0
        self._frames = 0
        self._baseline = float("inf")
        self._recent: deque[tuple[float, float]] = deque()
        self._gap = 0.0
        self._zeros = 0
        self._longest_zeros = 0
        self._overflows = 0
        self._queue_peak = 0

    def count(self, block: Block, queued: int) -> None:
        """`queued`: blocks that waited behind this one."""
        if self._first_at is None:
            self._first_at = block.at
        else:
            # The first block's frames came before its callback: the clock starts after them.
            self._frames += len(block.samples)
            self._gap = max(self._gap, block.at - self._last_at)
        self._last_at = block.at
        self._note_delay(block.at)
        self._overflows += block.overflow
        self._queue_peak = max(self._queue_peak, queued)
        self._count_zeros(block)

    def _note_delay(self, at: float) -> None:
        assert self._first_at is not None
        delay = at - self._first_at - self._frames / self._samplerate
        if at - self._first_at <= WINDOW_SECONDS:
            self._baseline = min(self._baseline, delay)
        self._recent.append((at, delay))
        while self._recent[0][0] < at - WINDOW_SECONDS:
            self._recent.popleft()

    def _count_zeros(self, block: Block) -> None:
        nonzero = np.flatnonzero(block.samples)
        if len(nonzero) == 0:
            self._zeros += len(block.samples)
            self._longest_zeros = max(self._longest_zeros, self._zeros)
            return
        inside = int(np.diff(nonzero).max()) - 1 if len(nonzero) > 1 else 0
        self._longest_zeros = max(self._longest_zeros, self._zeros + int(nonzero[0]), inside)
        self._zeros = len(block.samples) - 1 - int(nonzero[-1])

    @property
    def short_ms(self) -> float:
        """Recorded time behind the clock; a little negative when a buffer was emptied faster."""
        if not self._recent:
            return 0.0
        return 1000 * (min(delay for _, delay in self._recent) - self._baseline)

    def loss(self) -> Loss:
        """Of the whole take, when it has ended."""
        last = self._recent[-1][1] - self._baseline if self._recent else 0.0
        short_ms = 1000 * last if last > LATE_SECONDS else self.short_ms
        return Loss(
            short_ms=round(short_ms, 1),
            longest_gap_ms=round(1000 * self._gap, 1),
            longest_zero_run_ms=round(1000 * self._longest_zeros / self._samplerate, 2),
            overflows=self._overflows,
            queue_peak=self._queue_peak,
        )
