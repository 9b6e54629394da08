"""States of one delivery, and the strength of its proof."""

from __future__ import annotations

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
