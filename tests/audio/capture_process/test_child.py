"""The capture process as its own process: killed, abandoned, not listened to, given rubbish."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path
from random import Random
from time import monotonic, sleep

import psutil
import pytest
from filelock import FileLock, Timeout

from audio.device.priority import NICENESS
from audio.file.recover import recover_folder
from audio.protocol import messages as ev
from audio.protocol.codec import encode
from config.takes import part_path, read_finished
from tests.audio.capture import Capture, facts


def frames_of(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        return file.getnframes()


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize("seed", range(4))
def test_sigkill_loses_nothing_before_the_last_second(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "0107_song1_1.wav"
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.StartTake("take-1", str(path), 30, facts()))
        capture.wait(ev.TakeStarted)
        began = monotonic()
        sleep(0.5 + Random(seed).random())
        psutil.Process(capture.process.pid).kill()
        recorded = monotonic() - began
        capture.wait(ev.Died)
    part = part_path(path)
    assert frames_of(part) / 48000 > recorded - 1.0, "the header of the part file is true at once"
    [found] = recover_folder(tmp_path)
    assert (found.outcome, found.path) == ("recovered", path)
    assert frames_of(path) == found.frames == read_finished(path).frames
    assert (read_finished(path).student_id, read_finished(path).recovered) == ("0107", True)


def spawn(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "audio", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def tell(process: subprocess.Popen[bytes], *commands: ev.Command) -> None:
    assert process.stdin is not None
    for command in commands:
        process.stdin.write(encode(command).encode() + b"\n")
    process.stdin.flush()


def test_a_dead_parent_does_not_end_a_take(tmp_path: Path) -> None:
    """Its pipes are closed as they are when the station is killed."""
    path, lock = tmp_path / "0107_song1_1.wav", tmp_path / "capture.lock"
    process = spawn(f"--lock={lock}")
    tell(
        process,
        ev.OpenDevices("builtin", "builtin", 48000, 16),
        ev.StartTake("take-1", str(path), 2.0, facts()),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    while b"TakeStarted" not in process.stdout.readline():
        pass
    process.stdin.close()
    process.stdout.close()
    with pytest.raises(Timeout):
        FileLock(lock).acquire(timeout=0)
    assert process.wait(10) == 0
    assert 2.0 <= frames_of(path) / 48000 < 2.5
    assert read_finished(path).ended_by == "maximum"
    with FileLock(lock).acquire(timeout=0):
        pass


def test_a_frozen_parent_does_not_end_a_take(tmp_path: Path) -> None:
    """Nobody reads the events: the pipe fills up, the take goes on."""
    path = tmp_path / "0107_song1_1.wav"
    process = spawn("--speed=40")
    tell(
        process,
        ev.OpenDevices("builtin", "builtin", 48000, 16),
        ev.StartTake("take-1", str(path), 90, facts()),
    )
    deadline = monotonic() + 30
    while not path.exists():
        assert monotonic() < deadline
        sleep(0.1)
    assert frames_of(path) / 48000 >= 90
    process.kill()
    process.communicate()


def test_commands_that_are_rubbish_are_ignored(tmp_path: Path) -> None:
    process = spawn()
    assert process.stdin is not None
    process.stdin.write(b'{"v":1,"kind":"Nonsense"}\nnot json\n\xff\xfe\n{"v":9}\n')
    tell(process, ev.StartTake("take-1", str(tmp_path / "a.wav"), 1, facts()))
    out, _ = process.communicate(timeout=50)
    kinds = [json.loads(line)["kind"] for line in out.splitlines()]
    assert kinds == ["Ready", "TakeFailed"]


def test_only_one_capture_process_per_station(tmp_path: Path) -> None:
    lock = tmp_path / "capture.lock"
    with Capture(tmp_path, lock=lock) as first:
        first.wait(ev.Ready)
        with Capture(tmp_path, lock=lock) as second:
            assert second.wait(ev.Refused).code == "busy"
            assert second.wait(ev.Died).returncode == 6


@pytest.mark.skipif(sys.platform == "win32", reason="Windows starts it without a console instead")
def test_ctrl_c_in_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    with Capture(tmp_path) as capture:
        capture.wait(ev.Ready)
        if sys.platform != "win32":
            assert os.getpgid(capture.process.pid) != os.getpgid(0)


def test_it_goes_before_other_programs_where_it_may(tmp_path: Path) -> None:
    with Capture(tmp_path) as capture:
        capture.wait(ev.Ready)
        niceness = psutil.Process(capture.process.pid).nice()
    if sys.platform == "win32":
        assert niceness == psutil.HIGH_PRIORITY_CLASS
    elif "ordinary priority" not in capture.log.read_text(encoding="utf-8"):
        assert niceness == NICENESS
    else:
        assert os.geteuid() != 0 or niceness == 0


def test_a_killed_probe_does_not_stop_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "check_silence.wav"
    part_path(path).write_bytes(b"RIFF")
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.StartTake("probe-1", str(path), 0.5))
        assert capture.wait(ev.TakeSaved).frames


def test_a_leftover_keeps_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "0107_song1_1.wav"
    part_path(path).write_bytes(b"RIFF")
    path.with_suffix(".json").write_text("{}", encoding="utf-8")
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.StartTake("take-2", str(path), 0.5, facts()))
        assert capture.wait(ev.TakeFailed).code == "exists"
    assert path.with_suffix(".json").read_text(encoding="utf-8") == "{}"


def test_a_take_whose_accompaniment_is_gone_fails(tmp_path: Path) -> None:
    path, sound = tmp_path / "0107_song1_1.wav", tmp_path / "gone.wav"
    with Capture(tmp_path) as capture:
        capture.open()
        capture.send(ev.StartTake("take-1", str(path), 5, facts(), str(sound)))
        failed = capture.wait(ev.TakeFailed)
    assert (failed.take_id, failed.code) == ("take-1", "bad_sound")
