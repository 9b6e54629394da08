"""The centre's half of the proof: `python -m uploader.receipts STORE OUT [--sign-key KEY]`.

Reads every finished upload of a server's folder again and writes OUT/<upload id>.json, once; run it from a
timer, or from a post-finish hook with --id. Any static web server may publish OUT; a station finds it by
[server] receipt_url. See docs/receipts.md.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.base import prepare_streams
from config.disk import digest_of, is_there, write_whole
from uploader.centre.stores import Finished, finished
from uploader.encode.pcmdigest import streaminfo_md5
from uploader.prove.signature import sign


def receipt_of(upload: Finished) -> dict[str, Any]:
    """Size and digest of what is stored, after forcing it to the disk. Raises OSError."""
    # Windows flushes only what is open for writing; elsewhere the right to read is enough.
    with upload.path.open("rb+") if os.name == "nt" else upload.path.open("rb") as file:
        os.fsync(file.fileno())
        size = file.seek(0, os.SEEK_END)
    pcm_md5 = streaminfo_md5(upload.path)
    return {
        "v": 1,
        "upload_id": upload.upload_id,
        "take_id": upload.take_id,
        "size": size,
        "sha256": digest_of(upload.path),
        **({} if pcm_md5 is None else {"pcm_md5": pcm_md5}),
        "stored_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write_receipts(
    store: Path, out: Path, key: Ed25519PrivateKey | None = None, only: str | None = None
) -> int:
    """Write the receipts that are missing; how many. Raises OSError."""
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for upload in finished(store, only):
        path = out / f"{upload.upload_id}.json"
        if is_there(path):
            continue
        receipt = receipt_of(upload)
        text = json.dumps(receipt if key is None else sign(receipt, key), indent=1)
        # Hook and timer may meet at the same upload.
        write_whole(path, text.encode("utf-8"), several=True)
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


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m uploader.receipts", description="Write receipts for the finished uploads of a server."
    )
    parser.add_argument("store", type=Path, metavar="STORE", help="folder of the upload server")
    parser.add_argument("out", type=Path, metavar="OUT", help="folder that a web server publishes")
    parser.add_argument("--sign-key", type=Path, metavar="KEY", help="Ed25519 private key (PEM)")
    parser.add_argument("--id", help="only this upload (for a post-finish hook)")
    parser.add_argument(
        "--show-key", action="store_true", help="print the public key for [server] receipt_key"
    )
    prepare_streams()
    wishes = parser.parse_args(arguments)
    try:
        key = load_key(wishes.sign_key) if wishes.sign_key is not None else None
        count = write_receipts(wishes.store, wishes.out, key, wishes.id)
    except (OSError, ValueError) as error:
        print(f"receipts: {error}", file=sys.stderr)  # noqa: T201 - a command of its own
        return 1
    print(f"{count} receipts written", file=sys.stderr)  # noqa: T201
    if wishes.show_key and key is not None:
        print(public_text(key))  # noqa: T201
    return 0
