"""Errors of delivery (exit code 4), and how a fault decides what happens next.

The table behind every kind: tus 1.0.0 and the behaviour measured at five servers and two proxies.
"""

from __future__ import annotations

from enum import StrEnum

from config.base import Message, StationError


class DeliveryError(StationError):
    """The network or the server does not do what delivery needs."""


class Kind(StrEnum):
    """Who is to blame, which decides who waits and for how long."""

    NETWORK = "network"
    """No answer, or a gateway's 5xx: try again for ever, slower and slower."""
    BUSY = "busy"
    """429, 503: the server asks for patience."""
    HELD = "held"
    """423, tusd's lock: this one upload is held, by a dead connection for seconds or by a crash for ever."""
    AUTH = "auth"
    """401, 403 on creation."""
    TLS = "tls"
    """The certificate is not trusted."""
    CONFIG = "config"
    """412, a redirect, no tus server at this address."""
    PORTAL = "portal"
    """A login page answers instead of the server."""
    FULL = "full"
    """507, ENOSPC."""
    TAKE = "take"
    """Only this take is refused, or its file is not what it was."""
    MISSING = "missing"
    """The file of this take is not there."""
    OFFSET = "offset"
    """409: server and station disagree about the bytes that are there."""
    GONE = "gone"
    """404, 403, 410 on an upload."""
    EXPIRED = "expired"
    """410: surely gone, a new upload is right."""
    TOO_LARGE = "too_large"
    """413: the piece, or the whole take, is too large."""
    DAMAGED = "damaged"
    """460, 417: the piece arrived with other bytes."""
    LIE = "lie"
    """The upload at this address can't be right any more: it must be left and made anew."""


SHARED = frozenset(
    {Kind.NETWORK, Kind.BUSY, Kind.AUTH, Kind.TLS, Kind.CONFIG, Kind.PORTAL, Kind.FULL},
)
"""Kinds that very likely hit every take alike."""
BLOCKING = frozenset({Kind.AUTH, Kind.TLS, Kind.CONFIG, Kind.PORTAL, Kind.FULL, Kind.TAKE})
"""Kinds that a person must know of at once."""


class UploadFault(DeliveryError):  # noqa: N818 - every one is caught and answered inside
    """One failed step of a delivery."""

    def __init__(
        self, kind: Kind, what: Message, todo: Message | None = None, *, retry_after: float | None = None
    ) -> None:
        super().__init__(what, todo)
        self.kind = kind
        self.retry_after = retry_after
        """Seconds for which the server asked, None where it did not."""


class Interrupted(Exception):  # noqa: N818 - not an error: the station asked for it
    """The transfer was stopped from inside: a pause, a pupil being recorded, the end of the program."""
