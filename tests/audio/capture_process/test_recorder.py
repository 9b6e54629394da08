"""Where a take begins and ends: blocks and commands in the order in which they came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio.capture.recorder import Recorder
from audio.device.source import Block
from audio.device.virtual import VirtualSource
from audio.file.wavread import read_wav
from audio.protocol import messages as ev
from tests.audio.capture import facts

RATE, SIZE = 48000, 14400
"""Blocks of 300 ms: what PortAudio brings from PulseAudio."""


class Desk:
    """A recorder on blocks that only this test makes; the samples of block n are n."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "0107_song1_1.wav"
        self.events: list[ev.Event] = []
        self.recorder = Recorder(VirtualSource(RATE, 16), self.events.append)
        self._count = 0

    def hear(self, count: int) -> None:
        for _ in range(count):
            samples = np.full(SIZE, self._count, dtype=np.int16)
            self.recorder.process_block(Block(samples, self._count * SIZE, self._count * SIZE / RATE), 0)
            self._count += 1

    def start(self) -> None:
        self.recorder.handle(ev.StartTake("t", str(self.path), 30, facts(take_id="t")))

    def stop(self) -> None:
        self.recorder.handle(ev.StopTake("t"))

    @property
    def saved(self) -> list[ev.TakeSaved]:
        return [event for event in self.events if isinstance(event, ev.TakeSaved)]

    @property
    def blocks(self) -> list[int]:
        """Numbers of the blocks in the take."""
        return sorted({int(value) for value in np.unique(read_wav(self.path).samples)})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.recorder.end("stop")


def test_a_take_ends_with_the_block_of_the_key(desk: Desk) -> None:
    """What was sung up to the key is in a block that the driver still holds."""
    desk.hear(6)
    desk.start()
    desk.hear(3)
    desk.stop()
    assert not desk.saved
    desk.hear(1)
    assert [saved.ended_by for saved in desk.saved] == ["stop"]
    assert desk.blocks[-1] == 9
    desk.hear(2)
    assert (len(desk.saved), desk.recorder.recording) == (1, False)


def test_the_next_take_is_not_stopped_by_the_key_of_the_last(desk: Desk, tmp_path: Path) -> None:
    desk.hear(6)
    desk.start()
    desk.stop()
    desk.hear(1)
    desk.path = tmp_path / "0107_song2_1.wav"
    desk.start()
    desk.hear(4)
    assert desk.recorder.recording


def test_a_device_that_dies_after_the_key_ends_nothing_early(desk: Desk) -> None:
    desk.hear(6)
    desk.start()
    desk.hear(3)
    desk.stop()
    desk.recorder.end("device")
    assert [saved.ended_by for saved in desk.saved] == ["stop"]


def test_the_key_for_another_take_stops_nothing(desk: Desk) -> None:
    desk.hear(6)
    desk.start()
    desk.recorder.handle(ev.StopTake("another"))
    desk.hear(2)
    assert desk.recorder.recording
