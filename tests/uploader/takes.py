"""Takes for tests: bytes with a sidecar, as the capture process leaves them."""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from pathlib import Path

from uploader.queue.take import FinishedTake

PART = 10_000_000
"""Random makes no more than 256 MB at once."""


def make_take(
    folder: Path, number: int = 1, size: int = 300_044, *, silence: int = 0, item: str = "song1"
) -> Path:
    """The sidecar of a new take of `size` bytes; the first `silence` of them are zero."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"S{number:03}_{item}_1.wav"
    noise = random.Random(f"{folder.name}{number}{item}{size}")
    with path.open("wb") as file:
        file.write(bytes(silence))
        for begin in range(silence, size, PART):
            file.write(noise.randbytes(min(PART, size - begin)))
    return describe(path, number, item)


def describe(path: Path, number: int = 1, item: str = "song1") -> Path:
    """Write the sidecar of a file."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    facts = {
        "version": 1,
        "take_id": str(uuid.uuid4()),
        "session": "afternoon",
        "station": "test-1",
        "student_id": f"S{number:03}",
        "item": item,
        "attempt": 1,
        "frames": (path.stat().st_size - 44) // 2,
        "bits": 16,
        "samplerate": 48000,
        "started_at": "2026-11-26T13:30:00+08:00",
        "ended_by": "stop",
        "sha256": sha256,
    }
    sidecar = path.with_suffix(".json")
    sidecar.write_text(json.dumps(facts), encoding="utf-8")
    return sidecar


def new_take(folder: Path, number: int = 1, size: int = 300_044, *, silence: int = 0) -> FinishedTake:
    return FinishedTake.from_sidecar(make_take(folder, number, size, silence=silence))
