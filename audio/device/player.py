"""What the headphones play: one sound at a time, in memory, mixed by nobody.

fill() runs in the driver's callback: no disk, no decoding, no lock. Swapping the one reference
`_playing` is atomic in CPython, and fill() reads it once per block.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.audioerror import AudioError
from audio.protocol.messages import Ear
from config.base import say

CHANNELS = 2


@dataclass
class Playing:
    """A sound on its way; `position` moves in the callback only."""

    play_id: str
    samples: NDArray[np.int16]
    """Shape (frames, 2)."""
    position: int = 0
    began_frame: int | None = None
    """Output frame index of its first sample."""

    @property
    def ended(self) -> bool:
        return self.position >= len(self.samples)


class Player:
    """The output side of a source."""

    def __init__(self) -> None:
        self.frames = 0
        """Output frames since the stream began."""
        self._playing: Playing | None = None
        self._silence = np.zeros((0, CHANNELS), dtype=np.int16)

    def play(self, play_id: str, samples: NDArray[np.int16]) -> Playing:
        """Replace whatever plays. `samples`: shape (frames, 2)."""
        playing = Playing(play_id, samples)
        self._playing = playing
        return playing

    def silence(self) -> None:
        self._playing = None

    def fill(self, frames: int) -> NDArray[np.int16]:
        """The next `frames` output frames, shape (frames, 2); not to be written to."""
        if len(self._silence) != frames:
            self._silence = np.zeros((frames, CHANNELS), dtype=np.int16)
        block = self._silence
        playing = self._playing
        if playing is not None and not playing.ended:
            if playing.began_frame is None:
                playing.began_frame = self.frames
            part = playing.samples[playing.position : playing.position + frames]
            block = np.concatenate([part, block[len(part) :]])
            playing.position += len(part)
        self.frames += frames
        return block


def load_sound(path: Path, samplerate: int, ear: Ear = "both") -> NDArray[np.int16]:
    """A 16-bit WAV at the device rate as (frames, 2). Raises AudioError."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getframerate() != samplerate or file.getsampwidth() != 2:
                raise wave.Error(f"{file.getframerate()} Hz, {8 * file.getsampwidth()} bit")
            flat = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            samples: NDArray[np.int16] = flat.reshape(-1, file.getnchannels())
    except (OSError, wave.Error, EOFError) as error:
        raise AudioError(
            say("The sound {file} can't be played: {detail}", file=path.name, detail=str(error)),
            code="bad_sound",
        ) from error
    both = np.repeat(samples[:, :1], CHANNELS, axis=1) if samples.shape[1] == 1 else samples[:, :2]
    stereo: NDArray[np.int16] = np.array(both, dtype=np.int16)
    if ear != "both":
        stereo[:, 1 if ear == "left" else 0] = 0
    return stereo
