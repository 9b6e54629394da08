"""A take enters the queue with what stands beside it: after a lost database nothing is sent a second time.

Others may have written into the data folder. What the centre signed for this very recording counts at once.
Without the centre's key the receipt beside a take counts as before, and the server is asked at once whether
it still says the same; what it disproves is taken back. With a key, what is not signed is only a place to ask
at. Nothing counts whose place is not at the centre's server, or whose recording has other bytes now.
"""

from __future__ import annotations

import calendar
import logging
import re
import time
from typing import Any

from config.disk import digest_of, is_file, is_there
from uploader.ceilings import RECEIPT_BYTES, UPLOAD_BYTES
from uploader.encode.wire import ENCODERS, PLAIN
from uploader.prove.claim import Centre, proves
from uploader.prove.receiptfile import parsed, receipt_path, receipt_text
from uploader.queue.queue import Queue
from uploader.queue.row import Change
from uploader.queue.states import Event, ProofLevel, State
from uploader.queue.take import FinishedTake

log = logging.getLogger(__name__)
DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST_URL = 4000
ANY_CENTRE = Centre()


def enter(queue: Queue, take: FinishedTake, *, just_read: bool = False, centre: Centre = ANY_CENTRE) -> bool:
    """Queue.add(), and the proof of before where the take is new here. Raises DeliveryError, DiskError."""
    if not queue.add(take, just_read=just_read):
        return False
    receipt = receipt_beside(take)
    if receipt is not None:
        proof = proof_of(receipt, take, centre)
        if proof is not None:
            queue.change(take.take_id, Event.RESTORED, **proof)
    return True


def receipt_beside(take: FinishedTake) -> dict[str, Any] | None:
    """What an earlier delivery left there; None where there is nothing that is of this very recording."""
    path = receipt_path(take.path)
    try:
        if is_there(path) and not is_file(path):
            raise ValueError("no file")
        with path.open("rb") as file:
            text = file.read(RECEIPT_BYTES + 1)
        receipt = parsed(text) if len(text) <= RECEIPT_BYTES else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        log.warning("%s can't be read: %r", path.name, error)
        return None
    if isinstance(receipt, dict) and _fits(receipt, take) and _is_of(take):
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


def _is_of(take: FinishedTake) -> bool:
    """Whether the recording is still the one that the receipt's digest is of."""
    try:
        return digest_of(take.path) == take.sha256
    except OSError:
        return False


def _believed(receipt: dict[str, Any], take: FinishedTake, centre: Centre) -> ProofLevel | None:
    """The level that it is good for; None where it is good for nothing, not even for asking."""
    url = receipt.get("upload_url")
    try:
        proven = proves(receipt, take.take_id, take.path, {(take.sha256, take.size)}, centre.key)
    except (KeyError, TypeError, AttributeError):
        proven = False
    if not proven:
        return ProofLevel.L0 if centre.key is not None and centre.can_ask(url) else None
    if centre.key is None and url is not None and not centre.can_ask(url):
        return None
    return ProofLevel[receipt["level"]]


def proof_of(receipt: dict[str, Any], take: FinishedTake, centre: Centre) -> Change | None:
    """Columns of a delivery whose receipt this is; None where nothing is known by it."""
    level = _believed(receipt, take, centre)
    if level is None:
        log.warning("the receipt beside %s is believed in nothing", take.path.name)
        return None
    claim = level is ProofLevel.L0 and centre.key is not None
    proof: Change = {
        "state": State.SENT if level is ProofLevel.L0 else State.VERIFIED,
        "verify_level": int(level),
        # What is only asked for keeps nothing that others may have made up.
        "receipt": None if claim else receipt_text(receipt),
        # Nobody here saw how it travelled, but for a proof that stands on just that.
        "checked": int(level is ProofLevel.L1),
        # A claim needs more than the server's word: else it is sent.
        "doubtful": int(claim),
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
