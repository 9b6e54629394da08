"""Errors of delivery (exit code 4), and how a fault decides what happens next.

The table behind every kind: tus 1.0.0 and the behaviour measured at five servers and two proxies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from config.base import Message, StationError
from uploader.ceilings import DAY


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
    FOREIGN = "foreign"
    """Something on the way answers instead of the upload server: a proxy, a filter, a gateway."""
    ELSEWHERE = "elsewhere"
    """The server sends recordings to a host that the settings do not name."""
    REFUSED = "refused"
    """The upload server itself refuses a request, in words of tus; perhaps only this once."""
    TLS = "tls"
    """The certificate is not trusted."""
    CONFIG = "config"
    """412, a redirect, no tus server at this address."""
    PORTAL = "portal"
    """A login page answers instead of the server."""
    FULL = "full"
    """507, ENOSPC."""
    TAKE = "take"
    """The file is not what was recorded, or can't be read."""
    MISSING = "missing"
    """The file of this take is not there."""
    OFFSET = "offset"
    """409: server and station disagree about the bytes that are there."""
    GONE = "gone"
    """404, 403, 410 on an upload."""
    VANISHED = "vanished"
    """The server shows nothing of what it took whole, though it shows finished uploads else."""
    SCATTERED = "scattered"
    """One answer knows the upload and the next does not: several servers behind one address."""
    OFTEN = "often"
    """This take was begun anew as often as one day, or one hour, allows."""
    UNPROVEN = "unproven"
    """All bytes were sent, but what the server gave back was not whole."""
    TOO_LARGE = "too_large"
    """413: the piece is too large."""
    SMALLEST = "smallest"
    """413 for the smallest piece, or for the recording as a whole."""
    DAMAGED = "damaged"
    """460, 417: the piece arrived with other bytes."""
    LIE = "lie"
    """The upload at this address can't be right any more: it must be left and made anew."""


class Whose(StrEnum):
    """Whose trouble it is."""

    WAY = "way"
    """The network between school and server."""
    SERVER = "server"
    CENTRE = "centre"
    """What only people at the centre or in the district can set right."""
    TAKE = "take"
    """This recording, or its file."""


class Again(StrEnum):
    """The next try within one session of tries."""

    NEVER = "never"
    """The take steps back to its row, and another has its turn."""
    AT_ONCE = "at once"
    """Something was learnt that makes the next try another one."""
    SLOWLY = "slowly"
    """After a random time below a ceiling that doubles."""
    WHEN_FREE = "when free"
    """After the times in which locks and restarts were seen to end."""


ROW_SECONDS = (60.0, 300.0, 900.0, 3600.0)
DAILY = (DAY,)


@dataclass(frozen=True)
class Policy:
    """What a kind of fault decides."""

    whose: Whose
    again: Again
    row_seconds: tuple[float, ...] = ROW_SECONDS
    """Waits between sessions of tries, the last one for ever."""
    shared: bool = False
    """Very likely hits every take alike: all wait for it, and the first success wakes all."""
    blocking: bool = False
    """Only a person can help; it is tried again all the same, since persons do not always tell."""
    about_address: bool = False
    """Where only the upload's own address meets it, again and again, that address is given up."""
    about_server: bool = True
    """An answer to a probe that shows something of what the server can do."""


POLICY: dict[Kind, Policy] = {
    Kind.NETWORK: Policy(Whose.WAY, Again.SLOWLY, shared=True, about_server=False, about_address=True),
    Kind.FOREIGN: Policy(Whose.WAY, Again.SLOWLY, shared=True, about_server=False, about_address=True),
    Kind.PORTAL: Policy(Whose.WAY, Again.NEVER, (60.0,), shared=True, about_server=False, about_address=True),
    Kind.TLS: Policy(Whose.WAY, Again.NEVER, (900.0,), shared=True, about_server=False, about_address=True),
    Kind.BUSY: Policy(Whose.SERVER, Again.WHEN_FREE, shared=True, about_server=False),
    Kind.HELD: Policy(Whose.SERVER, Again.WHEN_FREE, about_server=False),
    Kind.FULL: Policy(Whose.CENTRE, Again.NEVER, (1200.0,), shared=True, about_server=False),
    Kind.CONFIG: Policy(Whose.CENTRE, Again.NEVER, (900.0,), shared=True, about_address=True),
    Kind.ELSEWHERE: Policy(Whose.CENTRE, Again.NEVER, (900.0,), shared=True),
    Kind.AUTH: Policy(Whose.CENTRE, Again.NEVER, (900.0,), shared=True, blocking=True, about_server=False),
    Kind.SMALLEST: Policy(Whose.CENTRE, Again.NEVER, DAILY, blocking=True),
    Kind.REFUSED: Policy(Whose.SERVER, Again.NEVER, (900.0, 3600.0, 6 * 3600.0, DAY)),
    Kind.TAKE: Policy(Whose.TAKE, Again.NEVER, DAILY, blocking=True),
    Kind.MISSING: Policy(Whose.TAKE, Again.NEVER, (3600.0,), blocking=True),
    Kind.OFFSET: Policy(Whose.SERVER, Again.WHEN_FREE),
    Kind.GONE: Policy(Whose.SERVER, Again.AT_ONCE),
    Kind.VANISHED: Policy(Whose.SERVER, Again.NEVER),
    Kind.SCATTERED: Policy(Whose.CENTRE, Again.AT_ONCE),
    Kind.OFTEN: Policy(Whose.CENTRE, Again.NEVER, (1200.0, 3600.0)),
    Kind.UNPROVEN: Policy(Whose.SERVER, Again.SLOWLY),
    Kind.TOO_LARGE: Policy(Whose.WAY, Again.AT_ONCE),
    Kind.DAMAGED: Policy(Whose.WAY, Again.SLOWLY),
    Kind.LIE: Policy(Whose.SERVER, Again.AT_ONCE),
}
"""Every kind has its row; the only place that decides who waits, for how long, and who is told."""
SHARED = frozenset(kind for kind, policy in POLICY.items() if policy.shared)


class UploadFault(DeliveryError):  # noqa: N818 - every one is caught and answered inside
    """One failed step of a delivery."""

    def __init__(
        self,
        kind: Kind,
        what: Message,
        todo: Message | None = None,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        timed_out: bool = False,
    ) -> None:
        super().__init__(what, todo)
        self.kind = kind
        self.retry_after = retry_after
        """Seconds for which the server asked, None where it did not."""
        self.status = status
        """Of the answer, where something depends on it."""
        self.timed_out = timed_out
        """Nothing answered for as long as anything is waited for."""


class Interrupted(Exception):  # noqa: N818 - not an error: the station asked for it
    """The transfer was stopped from inside: a pause, a pupil being recorded, the end of the program."""


class OvertakenError(Interrupted):
    """Somebody else led the take elsewhere meanwhile: a carried receipt, a key, another process."""
