"""Receipts on a stick: from the station that delivered a carry pack back to where the takes were recorded."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.base import DiskError
from config.disk import is_folder
from uploader.carry.packfile import NO_JSON, RECEIPTS, read_bounded, read_manifests, stick, write_json
from uploader.prove.claim import proves
from uploader.prove.receiptfile import parsed, receipt_text, write_receipt
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import Event, ProofLevel, State
from uploader.tus.address import same_origin

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

log = logging.getLogger(__name__)


LARGEST = 256 * 1024
"""Bytes of a receipt; a real one has some 700."""


def export_receipts(queue: Queue, folder: Path) -> int:
    """Write the receipts of the pack's takes that are delivered from here; how many were not there yet.

    Raises DiskError.
    """
    wanted = {packed.take_id for manifest in read_manifests(folder)[0] for packed in manifest.takes}
    count = 0
    for row in queue.rows():
        receipt = queue.receipt(row.take_id) if row.delivered and row.take_id in wanted else None
        path = folder / RECEIPTS / f"{row.take_id}.json"
        if receipt is not None and not _there(path, receipt):
            write_json(path, receipt)
            count += 1
    return count


def _there(path: Path, receipt: dict[str, Any]) -> bool:
    try:
        return bool(json.loads(read_bounded(path, LARGEST)) == receipt)
    except (OSError, *NO_JSON):
        return False


def write_back(queue: Queue) -> int:
    """Receipts onto the sticks whose packs were taken in here and are in their place; how many were new.

    Called as deliveries come to their end. What goes wrong with a stick is said when it is put in again.
    """
    count = 0
    for place in queue.sticks:
        folder = Path(place)
        if not is_folder(folder):
            continue
        try:
            count += export_receipts(queue, folder)
        except DiskError as error:
            log.warning("no receipts onto %s: %s", folder, error)
    return count


def import_receipts(
    queue: Queue, folder: Path, key: Ed25519PublicKey | None = None, endpoint: str | None = None
) -> int:
    """Take in the receipts of our own takes; how many were new. Raises DiskError.

    With the centre's `key` nothing counts but what the centre has signed for this recording. An upload's
    address is kept only where it is at the server of our own settings (`endpoint`).
    """
    count = 0
    rows = {row.take_id: row for row in queue.rows()}
    for path in sorted((folder / RECEIPTS).glob("*.json")):
        try:
            with stick(path.name):
                receipt = parsed(read_bounded(path, LARGEST))
            row, level = rows[receipt["take_id"]], ProofLevel[receipt["level"]]
            if not _proves(receipt, row, level, key):
                raise ValueError("it does not prove what we recorded")
        except NO_JSON as error:
            log.warning("%s is no receipt of ours: %r", path.name, error)
            continue
        if row.verify_level is None or level > row.verify_level:
            _keep(queue, row, level, receipt, endpoint)
            count += 1
    return count


def _proves(receipt: dict[str, Any], row: Row, level: ProofLevel, key: Ed25519PublicKey | None) -> bool:
    """Take id, size and digest of this very recording, the centre's too; signed where there is a key."""
    if (receipt["sha256"], receipt["size"]) != (row.sha256, row.size) or level < ProofLevel.L1:
        return False
    own = {(row.sha256, row.size), (row.wire_sha256, row.wire_size)}
    return proves(receipt, row.take_id, row.path, own, key)


def _keep(queue: Queue, row: Row, level: ProofLevel, receipt: dict[str, Any], endpoint: str | None) -> None:
    receipt = {**receipt, "carried": True}
    queue.change(
        row.take_id,
        Event.RECEIPT_CARRIED,
        state=State.VERIFIED,
        paused=0,
        verify_level=int(level),
        upload_url=_own(receipt.get("upload_url"), endpoint),
        receipt=receipt_text(receipt),
        verified_at=time.time(),
        due_at=None,
        error=None,
        error_kind=None,
    )
    write_receipt(row.path, receipt)


def _own(url: object, endpoint: str | None) -> str | None:
    try:
        return url if isinstance(url, str) and endpoint is not None and same_origin(url, endpoint) else None
    except ValueError:
        return None
