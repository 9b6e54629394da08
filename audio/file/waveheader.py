"""The header of a take's file, with bext and LIST INFO before the data. Tags are ASCII.

Chunk layouts: EBU Tech 3285 (bext version 1), Microsoft/IBM RIFF MCI 1991 (LIST INFO).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

RIFF_SIZE_AT = 4
"""Of the first of the two sizes; the other stands before the first sample."""


@dataclass(frozen=True)
class Tags:
    """What the file says of itself."""

    title: str = ""
    artist: str = ""
    comment: str = ""
    software: str = ""
    originator: str = ""
    started_at: datetime | None = None


def _ascii(text: str, length: int | None = None) -> bytes:
    return text.encode("ascii", "replace")[:length]


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def _info(tags: Tags) -> bytes:
    date = tags.started_at.strftime("%Y-%m-%d") if tags.started_at else ""
    entries: Mapping[bytes, str] = {
        b"INAM": tags.title,
        b"IART": tags.artist,
        b"ICMT": tags.comment,
        b"ISFT": tags.software,
        b"ICRD": date,
    }
    body = b"".join(_chunk(name, _ascii(text) + b"\0") for name, text in entries.items() if text)
    return _chunk(b"LIST", b"INFO" + body)


def _bext(tags: Tags, samplerate: int) -> bytes:
    began = tags.started_at
    date = began.strftime("%Y-%m-%d") if began else ""
    time = began.strftime("%H:%M:%S") if began else ""
    seconds = began.hour * 3600 + began.minute * 60 + began.second if began else 0
    reference = seconds * samplerate + (began.microsecond * samplerate // 1_000_000 if began else 0)
    body = struct.pack(
        "<256s32s32s10s8sIIH64s190s",
        _ascii(tags.comment, 256),
        _ascii(tags.originator, 32),
        # 32 characters hold a UUID only without its dashes.
        _ascii(tags.comment.replace("-", ""), 32),
        _ascii(date),
        _ascii(time),
        reference & 0xFFFFFFFF,
        reference >> 32,
        1,
        b"",
        b"",
    )
    return _chunk(b"bext", body)


def header(samplerate: int, bits: int, tags: Tags) -> bytes:
    """Everything before the first sample; the two sizes are those of an empty take."""
    align = bits // 8
    fmt = struct.pack("<HHIIHH", 1, 1, samplerate, samplerate * align, align, bits)
    body = b"WAVE" + _bext(tags, samplerate) + _info(tags) + _chunk(b"fmt ", fmt)
    body += b"data" + struct.pack("<I", 0)
    return b"RIFF" + struct.pack("<I", len(body)) + body
