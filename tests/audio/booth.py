"""A recorder that hears only what a test makes, and tells the test."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import numpy as np

from audio.capture.recorder import Recorder
from audio.device.source import Block
from audio.device.virtual import VirtualSource
from audio.file.wavread import read_wav
from audio.protocol import messages as ev
from tests.audio.capture import facts

E = TypeVar("E")
RATE, SIZE = 48000, 480


class Booth:
    """A recorder that hears blocks of 10 ms; every sample of block n is n."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "0107_song1_1.wav"
        self.events: list[ev.Event] = []
        self.source = VirtualSource(RATE, 16)
        self.recorder = Recorder(self.source, self.events.append)
        self.count = 0
        self.value: int | None = None
        self.late = 0.0
        """Seconds by which the clock is ahead of the samples: what is lost."""

    def hear(self, seconds: float, *, silent: bool = False) -> None:
        for _ in range(round(100 * seconds)):
            value = self.count if self.value is None else self.value
            samples = np.full(SIZE, 0 if silent else value, dtype=np.int16)
            self.source.player.fill(SIZE)
            self.recorder.process_block(Block(samples, self.count * SIZE, self.count / 100 + self.late), 0)
            self.count += 1

    def start(self, seconds: float = 30, music: Path | None = None, *, probe: bool = False) -> None:
        known = None if probe else facts(take_id="t")
        self.recorder.handle(ev.StartTake("t", str(self.path), seconds, known, str(music) if music else None))

    def stop(self) -> None:
        self.recorder.handle(ev.StopTake("t"))
        self.hear(0.01)

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def first(self) -> int:
        """Number of the first block in the take."""
        return int(read_wav(self.path).samples[0])
