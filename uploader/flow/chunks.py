"""How large a piece is: for proxies and bad lines, not for speed. Pure.

1 MiB is exactly nginx's default limit for a body; servers that keep nothing of a broken piece lose at
most one; 8 MiB stays under the smallest default maximum of the servers that were tried (10 MiB). Only a line
that takes those 8 MiB in less than a second, as no school's uplink does, is given more: a second's worth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

KIB = 1024
START = 1024 * KIB
SMALLEST = 256 * KIB
LARGEST = 8192 * KIB
FAST_LARGEST = 65536 * KIB
FAST_SECONDS = 1.0
"""A piece above LARGEST takes no longer: so much is lost where it breaks off."""
BRIEF_SECONDS = 0.1
"""After such a piece a larger one is dared at once, unless the line broke before."""
FLOOR = 64 * KIB
"""Below SMALLEST only because a proxy said so (413)."""
AIM_SECONDS = 9.0
CALM = 4
"""Whole pieces after which a larger one is dared."""
CALM_AFTER_BREAK = 24
"""The same after the line broke: where it breaks every few megabytes, larger pieces would not get through."""


@dataclass(frozen=True)
class ChunkSize:
    size: int = START
    limit: int = FAST_LARGEST
    """What a proxy or server accepts, as far as is known."""
    wait: int = CALM
    """Whole pieces until the next growth."""
    broke: bool = False
    """The line broke since the last growth."""

    def after(self, count: int, seconds: float) -> ChunkSize:
        """Aim at pieces of some 9 seconds: smaller at once, larger by doubling after some calm."""
        rate = count / max(seconds, 0.001)
        largest = max(LARGEST, min(FAST_LARGEST, int(rate * FAST_SECONDS)))
        wanted = max(SMALLEST, min(int(rate * AIM_SECONDS), largest, self.limit))
        if wanted <= self.size:
            return replace(self, size=wanted)
        at_once = seconds <= BRIEF_SECONDS and not self.broke
        if self.wait > 1 and not at_once:
            return replace(self, wait=self.wait - 1)
        return replace(self, size=min(wanted, 2 * self.size), wait=CALM, broke=False)

    def refused(self, count: int) -> ChunkSize | None:
        """A piece of `count` bytes was too large; None where even the smallest is."""
        if count <= FLOOR:
            return None
        limit = max(FLOOR, count // 2)
        return replace(self, size=min(self.size, limit), limit=limit)

    def broken(self) -> ChunkSize:
        """The line broke in a piece. Perhaps a proxy broke it for its size: none above LARGEST again."""
        limit = min(self.limit, LARGEST) if self.size > LARGEST else self.limit
        size = max(SMALLEST, min(START, self.size // 2))
        return replace(self, size=min(limit, size), limit=limit, wait=CALM_AFTER_BREAK, broke=True)
