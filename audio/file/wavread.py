"""Reads a take back: PCM WAV, mono, 16 or 24 bit, with the digest of the file from the same pass.

1. The header is read as a stranger's would be: chunks in any order, odd lengths padded, WAVEX accepted.
2. Sizes in the header are claims: what counts is what is there; `complete` says whether both agree.
3. The file is read in blocks; in memory are the samples only, as integers: a minute takes 6 MB (24 bit:
   12 MB), and floats are made a second at a time.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from audio.audioerror import AudioError
from config.base import say
from config.takes import riff

BLOCK_BYTES = 1 << 20
MAX_BYTES = 360_000_000
"""Ten minutes of 192 kHz and 24 bits have 346 MB."""
PCM, EXTENSIBLE = 1, 0xFFFE
Samples = NDArray[np.int16] | NDArray[np.int32]


class UnreadableWavError(AudioError):
    """The file can't be read as what the station records."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            say("The recording {file} can't be read: {detail}", file=path.name, detail=detail),
            code="unreadable",
        )


@dataclass(frozen=True)
class Sound:
    """A recording in memory."""

    samples: Samples
    """Shape (frames,); int16, or int32 with 24-bit audio left-justified."""
    samplerate: int
    bits: int
    sha256: str
    """Of the whole file, header included."""
    complete: bool
    """The file has all the frames that its header claims."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.samplerate

    @property
    def full_scale(self) -> int:
        return int(1 << (8 * self.samples.itemsize - 1))

    def blocks(self, frames: int) -> Iterator[NDArray[np.float32]]:
        """The samples as floats, full scale = 1, `frames` at a time; the last block may be shorter."""
        scale = np.float32(1 / self.full_scale)
        for begin in range(0, len(self.samples), frames):
            yield self.samples[begin : begin + frames].astype(np.float32) * scale

    def part(self, begin: int, end: int) -> NDArray[np.float32]:
        """Frames `begin` to `end` as floats, cut where the take begins and ends."""
        chosen = self.samples[max(0, begin) : max(0, end)]
        return chosen.astype(np.float32) / np.float32(self.full_scale)


@dataclass(frozen=True)
class _Header:
    samplerate: int
    bits: int
    begin: int
    """Where the samples begin, in bytes of the file."""
    data_bytes: int
    """As the header claims."""


def read_wav(path: Path) -> Sound:
    """All of a recording. Raises UnreadableWavError."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise UnreadableWavError(path, "it is longer than any recording of the station")
            header = _read_header(path, file)
            file.seek(0)
            digest.update(file.read(header.begin))
            # In one piece from the beginning: pieces and their sum would need twice the memory.
            sound = bytearray(min(header.data_bytes, size - header.begin))
            left = header.data_bytes - file.readinto(sound)
            digest.update(sound)
            while data := file.read(BLOCK_BYTES):
                digest.update(data)
    except OSError as error:
        raise UnreadableWavError(path, error.strerror or str(error)) from error
    samples = _samples(sound, header.bits)
    return Sound(samples, header.samplerate, header.bits, digest.hexdigest(), complete=left == 0)


def _samples(data: bytes | bytearray, bits: int) -> Samples:
    """Whole samples of little-endian PCM; a torn one at the end is left out."""
    if bits == 16:
        return np.frombuffer(data, dtype="<i2", count=len(data) // 2).astype(np.int16, copy=False)
    count = len(data) // 3
    wide = np.zeros((count, 4), dtype=np.uint8)
    wide[:, 1:] = np.frombuffer(data, dtype=np.uint8, count=3 * count).reshape(-1, 3)
    return wide.view("<i4").reshape(-1).astype(np.int32, copy=False)


def _read_header(path: Path, file: BinaryIO) -> _Header:
    try:
        chunks = riff.read_chunks(file)
    except riff.RiffError as error:
        raise UnreadableWavError(path, str(error)) from error
    if b"fmt " not in chunks:
        raise UnreadableWavError(path, "the samples come before their format")
    samples = chunks[riff.SAMPLES]
    samplerate, bits = _format(path, chunks[b"fmt "].body)
    return _Header(samplerate, bits, samples.begin, samples.length)


def _format(path: Path, body: bytes) -> tuple[int, int]:
    """Rate and bits of a `fmt ` chunk."""
    if len(body) < 16:
        raise UnreadableWavError(path, "damaged header")
    kind, channels, rate, _, align, bits = struct.unpack_from("<HHIIHH", body)
    if kind == EXTENSIBLE and len(body) >= 26:
        kind = struct.unpack_from("<H", body, 24)[0]
    if kind != PCM or channels != 1 or bits not in (16, 24) or align != bits // 8 or rate == 0:
        raise UnreadableWavError(path, f"format {kind}, {channels} channels, {bits} bit, {rate} Hz")
    return int(rate), int(bits)
