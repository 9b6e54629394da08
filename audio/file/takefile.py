"""The audio file of a take: RIFF/WAVE, PCM mono, with bext and LIST INFO before the data.

1. Samples are appended, then the two sizes in the header are corrected: at any moment the header
   claims no more than is there, and all but the last block.
2. fsync once a second, beside the writing, and at the end; `….part.wav` gets its final name only when whole.
3. Tags carry no name of a pupil.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from pathlib import Path

import numpy as np

from audio.device.source import Samples
from audio.file.partfile import publish
from audio.file.syncing import Syncing
from audio.file.waveheader import RIFF_SIZE_AT, Tags, header
from config.disk import digest_of
from config.takes import part_path

SYNC_SECONDS = 1.0


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
