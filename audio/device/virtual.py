"""The built-in headset: a virtual device for any computer, with faults on demand.

Paced by the clock like a card, and like a card's its buffer runs over when nobody takes what it heard.
The microphone hears a quiet room and what it is fed; the headphones are consumed and heard by nobody (or
leak into the microphone, fault "leak").
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio.audioerror import AudioError
from audio.device.clock import now
from audio.device.lookup import NAME
from audio.device.player import Player, load_sound
from audio.device.source import Block, Samples
from audio.protocol.messages import Side
from config.base import say
from config.takes import DeviceName

HOST_API = "virtual"
BLOCK_FRAMES = 1024
ROOM_DBFS = -62.0
"""RMS of the virtual room: a quiet office with a headset."""
FAULTS = (
    "none",
    "stall",
    "die",
    "mute",
    "loud",
    "quiet",
    "lossy",
    "leak",
    "dropout",
    "slow",
    "one_sided",
    "hang",
)
"""What Fault commands may ask for; "none" ends a fault."""
ROOM_GAIN = 10 ** (ROOM_DBFS / 20)
BUFFER_SECONDS = 2.0
"""What is older is lost, unless the clock runs faster than real time."""
_GAIN = {"loud": 10 ** (18 / 20), "quiet": 10 ** (-40 / 20)}
_ONE_SIDED: dict[Side, float] = {"mix": 0.5, "left": 1.0, "right": 0.0}
"""What is left of the sound where only the left side hears."""
LEAK_GAIN = 10 ** (-20 / 20)
SLOW = 44100 / 48000
"""A clock of 44.1 kHz that claims to be one of 48 kHz."""


class VirtualSource:
    """Implements audio.device.source.Source. `speed` > 1 runs the clock faster, with all samples."""

    def __init__(
        self,
        samplerate: int = 48000,
        bits: int = 16,
        side: Side = "mix",
        *,
        speed: float = 1.0,
        seed: int = 0,
    ) -> None:
        self.input = self.output = DeviceName(HOST_API, NAME)
        self.samplerate = samplerate
        self.bits = bits
        self.side = side
        self.player = Player()
        self.loop_frames = 0
        self.output_seconds = 0.0
        self._speed = speed
        self._random = np.random.default_rng(seed)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._fault = "none"
        self._feed: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._frames = 0
        self._last: Samples = self._integers(np.zeros(BLOCK_FRAMES, dtype=np.float32))

    def start(self, on_block: Callable[[Block], None]) -> None:
        self._thread = threading.Thread(target=self._run, args=(on_block,), name="virtual-headset")
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def feed(self, path: Path) -> None:
        """The microphone hears this WAV from now on. Raises AudioError."""
        self._feed = as_float(load_sound(path, self.samplerate))

    def fault(self, kind: str) -> None:
        """Make a fault of FAULTS happen. Raises AudioError."""
        if kind not in FAULTS:
            raise AudioError(say("The virtual headset has no fault “{kind}”.", kind=kind), code="refused")
        self._fault = kind

    def _run(self, on_block: Callable[[Block], None]) -> None:
        began = now()
        produced, behind = 0, 0.0
        while not self._ended.is_set():
            produced += BLOCK_FRAMES
            if self._fault == "slow":
                behind += BLOCK_FRAMES * (1 / SLOW - 1) / (self.samplerate * self._speed)
            due = began + behind + produced / (self.samplerate * self._speed)
            wait = due - now()
            if self._ended.wait(max(0.0, wait)):
                return
            if wait < -BUFFER_SECONDS and self._speed == 1:
                continue
            if self._fault == "die":
                return
            played = self.player.fill(BLOCK_FRAMES)
            if self._fault == "stall":
                continue
            if self._fault != "hang":
                self._last = self._hear(played)
            # A driver that hangs hands over its last buffer again and again.
            heard = self._last
            if self._fault == "lossy" and (produced // BLOCK_FRAMES) % 5 == 0:
                continue
            # On a faster clock the time stamps are stretched back, so that loss is counted truly.
            at = began + (now() - began) * self._speed
            on_block(Block(heard, self._frames, at))
            self._frames += len(heard)
            # What was lost or stalled before moves the place of everything after it.
            self.loop_frames = self._frames - self.player.frames

    def _hear(self, played: NDArray[np.int16]) -> Samples:
        if self._fault == "mute":
            return self._integers(np.zeros(BLOCK_FRAMES, dtype=np.float32))
        room = self._random.standard_normal(BLOCK_FRAMES, dtype=np.float32) * np.float32(ROOM_GAIN)
        fed, self._feed = self._feed[:BLOCK_FRAMES], self._feed[BLOCK_FRAMES:]
        room[: len(fed)] += fed * _GAIN.get(self._fault, 1.0)
        if self._fault == "leak":
            room += as_float(played) * np.float32(LEAK_GAIN)
        if self._fault == "dropout" and (self._frames // BLOCK_FRAMES) % 20 == 0:
            room[:] = 0
        if self._fault == "one_sided":
            room *= np.float32(_ONE_SIDED[self.side])
        return self._integers(room)

    def _integers(self, signal: NDArray[np.float32]) -> Samples:
        full_scale = 1 << (self.bits - 1)
        whole = np.clip(np.rint(signal * full_scale), -full_scale, full_scale - 1)
        if self.bits == 16:
            return np.asarray(whole, dtype=np.int16)
        return np.asarray(whole, dtype=np.int32) << np.int32(8)


def as_float(sound: NDArray[np.int16]) -> NDArray[np.float32]:
    """The left channel of a (frames, 2) sound, full scale = 1."""
    return np.asarray(sound[:, 0], dtype=np.float32) / np.float32(32768)
