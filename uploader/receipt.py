"""The centre's receipt of one upload: its form, its signature, and asking for it.

{"v": 1, "upload_id", "take_id", "size", "sha256", "stored_at", "key_id", "sig"}: size and sha256 are of the
stored file, read again after it was complete. `sig` is Ed25519 (RFC 8032), base64, over the other members
as JSON with sorted keys and without spaces, UTF-8. `key_id` and `sig` are missing where nobody signs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from config.errors import ConfigError
from config.message import say
from config.settings import UPLOAD_ID, ServerSection
from uploader.errors import Fault
from uploader.row import Row
from uploader.tus.client import TusClient

log = logging.getLogger(__name__)


def canonical(receipt: Mapping[str, Any]) -> bytes:
    """What is signed."""
    members = {name: value for name, value in receipt.items() if name != "sig"}
    return json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def sign(receipt: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The receipt with key_id and sig."""
    named = {**receipt, "key_id": key_id(key.public_key())}
    return {**named, "sig": base64.b64encode(key.sign(canonical(named))).decode("ascii")}


def key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def is_signed(receipt: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    try:
        key.verify(base64.b64decode(str(receipt.get("sig", "")), validate=True), canonical(receipt))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def public_key(text: str) -> Ed25519PublicKey:
    """From base64 of its 32 bytes. Raises ConfigError."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise ConfigError(
            say("station.toml: “server.receipt_key” is not the key of a centre."),
            say("Copy it again from what the centre gave: 44 characters that end in “=”."),
        ) from error


class ReceiptSource:
    """Where the centre publishes receipts, as station.toml names it."""

    def __init__(self, section: ServerSection) -> None:
        """Raises ConfigError."""
        self._template = section.receipt_url
        self._key = public_key(section.receipt_key) if section.receipt_key is not None else None

    @property
    def configured(self) -> bool:
        return self._template is not None

    def ask(self, client: TusClient, row: Row) -> dict[str, Any] | None:
        """The receipt of an upload; None where there is none yet or none that counts."""
        if self._template is None or row.upload_url is None:
            return None
        upload_id = unquote(urlsplit(row.upload_url).path.rstrip("/").rpartition("/")[2])
        url = self._template.replace(UPLOAD_ID, quote(upload_id, safe=""))
        try:
            found = client.fetch(url)
        except Fault as fault:
            log.info("no receipt of %s: %s", row.take_id, fault)
            return None
        if not isinstance(found, dict):
            return None
        fits = found.get("v") == 1 and found.get("upload_id") == upload_id
        if not fits or found.get("take_id") != row.take_id:
            log.warning("%s: a receipt of something else at %s", row.take_id, url)
            return None
        if not isinstance(found.get("size"), int) or not isinstance(found.get("sha256"), str):
            log.warning("%s: an incomplete receipt at %s", row.take_id, url)
            return None
        if self._key is not None and not is_signed(found, self._key):
            log.warning("%s: the signature of the receipt is wrong", row.take_id)
            return None
        return found
