"""Has the network come back? Told from this computer's own addresses; nothing is sent."""

from __future__ import annotations

import socket

ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Documentation addresses (RFC 5737, RFC 3849): a route to them is the route to anywhere."""


def own_addresses() -> frozenset[str]:
    """The addresses with which this computer would talk to the outside; empty without a network."""
    return frozenset(found for family, target in ELSEWHERE if (found := _source(family, target)))


def _source(family: int, target: str) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            # Connecting a datagram socket only looks up the route.
            probe.connect((target, 9))
            return str(probe.getsockname()[0])
    except OSError:
        return None
