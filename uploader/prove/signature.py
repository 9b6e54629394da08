"""The form of a receipt and its signature; needs no network.

{"v": 1, "upload_id", "take_id", "size", "sha256", "stored_at", "key_id", "sig"}: size and sha256 are of the
stored file, read again after it was complete; of a FLAC also `pcm_md5`, its own digest of its samples.
`sig` is Ed25519 (RFC 8032), base64, over the other members as JSON with sorted keys and without spaces,
UTF-8. `key_id` and `sig` are missing where nobody signs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from config.base import ConfigError, say


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
