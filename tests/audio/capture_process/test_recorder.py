"""Where a take begins and ends: blocks and commands in the order in which they came."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from errno import EIO, ENOSPC
from pathlib import Path

import numpy as np
import pytest

from audio.capture.recorder import Recorder
from audio.capture.running_take import Ending
from audio.device.source import Block
from audio.device.virtual import VirtualSource
from audio.file.recover import recover_part
from audio.file.takefile import TakeFile
from audio.file.wavread import read_wav
from audio.protocol import messages as ev
from config.takes import part_path
from tests.audio.capture import facts
from tests.audio.wavs import tone, write_wav

RATE, SIZE = 48000, 14400
"""Blocks of 300 ms: what PortAudio brings from PulseAudio."""


class Desk:
    """A recorder on blocks that only this test makes; the samples of block n are n."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "0107_song1_1.wav"
        self.events: list[ev.Event] = []
        self.source = VirtualSource(RATE, 16)
        self.recorder = Recorder(self.source, self.events.append)
        self._count = 0

    def hear(self, count: int) -> None:
        for _ in range(count):
            samples = np.full(SIZE, self._count, dtype=np.int16)
            self.recorder.process_block(Block(samples, self._count * SIZE, self._count * SIZE / RATE), 0)
            self._count += 1

    def start(self, music: Path | None = None) -> None:
        self.recorder.handle(
            ev.StartTake("t", str(self.path), 30, facts(take_id="t"), str(music) if music else "")
        )

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


def sounds(desk: Desk) -> bool:
    """Whether anything comes out of the headphones now."""
    return bool(desk.source.player.fill(480).any())


@pytest.mark.parametrize("ended_by", ["stop", "device", "disk"])
def test_the_music_of_a_take_ends_with_it(desk: Desk, tmp_path: Path, ended_by: Ending) -> None:
    desk.hear(2)
    desk.start(write_wav(tmp_path / "music.wav", tone(20, 440, -12)))
    desk.hear(3)
    assert sounds(desk)
    desk.recorder.end(ended_by)
    assert not sounds(desk), "the next pupil would hear it"


def test_a_prompt_that_is_stopped_is_silent_and_said_to_be_over(desk: Desk, tmp_path: Path) -> None:
    desk.recorder.handle(ev.Play("p", str(write_wav(tmp_path / "prompt.wav", tone(20, 440, -12)))))
    assert sounds(desk)
    desk.recorder.handle(ev.StopPlay())
    assert not sounds(desk)
    assert ev.PlayEnded("p", complete=False) in desk.events
    desk.hear(3)
    assert len([event for event in desk.events if isinstance(event, ev.PlayEnded)]) == 1


def failing(error: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    return fail


def records_another(desk: Desk, folder: Path) -> bool:
    """Whether the next take runs."""
    desk.path = folder / "0107_song2_1.wav"
    desk.start()
    desk.hear(2)
    return desk.recorder.recording


def test_after_a_take_that_could_not_begin_the_next_one_is_recorded(desk: Desk, tmp_path: Path) -> None:
    desk.hear(2)
    right, desk.path = desk.path, tmp_path / "nothing" / "0107_song1_1.wav"
    (tmp_path / "nothing").write_bytes(b"a file where the folder should be")
    desk.start()
    assert [type(event) for event in desk.events][-1] is ev.TakeFailed
    assert not desk.recorder.recording
    desk.path = right
    desk.start()
    desk.hear(3)
    desk.stop()
    desk.hear(1)
    assert len(desk.saved) == 1, "the afternoon goes on"


def test_a_take_whose_first_block_finds_no_room_is_no_take_and_the_next_is_recorded(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.hear(3)
    with monkeypatch.context() as patch:
        patch.setattr(TakeFile, "append", failing(ENOSPC))
        desk.start()
    failed = desk.events[-1]
    assert isinstance(failed, ev.TakeFailed)
    assert (failed.code, desk.recorder.recording) == ("disk_full", False)
    assert records_another(desk, tmp_path)


def test_a_take_on_a_disk_that_fails_ends_as_one_and_the_next_is_recorded(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.hear(2)
    desk.start()
    desk.hear(3)
    with monkeypatch.context() as patch:
        patch.setattr(TakeFile, "append", failing(ENOSPC))
        desk.hear(1)
    assert [(saved.ended_by, saved.frames > 0) for saved in desk.saved] == [("disk", True)]
    assert records_another(desk, tmp_path)


@pytest.mark.parametrize(("error", "code"), [(ENOSPC, "disk_full"), (EIO, "disk_error")])
def test_a_take_that_the_disk_does_not_end_is_told_and_what_was_sung_is_found_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int, code: str
) -> None:
    """Nobody may wait for ever for a word on the take."""
    desk.hear(2)
    desk.start()
    desk.hear(3)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(error))
        desk.stop()
        desk.hear(1)
    assert not desk.saved
    failed = [(event.take_id, event.code) for event in desk.events if isinstance(event, ev.TakeFailed)]
    assert (failed, desk.recorder.recording) == ([("t", code)], False)
    sung = desk.path
    assert records_another(desk, tmp_path)
    assert recover_part(part_path(sung)).outcome == "recovered"
    assert len(read_wav(sung).samples) == 5 * SIZE
