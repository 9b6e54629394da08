"""The chunks of a RIFF file up to its samples: the one place that walks them.

Sizes are claims: none is believed beyond MAX_CHUNK_BYTES, and that of the samples is only told.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

SAMPLES = b"data"
MAX_CHUNK_BYTES = 1 << 20
"""Nothing before the samples is longer; a longer chunk means a damaged header."""


class RiffError(ValueError):
    """Not what a WAV file begins with; the text says what."""


@dataclass(frozen=True)
class Chunk:
    name: bytes
    begin: int
    """Where its body begins, in bytes of the file."""
    length: int
    """Bytes, as it claims."""
    body: bytes
    """What is there of it; empty for the samples."""


def read_chunks(file: BinaryIO) -> dict[bytes, Chunk]:
    """All chunks before the samples, and `data` itself. Raises OSError, RiffError."""
    begin = file.read(12)
    if len(begin) < 12 or begin[:4] != b"RIFF" or begin[8:] != b"WAVE":
        raise RiffError("not a WAV file")
    found = {}
    for chunk in _walk(file):
        found[chunk.name] = chunk
        if chunk.name == SAMPLES:
            return found
    raise RiffError("no samples in it")


def entries(body: bytes) -> dict[bytes, bytes]:
    """What is in the body of a LIST chunk. Raises RiffError."""
    file = io.BytesIO(body)
    file.seek(4)
    return {chunk.name: chunk.body[: chunk.length] for chunk in _walk(file)}


def _walk(file: BinaryIO) -> Iterator[Chunk]:
    while len(head := file.read(8)) == 8:
        name, length = head[:4], int(struct.unpack("<I", head[4:])[0])
        begin = file.tell()
        if name == SAMPLES:
            yield Chunk(name, begin, length, b"")
            return
        if length > MAX_CHUNK_BYTES:
            raise RiffError("damaged header")
        yield Chunk(name, begin, length, file.read(length + (length & 1))[:length])
