"""The audio file of a take: RIFF/WAVE, PCM mono, with bext and LIST INFO before the data.

1. Samples are appended, then the two sizes in the header are corrected: at any moment the header
   claims no more than is there, and all but the last block.
2. fsync once a second, beside the writing, and at the end; `….part.wav` gets its final name only when whole.
3. Tags are ASCII and carry no name of a pupil.

Chunk layouts: EBU Tech 3285 (bext version 1), Microsoft/IBM RIFF MCI 1991 (LIST INFO).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from audio.device.source import Samples
from audio.file.syncing import Syncing
from config.disk import digest_of, is_there, put_in_place
from config.takes import part_path, riff

SYNC_SECONDS = 1.0
RIFF_SIZE_AT = 4
FMT_BYTES = 16


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


def to_bytes(samples: Samples, bits: int) -> bytes:
    """Little-endian PCM: int16 as it is, of int32 the upper 24 bits."""
    if bits == 16:
        return samples.astype("<i2", copy=False).tobytes()
    return (
        np.ascontiguousarray(samples.astype("<i4", copy=False)).view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()
    )


class TakeFile:
    """One take being written. Raises OSError (a full disk among them) from every method."""

    def __init__(self, path: Path, samplerate: int, bits: int, tags: Tags) -> None:
        self.path = path
        self.part = part_path(path)
        self.frames = 0
        self._bits = bits
        self._header = header(samplerate, bits, tags)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.part.open("xb", buffering=0)
        self._write(self._header)
        self._syncing = Syncing(self.part)

    def append(self, samples: Samples) -> None:
        """Add frames and correct the header."""
        # Not to the end of the file: half a block may stand there since the disk was full.
        self._file.seek(len(self._header) + self._size)
        self._write(to_bytes(samples, self._bits))
        self.frames += len(samples)
        self._correct_sizes()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]

    @property
    def _size(self) -> int:
        """Bytes of samples."""
        return self.frames * self._bits // 8

    def _correct_sizes(self) -> None:
        self._file.seek(RIFF_SIZE_AT)
        self._write(struct.pack("<I", len(self._header) - 8 + self._size))
        self._file.seek(len(self._header) - 4)
        self._write(struct.pack("<I", self._size))

    def begin_sync(self) -> bool:
        """Have what is written brought to the disk, without waiting; False while that still goes on."""
        return self._syncing.begin()

    def close(self) -> str:
        """Make the part file whole and durable; returns its sha256, read back from the disk."""
        self._syncing.close()
        self._file.truncate(len(self._header) + self._size)
        if self._size & 1:
            self._file.seek(0, os.SEEK_END)
            self._write(b"\0")
            self._file.seek(RIFF_SIZE_AT)
            self._write(struct.pack("<I", len(self._header) - 8 + self._size + 1))
        os.fsync(self._file.fileno())
        self._file.close()
        return digest_of(self.part)

    def abandon(self) -> None:
        """Close without finishing; recovery will find the part file."""
        # What the disk can't do was told by who abandons the take.
        with suppress(OSError):
            self._syncing.close()
        self._file.close()

    def publish(self) -> None:
        """Give the closed file its final name. The rename is the moment from which the take exists."""
        publish(self.part, self.path)


def publish(part: Path, path: Path) -> None:
    """Rename durably, never over another take. Raises FileExistsError."""
    if is_there(path):
        raise FileExistsError(path.name)
    put_in_place(part, path, synced=True)


def repair(path: Path) -> int:
    """Make the sizes in a header match the bytes on the disk; returns the frames.

    Works on sizes of zero, stale sizes and a torn last sample. Raises OSError, ValueError.
    """
    size = path.stat().st_size
    with path.open("r+b") as file:
        chunks = riff.read_chunks(file)
        form = chunks.get(b"fmt ")
        align = int(struct.unpack_from("<H", form.body, 12)[0]) if form and len(form.body) >= FMT_BYTES else 0
        if align == 0:
            raise ValueError("no fmt chunk")
        begin = chunks[riff.SAMPLES].begin
        length = (size - begin) // align * align
        file.truncate(begin + length)
        if length & 1:
            file.seek(0, os.SEEK_END)
            file.write(b"\0")
        file.seek(begin - 4)
        file.write(struct.pack("<I", length))
        file.seek(RIFF_SIZE_AT)
        file.write(struct.pack("<I", begin - 8 + length + (length & 1)))
        file.flush()
        os.fsync(file.fileno())
    return length // align
