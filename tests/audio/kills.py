"""SIGKILL of the capture process, of the station, of both, at random moments of takes: what is left."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import sleep

import numpy as np
import psutil
import soundfile
from filelock import FileLock

from audio.file.recover import recover_folder
from config.takes import PART
from tests.audio.counted import handed_over

RATE = 48000
SPEED = 4.0
"""Of the microphone's clock: a kill needs less time, and the last second is more sound."""
TAKE_SECONDS = 6.0
LONGEST_SECONDS = 2.5
"""Of real time from the first sample of the first take to the kill: into the second take."""
AT_ONCE = 10 if sys.platform != "win32" else 2
"""Windows is two cores under Wine, where each needs many times as much."""
VICTIMS = ("child", "parent", "both")


@dataclass(frozen=True)
class Killed:
    """What one kill left."""

    victim: str
    interrupted: bool
    """A take was broken off."""
    started: int
    """Takes that were reported as started."""
    found: int
    """Takes on the disk after recovery, one that was killed before its first frame included."""
    missing: int
    """Frames of the running take that the driver had handed over and that are not in its file."""
    broken: tuple[str, ...]
    """What is wrong with the files; empty where nothing is."""


def kill_many(count: int, folder: Path, seed: int = 0) -> Iterator[Killed]:
    """`count` kills of `count` stations, AT_ONCE at a time."""
    random = Random(seed)
    plans = [(VICTIMS[number % 3], random.uniform(0, LONGEST_SECONDS)) for number in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda plan: kill_one(folder, *plan), plans)


def kill_one(folder: Path, victim: str, after: float) -> Killed:
    """One station that is killed `after` seconds of its first take."""
    place = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, "-m", "tests.audio.parent", str(place), str(SPEED), str(TAKE_SECONDS)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.stdout.readline()
    sleep(after)
    if victim in ("parent", "both"):
        parent.kill()
    if victim in ("child", "both"):
        child.kill()
    with FileLock(place / "lock").acquire(timeout=30):
        # The capture process has left: killed, or with its last take at the maximum.
        handed = handed_over(place / "counter")
        started = 1 + len(parent.stdout.readlines())
        parent.stdout.close()
        parent.wait()
        left = bool(list(place.glob(f"*{PART}")))
        recover_folder(place)
    takes = sorted(place.glob("*_1.wav"))
    broken = [problem for take in takes for problem in problems(take)]
    if victim == "parent" and left:
        broken.append("the take was not finished without the station")
    missing = 0
    if left and takes and victim != "parent":
        missing = handed - last_frame(takes[-1])
    found = len(takes) + len(list(place.glob(f"*{PART}")))
    return Killed(victim, left, started, found, missing, tuple(broken))


def problems(take: Path) -> list[str]:
    """Frames that are not all there, or not in a row."""
    with wave.open(str(take), "rb") as file:
        frames = file.getnframes()
        raw = file.readframes(frames)
    found = []
    if len(raw) != 3 * frames:
        found.append(f"{take.name}: {len(raw)} bytes of {frames} frames")
    if soundfile.info(str(take)).frames != frames:
        found.append(f"{take.name}: soundfile sees other frames")
    if (np.diff(indices(take)) != 1).any():
        found.append(f"{take.name}: frames are missing inside")
    return found


def indices(take: Path) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The frame indices that a counted take holds."""
    samples, _ = soundfile.read(str(take), dtype="int32")
    return np.asarray(samples, dtype=np.int64) >> 8


def last_frame(take: Path) -> int:
    """The stream's frames up to the end of a take."""
    return int(indices(take)[-1]) + 1
