"""What a receipt that lay about proves: in the data folder or on a stick, where others can write."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import ServerSection
from uploader.encode.pcmdigest import samples_md5
from uploader.tus.address import same_origin

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


@dataclass(frozen=True)
class Centre:
    """By which claims are judged, from the settings."""

    endpoint: str | None = None
    """Creation address; None: any address may be the centre's."""
    key: Ed25519PublicKey | None = None

    @staticmethod
    def of(section: ServerSection) -> Centre:
        """Raises ConfigError."""
        if section.receipt_key is None:
            return Centre(section.url)
        from uploader.prove.signature import public_key

        return Centre(section.url, public_key(section.receipt_key))

    def can_ask(self, url: object) -> bool:
        """Whether an upload's address is one at which the centre's server answers."""
        if not isinstance(url, str):
            return False
        try:
            return self.endpoint is None or same_origin(url, self.endpoint)
        except ValueError:
            return False


def proves(
    receipt: Mapping[str, Any],
    take_id: str,
    path: Path,
    own: Collection[tuple[str, int]],
    key: Ed25519PublicKey | None,
) -> bool:
    """Whether the centre's receipt in it is of the take at `path`, and signed where there is a `key`.

    `own`: digests and sizes of what we recorded and sent. Without a key a receipt without the centre's is as
    good as one that has it. Raises KeyError, TypeError, AttributeError for what is no receipt.
    """
    inner = receipt.get("receipt")
    if inner is None:
        return key is None
    stored = (inner["sha256"].lower(), inner["size"])
    of_this = set(own)
    if key is None and receipt.get("encoding") == "flac":
        # What the centre stored was made of our recording elsewhere; nobody here can make it again.
        of_this.add((receipt["wire_sha256"], receipt["wire_size"]))
    if key is not None and stored not in of_this and _of_our_samples(inner, path):
        # A FLAC of our samples, made elsewhere: the centre signs the digest that stands in it.
        of_this.add(stored)
    return bool(is_genuine(inner, key) and inner["take_id"] == take_id and stored in of_this)


def is_genuine(inner: Mapping[str, Any], key: Ed25519PublicKey | None) -> bool:
    """Whether the centre has signed it; without a key nobody can say otherwise."""
    if key is None:
        return True
    # Imported where there is a signature: few stations have a key, and all would wait for cryptography.
    from uploader.prove.signature import is_signed

    return is_signed(inner, key)


def _of_our_samples(inner: Mapping[str, Any], path: Path) -> bool:
    signed = inner.get("pcm_md5")
    return isinstance(signed, str) and signed == samples_md5(path)
