"""Headers of tus and RFC 9530: written by us, read from strangers. Pure."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping

from uploader.tus.answer import Headed

NUMBER = re.compile(r"[0-9]{1,18}")
"""Other digits and longer numbers are no sizes of files; int() refuses some of them with an error."""


def number(response: Headed, name: str) -> int | None:
    """A size or offset; None where there is none that can be one."""
    text = response.headers.get(name, "").strip()
    return int(text) if NUMBER.fullmatch(text) else None


def encode_metadata(metadata: Mapping[str, str]) -> str:
    return ",".join(
        f"{name} {base64.b64encode(value.encode('utf-8')).decode('ascii')}"
        for name, value in metadata.items()
    )


def decode_metadata(header: str) -> dict[str, str]:
    """The inverse of encode_metadata; pairs that are none are left out."""
    found = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        if not name:
            continue
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8")
        except ValueError:
            continue
    return found


def repr_digest(header: str) -> str | None:
    """Hex sha256 of a Repr-Digest header, `sha-256=:…:`."""
    for member in header.split(","):
        name, _, value = member.strip().partition("=")
        if name.lower() == "sha-256" and value.startswith(":") and value.endswith(":"):
            try:
                return base64.b64decode(value[1:-1], validate=True).hex()
            except ValueError:
                return None
    return None


def checksum_header(algorithm: str, blocks: Iterable[bytes]) -> str:
    """Upload-Checksum of these bytes."""
    digest = hashlib.new(algorithm)
    for block in blocks:
        digest.update(block)
    return f"{algorithm} {base64.b64encode(digest.digest()).decode('ascii')}"
