"""A level meter on a dB scale: length, numbers and words tell all, colour only repeats it."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from audio.protocol import Level
from config.kit import Limits
from station.words.i18n import tr
from station.words.present import cells, pad

LOWEST = -60.0
HOLD_SECONDS = 1.5
FALL = 20 / 1.7
"""dB a second, as the peak meters of broadcasters fall (IEC 60268-10, type I): levels come some times a
second only, and a bar that drops at once would flicker."""
MUTED_SECONDS = 1.5
"""The pauses of no room are this dead (audio.measure.stuck); it stands on the screen two seconds after it
began."""
NUMBERS = 9
"""Cells for the number behind the bar."""


class Meter(Static):
    """show() at 10-15 Hz; the peak is held for HOLD_SECONDS."""

    def __init__(self, limits: Limits) -> None:
        super().__init__("", markup=False)
        self._limits = limits
        self.lines = ("", "", "")
        """Bar, scale and word."""
        self._shown = LOWEST
        self._shown_at = 0.0
        self._held = LOWEST
        self._held_at = 0.0
        self._clipped_at = -HOLD_SECONDS

    def show(self, level: Level | None, now: float, *, judged: bool = True) -> None:
        """`now` on the monotonic clock; `judged`: say whether it is loud enough."""
        fallen = self._shown - FALL * (now - self._shown_at)
        peak = max(level.peak_dbfs if level else LOWEST, fallen, LOWEST)
        self._shown, self._shown_at = peak, now
        if peak >= self._held or now - self._held_at > HOLD_SECONDS:
            self._held, self._held_at = peak, now
        if level is not None and level.clipped:
            self._clipped_at = now
        width = max(10, self.size.width - NUMBERS - 2)
        bar = ["#" if cell < cell_of(peak, width) else " " for cell in range(width)]
        hold = min(width - 1, max(0, cell_of(self._held, width)))
        bar[hold] = "|"
        line = f"[{''.join(bar)}]{peak:6.0f} dB"
        word = self._word(now) if judged else ""
        if level is not None and level.muted_seconds >= MUTED_SECONDS:
            word = tr("The microphone is muted: check the switch on the cable")
        self._draw((line, f" {scale(self._limits, width)}", word))

    def _draw(self, lines: tuple[str, str, str]) -> None:
        """The bar moves twelve times a second, what stands under it hardly ever."""
        before, self.lines = self.lines, lines
        changed = [row for row, (old, new) in enumerate(zip(before, lines, strict=True)) if old != new]
        if changed:
            self.refresh(*(Region(0, row, self.size.width, 1) for row in changed))

    def render(self) -> Content:
        return Content("\n".join(self.lines))

    def _word(self, now: float) -> str:
        if now - self._clipped_at < HOLD_SECONDS or self._held > self._limits.peak_warn:
            return tr("too loud")
        return tr("good") if self._held >= good_from(self._limits) else tr("quiet")


def good_from(limits: Limits) -> float:
    """Singing at its loudest peaks at `peak_target`; softer passages may be 12 dB below."""
    return limits.peak_target - 12


def cell_of(dbfs: float, width: int) -> int:
    """Where a level stands on a bar of `width` cells."""
    return round((min(0.0, max(LOWEST, dbfs)) - LOWEST) / -LOWEST * width)


def scale(limits: Limits, width: int) -> str:
    """What stands under the bar: where it is too quiet, and where good begins and ends."""
    low, high = cell_of(good_from(limits), width), cell_of(limits.peak_warn, width)
    quiet, good = f" {tr('quiet')}", f" {tr('good')} "
    left, rest = divmod(high - low - 1 - cells(good), 2)
    zone = f"{'-' * left}{good}{'-' * (left + rest)}" if left >= 0 else "-" * (high - low - 1)
    return f"{pad(quiet if cells(quiet) < low else '', low)}^{zone}^"
