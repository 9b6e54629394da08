"""Recorders on one virtual card at the same time, and what each of them costs and loses."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from audio.capture import process as client
from audio.protocol import messages as ev
from tests.audio.capture import Capture, facts
from tests.audio.jack import lost_in_ramp
from tests.audio.wavs import RATE

WARM_SECONDS = 2.0
"""Start-up is not measured; recordings are compared from here on."""
STATION = "station"
"""It keeps the headphones open, too; a recorder does not, so both are compared with their like."""
RECORDING_ONLY = "station, microphone only"
WITH_HEADPHONES = "ffmpeg, and another that keeps the headphones open"


@dataclass(frozen=True)
class Cost:
    """What a recorder took and lost in one run."""

    lost: int
    """Samples that the ramp lacks; -1 where nothing was recorded."""
    cpu: float
    """Per cent of one core."""
    megabytes: float
    """Largest resident set."""


def sox_input() -> tuple[str, ...]:
    """The driver that the installed sox has for this card, none preferred."""
    if shutil.which("sox") is None:
        return ()
    drivers = subprocess.run(["sox", "--help"], capture_output=True).stdout.decode("utf-8", "replace").split()
    return ("pulseaudio", "headset_mic") if "pulseaudio" in drivers else ("alsa", "vheadset")


def commands(path: Path, seconds: float) -> dict[str, list[str]]:
    """Recorders that are installed: name -> command that records the card's microphone to `path`."""
    whole = f"{seconds:.0f}"
    all_of_them = {
        "arecord": ["arecord", "-q", "-D", "vheadset", "-f", "S16_LE", "-r", "48000", "-c", "1", "-d", whole],
        "parec": [
            "parec", "--device=headset_mic", "--rate=48000", "--channels=1", "--format=s16le",
            "--file-format=wav",
        ],
        "sox": ["sox", "-q", "-t", *sox_input(), "-c", "1", "-r", "48000", "-b", "16"],
        "ffmpeg": [
            "ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "pulse", "-sample_rate", "48000", "-channels",
            "1", "-i", "headset_mic", "-t", whole,
        ],
    }  # fmt: skip
    found = {name: [*command, str(path / f"{name}.wav")] for name, command in all_of_them.items()}
    return {name: command for name, command in found.items() if shutil.which(command[0])}


def silence(seconds: float) -> list[str]:
    """What keeps the headphones open beside a recorder."""
    source = ["-f", "lavfi", "-t", f"{seconds + 3 * WARM_SECONDS:.0f}", "-i", "anullsrc=r=48000:cl=stereo"]
    return ["ffmpeg", "-v", "error", "-nostdin", *source, "-f", "pulse", "-device", "headset_out", "silence"]


class Meter:
    """CPU time and largest resident set of processes and what they started (Linux), from now until read()."""

    def __init__(self, *pids: int) -> None:
        roots = [psutil.Process(pid) for pid in pids]
        self._processes = [process for root in roots for process in (root, *root.children(recursive=True))]
        self._began = time.monotonic()
        self._before = self._cpu()

    def _cpu(self) -> float:
        times = [process.cpu_times() for process in self._processes]
        return float(sum(one.user + one.system for one in times))

    def read(self) -> tuple[float, float]:
        """Per cent of one core, megabytes."""
        used = self._cpu() - self._before
        return 100 * used / (time.monotonic() - self._began), sum(map(peak, self._processes))


def peak(process: psutil.Process) -> float:
    """Largest resident set in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def recording_only(folder: Path, env: Mapping[str, str]) -> Capture:
    """A capture process that opens the microphone alone."""
    usual = client.command_line
    client.command_line = lambda *more: [sys.executable, "-m", "tests.bench.recording_only", *more]
    try:
        return Capture(folder, env=env)
    finally:
        client.command_line = usual


def race(env: Mapping[str, str], folder: Path, seconds: float) -> dict[str, Cost]:
    """All recorders at the same time, `seconds` long, from a microphone that hears a ramp."""
    folder.mkdir()
    takes = {STATION: folder / "0001_song1_1.wav", RECORDING_ONLY: folder / "0002_song1_1.wav"}
    with Capture(folder, env=env) as both, recording_only(folder, env) as alone:
        stations = {STATION: both, RECORDING_ONLY: alone}
        for station in stations.values():
            station.open("vheadset")
        started = commands(folder, seconds)
        if "ffmpeg" in started:
            started[WITH_HEADPHONES] = silence(seconds)
        running = {
            name: subprocess.Popen(command, env=dict(env), stdin=subprocess.DEVNULL)
            for name, command in started.items()
        }
        for name, station in stations.items():
            station.send(ev.StartTake(name, str(takes[name]), seconds, facts()))
            station.wait(ev.TakeStarted)
        time.sleep(WARM_SECONDS)
        # A sox without the format library of this sound server ends at once.
        running = {name: process for name, process in running.items() if process.poll() is None}
        pids = {name: [station.process.pid] for name, station in stations.items()}
        pids |= {name: [process.pid] for name, process in running.items()}
        if WITH_HEADPHONES in pids:
            pids[WITH_HEADPHONES] += pids["ffmpeg"]
        meters = {name: Meter(*group) for name, group in pids.items()}
        time.sleep(seconds - 2 * WARM_SECONDS)
        used = {name: meter.read() for name, meter in meters.items()}
        for station in stations.values():
            station.wait(ev.TakeSaved, timeout=60)
        for process in running.values():
            process.send_signal(signal.SIGINT)
            process.wait(20)
    files = {name: folder / f"{name}.wav" for name in running} | takes
    files |= {WITH_HEADPHONES: folder / "ffmpeg.wav"} if WITH_HEADPHONES in running else {}
    return {name: Cost(lost(files[name]), *used[name]) for name in pids}


def lost(path: Path) -> int:
    """Samples that a recorded ramp lacks after its start; -1 where there is nothing."""
    samples = samples_of(path)[round(WARM_SECONDS * RATE) :]
    return lost_in_ramp(samples) if len(samples) > RATE else -1


def samples_of(path: Path) -> NDArray[np.int16]:
    """Of a WAV whose header may be that of an interrupted program."""
    try:
        with wave.open(str(path), "rb") as file:
            raw = file.readframes(file.getnframes())
    except (OSError, wave.Error, EOFError):
        return np.zeros(0, dtype=np.int16)
    return np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")
