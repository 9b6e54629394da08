"""Counts what a take lost. Every measure is kept, since each misses something.

Recorded time against the monotonic clock catches every loss that was measured (status flags were 0
while 43 % of a take was missing), and its steps tell loss from drift, where and how much
(audio.device.drift); zero runs and gaps are kept beside it, flags for the log. At the very end, where no next
callback shows that the last one was only late, its own delay counts when it is longer than any late callback
that was measured.
"""

from __future__ import annotations

import numpy as np

from audio.device.delay import Delay
from audio.device.drift import DriftLine
from audio.device.source import Block
from config.takes import Loss, Step

LATE_SECONDS = 0.3
"""Callbacks of a process of its own came up to 0.2 s late on a busy computer."""

LOOK_MS = 10.0
"""Less than the smallest step; drift comes to this in ten seconds at most."""


class LossCounter:
    """Feed it every block of a take; `loss()` at any time."""

    def __init__(self, samplerate: int) -> None:
        self._samplerate = samplerate
        self._last_at: float | None = None
        self._frames = 0
        self._delay = Delay(samplerate)
        self._line = DriftLine(samplerate)
        self._stepped = 0.0, 0.0
        """The least delay since steps were looked for, and what they came to, in milliseconds."""
        self._fresh = False
        """They were looked for when the stream had just fallen behind."""
        self._gap = 0.0
        self._zeros = 0
        self._longest_zeros = 0
        self._overflows = 0
        self._queue_peak = 0

    def count(self, block: Block, queued: int) -> None:
        """`queued`: blocks that waited behind this one."""
        if self._last_at is not None:
            # The first block's frames came before its callback: the clock starts after them.
            self._frames += len(block.samples)
            self._gap = max(self._gap, block.at - self._last_at)
        self._last_at = block.at
        self._delay.note(block.at, self._frames)
        self._line.note(block.at, self._frames)
        self._overflows += block.overflow
        self._queue_peak = max(self._queue_peak, queued)
        self._count_zeros(block)

    def _count_zeros(self, block: Block) -> None:
        data, size = block.samples.tobytes(), block.samples.itemsize
        leading = (len(data) - len(data.lstrip(b"\0"))) // size
        if leading == len(block.samples):
            self._zeros += leading
            self._longest_zeros = max(self._longest_zeros, self._zeros)
            return
        trailing = (len(data) - len(data.rstrip(b"\0"))) // size
        self._longest_zeros = max(self._longest_zeros, self._zeros + leading, trailing)
        self._zeros = trailing
        # To look whether there is a longer run costs a tenth of measuring all.
        if bytes((self._longest_zeros + 1) * size) in data:
            gaps = np.diff(np.flatnonzero(block.samples))
            self._longest_zeros = max(self._longest_zeros, int(gaps.max()) - 1)

    @property
    def short_ms(self) -> float:
        """Recorded time behind the clock; a little negative when a buffer was emptied faster."""
        return 1000 * self._delay.seconds

    @property
    def lost_ms(self) -> float:
        """What is missing up to now; looked for anew when the stream fell behind."""
        behind, (least, lost) = self.short_ms, self._stepped
        fell = behind > least + LOOK_MS
        if fell or self._fresh:
            lost, least = sum(step.ms for step in self._line.steps()[1]), behind
        # A step is not believed before it has lasted: it is looked for once more at the next question.
        self._fresh = fell
        # A card whose clock is fast gets ahead meanwhile, and a loss only brings it back.
        self._stepped = min(least, behind), lost
        return lost

    def loss(self) -> Loss:
        """Of the whole take, when it has ended."""
        last = self._delay.last_seconds
        short_ms = 1000 * last if last > LATE_SECONDS else self.short_ms
        drift, steps = self._line.steps()
        at = self._frames / self._samplerate
        unseen = 1000 * last - drift * at / 1000 - sum(step.ms for step in steps)
        if unseen > 1000 * LATE_SECONDS:
            steps = (*steps, Step(round(at, 2), round(unseen, 1)))
        return Loss(
            short_ms=round(short_ms, 1),
            longest_gap_ms=round(1000 * self._gap, 1),
            longest_zero_run_ms=round(1000 * self._longest_zeros / self._samplerate, 2),
            overflows=self._overflows,
            queue_peak=self._queue_peak,
            drift_ppm=drift,
            steps=steps,
        )
