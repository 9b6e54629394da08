"""Tells a barcode scanner from a person: it types faster than anybody, and Enter at the end.

Times are those at which the keys came, not those at which a busy screen looked at them.
"""

from __future__ import annotations

from textual.events import Key

GAP_SECONDS = 0.05
SETTLE_SECONDS = 0.1
"""After this no further character belongs to the one before."""


class Burst:
    """Feed it every key; `length` characters came one right after another, the last one among them."""

    def __init__(self) -> None:
        self.length = 0
        self._last_at = float("-inf")

    def feed(self, event: Key) -> bool:
        """Whether the key came right after a character."""
        close = event.time - self._last_at < GAP_SECONDS
        if event.is_printable:
            self.length = self.length + 1 if close else 1
            self._last_at = event.time
        else:
            self._last_at = float("-inf")
        return close
