"""A take's file that was not finished: made readable, and given its final name."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from audio.file.waveheader import RIFF_SIZE_AT
from config.disk import is_there, put_in_place
from config.takes import riff

FMT_BYTES = 16


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
