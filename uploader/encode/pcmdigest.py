"""The digest of a recording's samples, by which its FLAC is known again wherever that was made."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

from config.takes import riff

MARKER = b"fLaC"
MD5_AT = 4 + 4 + 18
"""Marker, block header, and the place in STREAMINFO (RFC 9639, 8.2)."""
HEAD_BYTES = MD5_AT + 16
BLOCK = 1024 * 1024
PCM = (1, 0xFFFE)
"""Format tags of WAV: plain, and with an extension."""
WIDTHS = (16, 24)
"""Bits; FLAC's digest is of samples as WAV has these, little endian and packed."""


def streaminfo_md5(flac: Path) -> str | None:
    """What a FLAC says of its own samples; None where it does not say, or is none. Raises OSError."""
    with flac.open("rb") as file:
        return md5_in_head(file.read(HEAD_BYTES))


def md5_in_head(head: bytes) -> str | None:
    """The same of a file's first bytes, HEAD_BYTES or more."""
    found = head[MD5_AT:HEAD_BYTES]
    return found.hex() if head.startswith(MARKER) and len(found) == 16 and any(found) else None


def samples_md5(wav: Path) -> str | None:
    """Of a WAV with 16 or 24 bits; None for another file."""
    try:
        with wav.open("rb") as file:
            chunks = riff.read_chunks(file)
            tag, *_, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "].body)
            if tag not in PCM or bits not in WIDTHS:
                return None
            return _md5(file.read, chunks[riff.SAMPLES].length)
    except (OSError, KeyError, struct.error, riff.RiffError):
        return None


def _md5(read: Callable[[int], bytes], size: int) -> str | None:
    digest = hashlib.md5(usedforsecurity=False)
    while size and (block := read(min(BLOCK, size))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest() if not size else None
