"""The receipt of one upload: from its bytes, as the store gives them back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.disk import is_there, remove, write_whole
from uploader.centre.holding import Finished, UploadStore
from uploader.encode.pcmdigest import HEAD_BYTES, md5_in_head
from uploader.prove.signature import sign


def receipt_of(
    store: UploadStore,
    upload: Finished,
    key: Ed25519PrivateKey | None = None,
    alive: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Size and digest of what is stored, read to its end; `alive` is called at each block. Raises OSError."""
    digest, head, size = hashlib.sha256(), b"", 0
    for block in store.read(upload):
        digest.update(block)
        size += len(block)
        head += block[: HEAD_BYTES - len(head)]
        alive()
    pcm_md5 = md5_in_head(head)
    receipt = {
        "v": 1,
        "upload_id": upload.upload_id,
        "take_id": upload.take_id,
        "size": size,
        "sha256": digest.hexdigest(),
        **({} if pcm_md5 is None else {"pcm_md5": pcm_md5}),
        "stored_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return receipt if key is None else sign(receipt, key)


def publish(out: Path, upload_id: str, receipt: dict[str, Any]) -> None:
    """Into the folder that a web server publishes. Raises OSError."""
    # Hook and timer may meet at the same upload.
    text = json.dumps(receipt, indent=1)
    write_whole(out / f"{upload_id}.json", text.encode("utf-8"), several=True)


def withdraw(out: Path, upload_id: str) -> None:
    """What is no more has no receipt. Raises OSError."""
    remove(out / f"{upload_id}.json", missing_ok=True)


def write_receipts(
    store: UploadStore, out: Path, key: Ed25519PrivateKey | None = None, only: str | None = None
) -> int:
    """Write the receipts that the folder does not have; how many. Raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    one = store.with_id(only) if only is not None else None
    for lying in store.lying() if only is None else [one] if one is not None else []:
        upload = store.finished(lying)
        if upload is not None and not is_there(out / f"{upload.upload_id}.json"):
            publish(out, upload.upload_id, receipt_of(store, upload, key))
            count += 1
    return count


def load_key(path: Path) -> Ed25519PrivateKey:
    """An Ed25519 key in PEM, as `openssl genpkey -algorithm ed25519` makes it. Raises OSError, ValueError."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """The line for [server] receipt_key."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")
