"""How large a piece is: for proxies and bad lines, not for speed. Pure.

1 MiB is exactly nginx's default limit for a body; servers that keep nothing of a broken piece lose at
most one; 8 MiB stays under the smallest default maximum of the servers that were tried (10 MiB).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

KIB = 1024
START = 1024 * KIB
SMALLEST = 256 * KIB
LARGEST = 8192 * KIB
FLOOR = 64 * KIB
"""Below SMALLEST only because a proxy said so (413)."""
AIM_SECONDS = 9.0


@dataclass(frozen=True)
class ChunkSize:
    size: int = START
    limit: int = LARGEST
    """What a proxy or server accepts, as far as is known."""

    def after(self, count: int, seconds: float) -> ChunkSize:
        """Aim at pieces of some 9 seconds, at most doubling."""
        wanted = int(count / max(seconds, 0.001) * AIM_SECONDS)
        size = max(SMALLEST, min(wanted, 2 * self.size, LARGEST))
        return replace(self, size=min(size, self.limit))

    def refused(self, count: int) -> ChunkSize | None:
        """A piece of `count` bytes was too large; None where even the smallest is."""
        if count <= FLOOR:
            return None
        limit = max(FLOOR, count // 2)
        return ChunkSize(min(self.size, limit), limit)

    def stalled(self) -> ChunkSize:
        return replace(self, size=min(self.limit, max(SMALLEST, self.size // 2)))
