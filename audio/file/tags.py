"""Reads what a take says of itself: the tags that audio.file.waveheader writes before the samples."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from pathlib import Path

from audio.file.waveheader import Tags
from config.takes import riff

BEXT_FIELDS = struct.Struct("<256s32s32s10s8sIIH")


def read_tags(path: Path) -> Tags:
    """The tags of a take or of its part file. Raises OSError, ValueError where they are not ours."""
    with path.open("rb") as file:
        chunks = {name: chunk.body for name, chunk in riff.read_chunks(file).items()}
    if not {b"fmt ", b"bext", b"LIST"} <= chunks.keys() or len(chunks[b"fmt "]) < 16:
        raise ValueError("tags are missing")
    info = riff.entries(chunks[b"LIST"])
    if len(chunks[b"bext"]) < BEXT_FIELDS.size:
        raise ValueError("a short bext chunk")
    described, originator, reference, date, time, low, high, _ = BEXT_FIELDS.unpack_from(chunks[b"bext"])
    comment = _text(info.get(b"ICMT", b""))
    if _text(described) != comment or _text(reference) != comment.replace("-", "")[:32]:
        raise ValueError("two ids in one file")
    began = datetime.fromisoformat(f"{_text(date)}T{_text(time)}")
    rate = int(struct.unpack_from("<I", chunks[b"fmt "], 4)[0])
    if rate == 0:
        raise ValueError("no rate")
    return Tags(
        title=_text(info.get(b"INAM", b"")),
        artist=_text(info.get(b"IART", b"")),
        comment=comment,
        software=_text(info.get(b"ISFT", b"")),
        originator=_text(originator),
        started_at=began + timedelta(seconds=(low + (high << 32)) % rate / rate),
    )


def _text(field: bytes) -> str:
    return field.split(b"\0")[0].decode("ascii")
