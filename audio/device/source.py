"""The seam to the hardware: blocks in, sound out. `portaudio` and `virtual` are behind it.

1. Input and output run from start() to close(); nothing opens or closes them per take.
2. Blocks come on a thread of the source's own; on_block must return at once.
3. Frames are counted from the first block: a position in a take is a frame index, never a time.
4. close() aborts and never waits for pending buffers: on a dead device that would hang for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audio.device.player import Player
from audio.protocol.messages import Side
from config.takes import DeviceName

Samples = NDArray[np.int16] | NDArray[np.int32]


@dataclass(frozen=True)
class Block:
    """Consecutive input frames of one callback."""

    samples: Samples
    """Shape (frames,); int16, or int32 with 24-bit audio left-justified."""
    index: int
    """Frame index of the first sample since the stream began."""
    at: float
    """Time of the callback by audio.device.clock, in seconds."""
    overflow: bool = False
    """The driver says that input was lost; its silence proves nothing."""


class Source(Protocol):
    """A headset with both streams open. Opening raises AudioError."""

    input: DeviceName
    output: DeviceName
    samplerate: int
    bits: int
    side: Side
    player: Player
    """What the headphones play."""

    def start(self, on_block: Callable[[Block], None]) -> None: ...
    def close(self) -> None: ...

    @property
    def loop_frames(self) -> int:
        """Input frame index minus output frame index of the same moment."""
        ...

    @property
    def output_seconds(self) -> float:
        """How long a sample stays in the output buffers."""
        ...
