"""A level meter on a dB scale: length, numbers and words tell all, colour only repeats it."""

from __future__ import annotations

from textual.widgets import Static

from audio.events import Level
from config.limits import Limits
from station.i18n import tr

LOWEST = -60.0
HOLD_SECONDS = 1.5
NUMBERS = 9
"""Cells for the number behind the bar."""


class Meter(Static):
    """show() at 10-15 Hz; the peak is held for HOLD_SECONDS."""

    def __init__(self, limits: Limits) -> None:
        super().__init__("", markup=False)
        self._limits = limits
        self._held = LOWEST
        self._held_at = 0.0
        self._clipped_at = -HOLD_SECONDS

    def show(self, level: Level | None, now: float, *, judged: bool = True) -> None:
        """`now` on the monotonic clock; `judged`: say whether it is loud enough."""
        peak = level.peak_dbfs if level else LOWEST
        if peak >= self._held or now - self._held_at > HOLD_SECONDS:
            self._held, self._held_at = peak, now
        if level is not None and level.clipped:
            self._clipped_at = now
        width = max(10, self.size.width - NUMBERS - 2)
        bar = ["#" if cell < self._cell(peak, width) else " " for cell in range(width)]
        hold = min(width - 1, max(0, self._cell(self._held, width)))
        bar[hold] = "|"
        line = f"[{''.join(bar)}]{max(peak, LOWEST):6.0f} dB"
        self.update(f"{line}\n{self._scale(width)}\n{self._word(now) if judged else ''}", layout=False)

    def _cell(self, dbfs: float, width: int) -> int:
        return round((min(0.0, max(LOWEST, dbfs)) - LOWEST) / -LOWEST * width)

    def _scale(self, width: int) -> str:
        """Marks under the bar: where good begins and where it ends."""
        marks = [" "] * (width + 1)
        low, high = (
            self._cell(self._limits.peak_target - 12, width),
            self._cell(self._limits.peak_warn, width),
        )
        marks[low], marks[high] = "^", "^"
        for cell in range(low + 1, high):
            marks[cell] = "-"
        return " " + "".join(marks)

    def _word(self, now: float) -> str:
        if now - self._clipped_at < HOLD_SECONDS or self._held > self._limits.peak_warn:
            return tr("too loud")
        return tr("good") if self._held >= self._limits.peak_target - 12 else tr("quiet")
