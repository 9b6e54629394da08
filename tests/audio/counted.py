"""The capture process with a microphone that counts: `python -m tests.audio.counted COUNTER [OPTIONS]`.

Every sample is the index of its frame, and COUNTER holds how many frames the driver has handed over. It is
a file in memory that all see, so that it is still true after a SIGKILL.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.__main__ import main
from audio.device.source import Block, Samples
from audio.device.virtual import BLOCK_FRAMES, VirtualSource

FORMAT = "<q"


def handed_over(counter: Path) -> int:
    """Frames that the driver of a counted capture process has handed over."""
    return int(struct.unpack(FORMAT, counter.read_bytes())[0])


def count_into(counter: Path) -> None:
    """From now on the built-in headset counts."""
    counter.write_bytes(struct.pack(FORMAT, 0))
    with counter.open("r+b") as file:
        shared = mmap.mmap(file.fileno(), struct.calcsize(FORMAT))
    start = VirtualSource.start

    def counting(self: VirtualSource, on_block: Callable[[Block], None]) -> None:
        def hand_over(block: Block) -> None:
            on_block(block)
            shared[:] = struct.pack(FORMAT, block.index + len(block.samples))

        start(self, hand_over)

    def hear(self: VirtualSource, played: NDArray[np.int16]) -> Samples:
        # 24 bit, left-justified: unambiguous for 349 s.
        return np.arange(self._frames, self._frames + BLOCK_FRAMES, dtype=np.int32) << np.int32(8)

    VirtualSource.start = counting  # type: ignore[method-assign]
    VirtualSource._hear = hear  # type: ignore[method-assign]


if __name__ == "__main__":
    count_into(Path(sys.argv.pop(1)))
    code = main()
    os._exit(code)
