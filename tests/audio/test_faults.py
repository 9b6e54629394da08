"""Every fault that the built-in headset can make, and those of the disk: noticed, named, nothing lost."""

from __future__ import annotations

import errno
import re
import wave
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

import audio
from audio.capture.recorder import Recorder
from audio.device.virtual import VirtualSource
from audio.file.takefile import TakeFile
from audio.judge.reasons import REASONS
from audio.judge.remarks import REMARKS
from audio.levels import SILENCE_DBFS
from audio.protocol import messages as ev
from audio.soundfaults import FAULTS
from config.takes import read_finished
from tests.audio.capture import Capture, facts
from tests.audio.wavs import noise, read_wav, tone, write_wav

SPEED = 3.0
"""Of the headset's clock where only its samples matter."""


@pytest.mark.parametrize("kind", ["stall", "die"])
def test_a_dead_headset_is_noticed_within_a_second_and_a_half(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "0107_song1_1.wav"
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.StartTake("take-1", str(path), 30, facts()))
        capture.wait(ev.TakeStarted)
        sleep(1.0)
        capture.send(ev.Fault(kind))
        began = monotonic()
        saved = capture.wait(ev.TakeSaved)
        lost = capture.wait(ev.DeviceLost)
        assert monotonic() - began < 1.5
        assert capture.wait(ev.Died).returncode == 3
    assert (saved.ended_by, lost.code) == ("device", "stalled")
    assert saved.frames >= 0.3 * 48000
    assert read_finished(path).ended_by == "device"


def take_with(folder: Path, kind: str, seconds: float = 2.0) -> ev.TakeSaved:
    sound = write_wav(folder / "tone.wav", tone(8, 440, -12))
    with Capture(folder, speed=SPEED) as capture:
        capture.open()
        sleep(0.4)
        capture.send(ev.Fault(kind))
        capture.send(ev.Feed(str(sound)))
        sleep(0.4 / SPEED)
        capture.send(ev.StartTake("take-1", str(folder / "a.wav"), seconds, facts()))
        return capture.wait(ev.TakeSaved)


def test_lost_samples_are_counted(tmp_path: Path) -> None:
    saved = take_with(tmp_path, "lossy", 3.0)
    assert saved.loss.short_ms > 300, saved.loss


def test_a_muted_microphone_is_all_zeros(tmp_path: Path) -> None:
    saved = take_with(tmp_path, "mute")
    assert not read_wav(Path(saved.path)).any()
    assert saved.loss.longest_zero_run_ms > 1900


def test_dropouts_are_counted(tmp_path: Path) -> None:
    saved = take_with(tmp_path, "dropout")
    assert saved.loss.longest_zero_run_ms >= 20


@pytest.mark.parametrize(("kind", "low", "high"), [("loud", 32767, 32768), ("quiet", 0, 200)])
def test_gain_faults(tmp_path: Path, kind: str, low: int, high: int) -> None:
    saved = take_with(tmp_path, kind)
    peak = int(np.abs(read_wav(Path(saved.path)).astype(int)).max())
    assert low <= peak <= high


def test_the_headphones_leak_into_the_microphone(tmp_path: Path) -> None:
    sound = write_wav(tmp_path / "loud.wav", tone(3, 1000, -6))
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.Fault("leak"))
        capture.send(ev.Play("p", str(sound)))
        capture.wait(ev.PlayStarted)
        deadline = monotonic() + 3
        while not any(level.peak_dbfs > -30 for level in capture.all(ev.Level)):
            assert monotonic() < deadline
            sleep(0.05)


def test_an_unknown_headset_is_refused_by_name(tmp_path: Path) -> None:
    with Capture(tmp_path) as capture:
        capture.send(ev.OpenDevices("no such headset", "no such headset", 48000, 16))
        refused = capture.wait(ev.Refused)
        assert refused.code == "no_device"
        assert "no such headset" in refused.detail
        capture.open()


def test_a_take_without_a_headset_fails_at_once(tmp_path: Path) -> None:
    with Capture(tmp_path) as capture:
        capture.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 1, facts()))
        assert capture.wait(ev.TakeFailed).code == "no_device"


def test_a_sound_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.Play("p", str(tmp_path / "missing.wav")))
        assert capture.wait(ev.Refused).code == "bad_sound"


# --- the disk


def feed_blocks(recorder: Recorder, source: VirtualSource, count: int) -> None:
    from audio.device.source import Block

    samples = noise(1024 / 48000, -40)
    for index in range(count):
        recorder.process_block(Block(samples, index * 1024, index * 1024 / 48000), 0)


def test_a_full_disk_keeps_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[ev.Event] = []
    source = VirtualSource()
    recorder = Recorder(source, said.append)
    feed_blocks(recorder, source, 20)
    recorder.handle(ev.StartTake("take-1", str(tmp_path / "0107_song1_1.wav"), 30, facts()))
    written = TakeFile.append

    def full(self: TakeFile, samples: object) -> None:
        if self.frames > 30_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        written(self, samples)  # type: ignore[arg-type]

    monkeypatch.setattr(TakeFile, "append", full)
    feed_blocks(recorder, source, 60)
    saved = [event for event in said if isinstance(event, ev.TakeSaved)]
    assert [event.ended_by for event in saved] == ["disk"]
    with wave.open(saved[0].path, "rb") as file:
        assert file.getnframes() == saved[0].frames > 30_000


def test_a_disk_that_can_not_be_written_fails_the_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[ev.Event] = []
    recorder = Recorder(VirtualSource(), said.append)

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(TakeFile, "append", broken)
    recorder.handle(ev.StartTake("take-1", str(tmp_path / "0107_song1_1.wav"), 30, facts()))
    feed_blocks(recorder, VirtualSource(), 30)
    assert [event.code for event in said if isinstance(event, ev.TakeFailed)] == ["disk_error"]


def test_the_table_of_what_can_fail_names_only_codes_that_exist() -> None:
    """The tables below it are generated and compared in tests/test_readme.py."""
    text = (Path(audio.__file__).parent / "FAULTS.md").read_text(encoding="utf-8")
    by_hand = [line.split("|")[3] for line in text.partition("\n## ")[0].splitlines() if line.startswith("|")]
    named = {code for cell in by_hand for code in re.findall(r"`([a-z_]+)`", cell)}
    assert {"moved", "stalled", "lost_samples", "disk_full"} <= named <= {*FAULTS, *REASONS, *REMARKS}


def test_every_code_has_a_sentence() -> None:
    assert all(str(fault.message).endswith(".") for fault in FAULTS.values())
    assert SILENCE_DBFS < -90
