"""States of one delivery, what leads from one to another, and the strength of its proof."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum


class State(StrEnum):
    QUEUED = "queued"
    CREATING = "creating"
    UPLOADING = "uploading"
    SENT = "sent"
    """All bytes accepted, nothing proven (L0)."""
    VERIFYING = "verifying"
    VERIFIED = "verified"
    """Proven at L1 or higher."""
    PURGE_DUE = "purge_due"
    PURGED = "purged"
    PAUSED = "paused"
    WAITING = "waiting"
    """Will be tried again at next_attempt_at."""
    UNCONFIRMED = "unconfirmed"
    """All bytes were sent, but the last answer was lost and the server shows nothing."""
    BLOCKED = "blocked"
    """Somebody must do something; the error says what."""
    MISSING = "missing"
    """The file is not on the disk."""


class ProofLevel(IntEnum):
    """What the proof stands on."""

    L0 = 0
    """Accepted: the server's offset equals the length."""
    L1 = 1
    """Every piece was sent with a checksum, to a server that was seen to refuse a wrong one."""
    L2 = 2
    """Read back and found identical."""
    L3 = 3
    """Receipt: the digest that the centre computed from what it stored."""


DELIVERED = frozenset({State.VERIFIED, State.PURGE_DUE, State.PURGED})
ACTIVE = frozenset({State.CREATING, State.UPLOADING, State.VERIFYING})
"""Being worked on; after a crash these begin again at QUEUED, which repeats no byte the server has."""
OPEN = ACTIVE | {State.QUEUED, State.WAITING}
"""The uploader goes on by itself."""
SENDABLE = OPEN | {State.BLOCKED, State.MISSING}
"""Bytes are still to be sent; what is blocked or missing has its turn when it is due."""
PLACED = frozenset({State.SENT, State.UNCONFIRMED, State.VERIFIED, State.PURGE_DUE})
"""All bytes were sent, and the recording is still here."""


class Event(StrEnum):
    """What happens to a delivery; the name stands in the table of events."""

    BEGUN = "begun"
    """A worker took it in hand."""
    FOUND = "found"
    MOVED = "moved"
    CREATING = "creating"
    CREATED = "created"
    RESUMED = "resumed"
    PIECE = "piece"
    """The next piece is announced."""
    PROGRESS = "progress"
    """Counters only."""
    SENT = "sent"
    LEFT = "left"
    """The upload at the server is given up; a new one will be made."""
    UNCONFIRMED = "unconfirmed"
    PROVEN = "proven"
    PROVEN_AGAIN = "proven_again"
    NOT_PROVEN = "not_proven"
    PROOF_LOST = "proof_lost"
    """What was proven is not at the server any more."""
    RESTORED = "restored"
    """Its receipt stood beside the take when the database was lost."""
    AGAIN = "again"
    """A person wants it sent anew."""
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    ALL_WAIT = "all_wait"
    WOKEN = "woken"
    RESTARTED = "restarted"
    """The program was ended in the middle."""
    RETRY = "retry"
    ASKED = "asked"
    """Somebody doubts that a sent take is there."""
    CARRIED = "carried"
    RECEIPT_CARRIED = "receipt_carried"
    PURGE_DUE = "purge_due"
    PURGED = "purged"


QUIET = frozenset(
    {Event.BEGUN, Event.PIECE, Event.PROGRESS, Event.PROVEN_AGAIN, Event.RESTARTED, Event.ASKED}
)
"""Too frequent, or too plain, for the table of events."""

WORKER_STEPS = frozenset({Event.CREATING, Event.RESUMED, Event.PIECE})
"""Steps of a worker that a paused row does not take: who paused it may have given it to somebody else."""
TRANSITIONS: Mapping[Event, Mapping[State, frozenset[State]]] = {
    Event.FOUND: {State.QUEUED: frozenset({State.MISSING})},
    Event.CREATING: {State.CREATING: SENDABLE},
    Event.CREATED: {State.UPLOADING: frozenset({State.CREATING})},
    Event.RESUMED: {State.UPLOADING: SENDABLE},
    Event.PIECE: {State.UPLOADING: SENDABLE},
    Event.SENT: {State.VERIFYING: SENDABLE},
    Event.LEFT: {State.QUEUED: SENDABLE | PLACED},
    Event.UNCONFIRMED: {State.UNCONFIRMED: SENDABLE | {State.SENT, State.UNCONFIRMED}},
    Event.PROVEN: {
        State.VERIFIED: frozenset({State.VERIFYING}) | PLACED,
        State.SENT: frozenset({State.VERIFYING, State.SENT, State.UNCONFIRMED}),
        State.UNCONFIRMED: frozenset({State.UNCONFIRMED}),
    },
    Event.PROVEN_AGAIN: {
        State.VERIFIED: frozenset({State.VERIFYING}) | PLACED,
        State.SENT: frozenset({State.VERIFYING, State.SENT, State.UNCONFIRMED}),
        State.UNCONFIRMED: frozenset({State.UNCONFIRMED}),
    },
    Event.PROOF_LOST: {State.WAITING: PLACED},
    Event.RESTORED: {State.VERIFIED: frozenset({State.QUEUED}), State.SENT: frozenset({State.QUEUED})},
    Event.AGAIN: {State.QUEUED: PLACED},
    Event.INTERRUPTED: {State.QUEUED: OPEN},
    Event.FAILED: {State.WAITING: SENDABLE, State.BLOCKED: SENDABLE, State.MISSING: SENDABLE},
    Event.ALL_WAIT: {
        State.WAITING: frozenset({State.QUEUED, State.WAITING}),
        State.BLOCKED: frozenset({State.QUEUED, State.WAITING}),
    },
    Event.WOKEN: {State.QUEUED: frozenset({State.WAITING, State.BLOCKED})},
    Event.RESTARTED: {State.QUEUED: ACTIVE},
    Event.RETRY: {
        State.QUEUED: frozenset({State.WAITING, State.BLOCKED, State.MISSING, State.UNCONFIRMED}),
    },
    Event.ASKED: {State.UNCONFIRMED: frozenset({State.SENT})},
    Event.RECEIPT_CARRIED: {State.VERIFIED: SENDABLE | PLACED},
    Event.PURGE_DUE: {State.PURGE_DUE: frozenset({State.VERIFIED})},
    Event.PURGED: {State.PURGED: frozenset({State.VERIFIED, State.PURGE_DUE})},
}
"""By event: the state it leads to, and from which. An event that is not here leaves the state as it is.

`paused` is no state of its own: it is shown in place of one that is open.
"""


def sources(event: Event, target: State) -> frozenset[State]:
    """States from which the event may lead there; empty where it may not at all."""
    return TRANSITIONS.get(event, {}).get(target, frozenset())
