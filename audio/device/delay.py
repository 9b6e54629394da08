"""How far a stream is behind the monotonic clock, by the times of its callbacks.

A late callback looks like a stream that is behind until the next one comes in time, so the delay is
the smallest one within WINDOW_SECONDS, at the beginning and now.
"""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 0.75
"""Two callbacks at least: they come every 300 ms where they are rarest. What is lost in a take's last
window is hidden, unless it is longer than any late callback (audio.capture.loss)."""


class Delay:
    """note() every callback; `seconds` at any time, from any thread."""

    def __init__(self, samplerate: int) -> None:
        self._samplerate = samplerate
        self._first_at: float | None = None
        self._baseline = float("inf")
        self._recent: deque[tuple[float, float]] = deque()
        """Of the last WINDOW_SECONDS, those that no later one undercuts: the first is the smallest."""
        self.seconds = 0.0
        """How much the stream fell behind since it began; a little negative when a buffer was emptied."""
        self.last_seconds = 0.0
        """The same of the last callback alone."""

    @property
    def origin(self) -> float | None:
        """When the stream's first frame was due, by the quickest callback of the first WINDOW_SECONDS."""
        return None if self._first_at is None else self._first_at + self._baseline

    def note(self, at: float, frames: int) -> None:
        """`frames` of the stream had come (or gone) at the time `at`."""
        if self._first_at is None:
            self._first_at = at
        delay = at - self._first_at - frames / self._samplerate
        if at - self._first_at <= WINDOW_SECONDS:
            self._baseline = min(self._baseline, delay)
        while self._recent and self._recent[-1][1] >= delay:
            self._recent.pop()
        self._recent.append((at, delay))
        while self._recent[0][0] < at - WINDOW_SECONDS:
            self._recent.popleft()
        self.seconds = self._recent[0][1] - self._baseline
        self.last_seconds = delay - self._baseline
