"""Takes as the capture process writes them, with all their tags."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np

from audio.file.takefile import TakeFile
from audio.file.waveheader import Tags
from config.disk import digest_of

RATE = 48000
BITS = (16, 24)
TAKE_ID = "3f2b8a52-9d0c-4c39-8a62-1d3c2f1e0b7a"
TAGS = Tags(
    title="song1",
    artist="0107",
    comment=TAKE_ID,
    software="station 0.1.0",
    originator="310105-017-A",
    started_at=datetime(2026, 11, 25, 13, 30, 5, 500000, tzinfo=timezone(timedelta(hours=8))),
)


def block(frames: int, bits: int, seed: int = 0) -> Any:
    """Noise as a source delivers it: int16, or int32 with 24 bits left-justified."""
    random = np.random.default_rng(seed)
    if bits == 16:
        return random.integers(-32768, 32768, frames).astype(np.int16)
    return random.integers(-(2**23), 2**23, frames).astype(np.int32) << 8


def write(path: Path, bits: int, frames: int = 4801) -> Any:
    """A whole take; returns its samples."""
    file = TakeFile(path, RATE, bits, TAGS)
    samples = block(frames, bits)
    for begin in range(0, frames, 1024):
        file.append(samples[begin : begin + 1024])
    assert file.close() == digest_of(file.part)
    file.publish()
    return samples
