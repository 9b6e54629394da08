"""Small 16-bit mono WAVs for prompts and virtual singers."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def write_wav(path: Path, signal: NDArray[np.float32], samplerate: int) -> Path:
    """Write `signal` (frames,), full scale = 1, as PCM. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = np.clip(np.rint(signal * 32767), -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(samplerate)
        file.writeframes(samples.tobytes())
    return path
