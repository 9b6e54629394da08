"""A take enters the queue with what stands beside it: after a lost database nothing is sent a second time.

The receipt beside a take is our own, so it counts as before; but the server is asked at once whether it still
says the same, and what it disproves is taken back.
"""

from __future__ import annotations

import calendar
import logging
import re
import time
from typing import Any

from uploader.ceilings import RECEIPT_BYTES, UPLOAD_BYTES
from uploader.encode.wire import ENCODERS, PLAIN
from uploader.prove.receiptfile import parsed, receipt_path, receipt_text
from uploader.queue.queue import Queue
from uploader.queue.row import Change
from uploader.queue.states import Event, ProofLevel, State
from uploader.queue.take import FinishedTake

log = logging.getLogger(__name__)
DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST_URL = 4000


def enter(queue: Queue, take: FinishedTake, *, just_read: bool = False) -> bool:
    """Queue.add(), and the proof of before where the take is new here. Raises DeliveryError, DiskError."""
    if not queue.add(take, just_read=just_read):
        return False
    receipt = receipt_beside(take)
    if receipt is not None:
        queue.change(take.take_id, Event.RESTORED, **proof_of(receipt))
    return True


def receipt_beside(take: FinishedTake) -> dict[str, Any] | None:
    """What an earlier delivery left there; None where there is nothing that is of this very recording."""
    path = receipt_path(take.path)
    try:
        with path.open("rb") as file:
            text = file.read(RECEIPT_BYTES + 1)
        receipt = parsed(text) if len(text) <= RECEIPT_BYTES else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s can't be read: %r", path.name, error)
        return None
    if isinstance(receipt, dict) and _fits(receipt, take):
        return receipt
    log.warning("%s is not of this recording", path.name)
    return None


def _fits(receipt: dict[str, Any], take: FinishedTake) -> bool:
    ours = (1, take.take_id, take.sha256, take.size)
    url, level = receipt.get("upload_url"), receipt.get("level")
    if tuple(receipt.get(name) for name in ("v", "take_id", "sha256", "size")) != ours:
        return False
    if not (url is None or (isinstance(url, str) and len(url) <= LONGEST_URL)):
        return False
    if not isinstance(level, str) or level not in ProofLevel.__members__:
        return False
    if receipt.get("encoding", PLAIN) == PLAIN:
        return True
    size, sha256 = receipt.get("wire_size"), receipt.get("wire_sha256")
    return (
        receipt["encoding"] in tuple(ENCODERS)
        and type(size) is int
        and 0 < size <= UPLOAD_BYTES
        and isinstance(sha256, str)
        and DIGEST.fullmatch(sha256) is not None
    )


def proof_of(receipt: dict[str, Any]) -> Change:
    """Columns of a delivery whose receipt this is."""
    level = ProofLevel[receipt["level"]]
    proof: Change = {
        "state": State.SENT if level is ProofLevel.L0 else State.VERIFIED,
        "verify_level": int(level),
        "receipt": receipt_text(receipt),
        "upload_url": receipt.get("upload_url"),
        "verified_at": _moment(receipt.get("verified_at")),
        # Nobody can be asked about what was carried and delivered from elsewhere.
        "due_at": None if receipt.get("upload_url") is None else time.time(),
    }
    encoding = receipt.get("encoding", PLAIN)
    size = receipt["size"] if encoding == PLAIN else receipt.get("wire_size")
    proof["offset"] = proof["sending_to"] = size or 0
    if encoding != PLAIN:
        proof["encoding"], proof["wire_size"] = encoding, receipt["wire_size"]
        proof["wire_sha256"] = receipt["wire_sha256"]
    return proof


def _moment(text: object) -> float:
    """Unix time of a receipt; now where it can't be read: retention then begins anew."""
    try:
        found = float(calendar.timegm(time.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ")))
    except (ValueError, OverflowError):
        return time.time()
    return min(found, time.time())
