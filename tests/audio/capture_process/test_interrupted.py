"""What stops a recording from outside: a slow disk, a disk that is really full, a computer that sleeps."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import psutil
import pytest

from audio.capture import process as client
from audio.capture.recorder import Recorder
from audio.device import clock
from audio.device.source import Block
from audio.device.virtual import VirtualSource
from audio.file.takefile import SYNC_SECONDS
from audio.judge.evidence import Expectation
from audio.judge.verdict import judge
from audio.protocol import messages as ev
from config.kit.limits import Limits
from config.takes import Loss, part_path, read_finished
from tests.audio.capture import Capture, facts
from tests.audio.held_disk import SECONDS as HELD_SECONDS
from tests.audio.slow_disk import SECONDS
from tests.audio.wavs import noise


def frames_of(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        return file.getnframes()


def reasons(path: Path) -> tuple[str, ...]:
    known = read_finished(path)
    expectation = Expectation(1, 60, None, known.loss or Loss(), known.ended_by, None, None)
    return judge(path, expectation, Limits()).reasons


def run_as(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The capture process is this one instead."""
    monkeypatch.setattr(client, "command_line", lambda *arguments: [sys.executable, "-m", module, *arguments])


def test_a_slow_disk_loses_nothing_and_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_as("tests.audio.slow_disk", monkeypatch)
    path = tmp_path / "0107_song1_1.wav"
    with Capture(tmp_path) as capture:
        capture.open()
        sleep(0.7)
        capture.send(ev.StartTake("take-1", str(path), 2.5, facts()))
        saved = capture.wait(ev.TakeSaved)
    assert saved.ended_by == "maximum"
    assert 2.5 <= saved.frames / 48000 < 3.0
    assert saved.loss.queue_peak < 0.5 * SECONDS * 48000 / 1024, "blocks waited in memory"
    assert saved.loss.short_ms < 50
    assert "lost_samples" not in reasons(path)


def test_a_kill_while_a_slow_disk_works_loses_a_second_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for the disk in memory would be lost: the disk is slower than that second."""
    run_as("tests.audio.slow_disk", monkeypatch)
    path = tmp_path / "0107_song1_1.wav"
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.StartTake("take-1", str(path), 30, facts()))
        capture.wait(ev.TakeStarted)
        began = time.monotonic()
        sleep(SYNC_SECONDS + 0.9 * SECONDS)
        psutil.Process(capture.process.pid).kill()
        recorded = time.monotonic() - began
        capture.wait(ev.Died)
    assert frames_of(part_path(path)) / 48000 > recorded - 1.0


def test_a_file_that_an_antivirus_holds_is_renamed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_as("tests.audio.held_disk", monkeypatch)
    paths = [tmp_path / f"0107_song1_{number}.wav" for number in (1, 2)]
    with Capture(tmp_path) as capture:
        capture.open()
        sleep(0.7)
        for number, path in enumerate(paths):
            seen = len(capture.events)
            capture.send(ev.StartTake(f"take-{number}", str(path), 1.0, facts(take_id=f"take-{number}")))
            saved = capture.wait(ev.TakeSaved, after=seen)
            assert saved.loss.queue_peak > 0.8 * HELD_SECONDS * 48000 / 1024, "the blocks waited in memory"
            assert saved.loss.short_ms < 50
            assert 1.0 <= saved.frames / 48000 < 1.5
            assert "lost_samples" not in reasons(path)


HANGS = """
import subprocess, sys, time
kept = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(40)"])
print(kept.pid, file=sys.stderr, flush=True)
time.sleep(60)
"""


@pytest.mark.timeout(120)
def test_a_recorder_that_can_not_be_ended_does_not_keep_the_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a driver that hangs: the pipes stay open after the kill, here with a process of its own."""
    monkeypatch.setattr(client, "command_line", lambda *arguments: [sys.executable, "-c", HANGS])
    process = client.CaptureProcess(tmp_path / "log", lambda event: None)
    try:
        until = time.monotonic() + 30
        while not (tmp_path / "log").read_bytes().strip():
            assert time.monotonic() < until
            sleep(0.1)
        began = time.monotonic()
        process.close(timeout=0.2)
        assert time.monotonic() - began < 20
    finally:
        psutil.Process(int((tmp_path / "log").read_text())).kill()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with one megabyte."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"can't mount a small file system: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full_keeps_what_there_is(small_disk: Path, tmp_path: Path) -> None:
    path = small_disk / "0107_song1_1.wav"
    with Capture(tmp_path, speed=10) as capture:
        capture.open()
        sleep(0.3)
        capture.send(ev.StartTake("take-1", str(path), 60, facts()))
        saved = capture.wait(ev.TakeSaved)
        capture.send(
            ev.StartTake("take-2", str(small_disk / "0108_song1_1.wav"), 60, facts("0108", "take-2"))
        )
        assert capture.wait(ev.TakeFailed).code == "disk_full"
        assert capture.all(ev.DeviceLost) == []
    assert saved.ended_by == "disk"
    assert frames_of(path) == saved.frames > 0.85 * 2**20 / 2, "all but the reserve"
    assert (read_finished(path).frames, read_finished(path).sha256) == (saved.frames, saved.sha256)
    assert "partial" in reasons(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_a_stopped_computer_is_counted_and_the_take_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "0107_song1_1.wav"
    with Capture(tmp_path) as capture:
        capture.open()
        sleep(0.7)
        capture.send(ev.StartTake("take-1", str(path), 3, facts()))
        capture.wait(ev.TakeStarted)
        sleep(0.5)
        process = psutil.Process(capture.process.pid)
        process.suspend()
        sleep(3.0)
        process.resume()
        saved = capture.wait(ev.TakeSaved)
        assert capture.all(ev.DeviceLost) == [], "time in which the process itself was stopped proves nothing"
    assert saved.ended_by == "maximum"
    assert 800 < saved.loss.short_ms < 3200, "what the card's buffer did not hold"
    assert saved.loss.longest_gap_ms > 2500
    assert "lost_samples" in reasons(path)


def test_a_computer_that_slept_is_counted(tmp_path: Path) -> None:
    """The samples go on where they stopped; only the clock tells."""
    said: list[ev.Event] = []
    recorder = Recorder(VirtualSource(), said.append)
    samples = noise(1024 / 48000, -40)
    path = tmp_path / "0107_song1_1.wav"
    for number in range(200):
        slept = 90 if number > 100 else 0
        recorder.process_block(Block(samples, number * 1024, slept + number * 1024 / 48000), 0)
        if number == 50:
            recorder.handle(ev.StartTake("take-1", str(path), 30, facts()))
    recorder.end("stop")
    [saved] = [event for event in said if isinstance(event, ev.TakeSaved)]
    assert saved.loss.short_ms == pytest.approx(90_000, abs=50)
    assert "lost_samples" in reasons(path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the monotonic clock goes on")
def test_the_clock_goes_on_in_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "linux":
        suspended = {time.CLOCK_BOOTTIME: 1090.0, time.CLOCK_MONOTONIC: 1000.0}
        monkeypatch.setattr(time, "clock_gettime", suspended.__getitem__)
        assert clock.now() == 1090.0
