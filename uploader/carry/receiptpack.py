"""Receipts on a stick: from the station that delivered a carry pack back to where the takes were recorded."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from uploader.carry.packfile import RECEIPTS, read_manifests, stick, write_json
from uploader.prove.receiptfile import receipt_text, write_receipt
from uploader.prove.signature import is_signed
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel, State

log = logging.getLogger(__name__)


def export_receipts(queue: Queue, folder: Path) -> int:
    """Write the receipts of the pack's takes that are delivered from here; how many. Raises DiskError."""
    wanted = {packed.take_id for manifest in read_manifests(folder) for packed in manifest.takes}
    count = 0
    for row in queue.rows():
        receipt = queue.receipt(row.take_id) if row.delivered and row.take_id in wanted else None
        if receipt is not None:
            write_json(folder / RECEIPTS / f"{row.take_id}.json", receipt)
            count += 1
    return count


def import_receipts(queue: Queue, folder: Path, key: Ed25519PublicKey | None = None) -> int:
    """Take in the receipts of our own takes; how many were new. Raises DiskError.

    With the centre's `key` a receipt of the centre counts only with its signature.
    """
    count = 0
    rows = {row.take_id: row for row in queue.rows()}
    for path in sorted((folder / RECEIPTS).glob("*.json")):
        with stick(path.name):
            text = path.read_text(encoding="utf-8")
        try:
            receipt = json.loads(text)
            row, level = rows[receipt["take_id"]], ProofLevel[receipt["level"]]
            fits = (receipt["sha256"], receipt["size"]) == (row.sha256, row.size)
        except (ValueError, KeyError, TypeError) as error:
            log.warning("%s is no receipt of ours: %r", path.name, error)
            continue
        if not fits or level < ProofLevel.L1 or not _genuine(receipt, level, key):
            log.warning("%s does not prove what we recorded", path.name)
        elif row.verify_level is None or level > row.verify_level:
            _keep(queue, row, level, receipt)
            count += 1
    return count


def _genuine(receipt: dict[str, Any], level: ProofLevel, key: Ed25519PublicKey | None) -> bool:
    if key is None or level < ProofLevel.L3:
        return True
    inner = receipt.get("receipt")
    return isinstance(inner, dict) and is_signed(inner, key) and inner.get("take_id") == receipt["take_id"]


def _keep(queue: Queue, row: Row, level: ProofLevel, receipt: dict[str, Any]) -> None:
    receipt = {**receipt, "carried": True}
    queue.change(
        row.take_id,
        "receipt_carried",
        state=State.VERIFIED,
        paused=0,
        verify_level=int(level),
        upload_url=receipt.get("upload_url"),
        receipt=receipt_text(receipt),
        verified_at=time.time(),
        due_at=None,
        error=None,
        error_kind=None,
    )
    write_receipt(row.path, receipt)
