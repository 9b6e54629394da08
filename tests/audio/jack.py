"""A strict sound card: jackd with its dummy driver. It waits for nobody; who is late has lost samples.

PulseAudio's own thread buffers for seconds, so that nothing is ever lost there, whatever a recorder does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

PROGRAMS = ("jackd", "jack_lsp", "jack_connect", "jack_disconnect", "sndfile-jackplay")
DEVICE = "system, JACK Audio Connection Kit"
START_SECONDS = 10.0
NAMES = 6
"""JACK keeps a list of eight servers per computer, and a name that was killed stays there until it is used
again."""
DITHER = 4
"""PortAudio dithers when it converts JACK's floats to integers; a loss is far more than this."""


def why_not() -> str | None:
    """Why there can't be a strict card here; None when there can."""
    if sys.platform != "linux":
        return "the strict card needs Linux with jackd"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"the strict card needs {', '.join(missing)} (packages jackd2 and sndfile-tools)"
    return None


class JackServer:
    """A jackd of our own while the `with` block runs."""

    def __init__(self, folder: Path, period: int) -> None:
        self._lock, self._name = own_name()
        self._period = period
        self.log = folder / f"{self._name}.log"
        self._server: subprocess.Popen[bytes] | None = None
        self._player: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> Mapping[str, str]:
        return {
            "JACK_DEFAULT_SERVER": self._name,
            "JACK_NO_AUDIO_RESERVATION": "1",
            "JACK_NO_START_SERVER": "1",
        }

    def __enter__(self) -> JackServer:
        driver = ["-d", "dummy", "-r", "48000", "-p", str(self._period), "-C", "2", "-P", "2"]
        with self.log.open("wb") as log:
            self._server = subprocess.Popen(
                ["jackd", "-n", self._name, "--no-realtime", "--no-mlock", *driver],
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while "system:capture_1" not in self.ports():
            if self._server.poll() is not None or time.monotonic() > deadline:
                self.__exit__(None, None, None)
                raise OSError(f"jackd did not start: {self.log.read_text(errors='replace')[-500:]}")
            time.sleep(0.05)
        as_hardware(self._server.pid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._player, self._server):
            if process is not None:
                end(process)
        self._player = self._server = None
        self._lock.release()

    def ports(self) -> list[str]:
        return self._run("jack_lsp").split()

    def feed(self, sound: Path, port: str = "PortAudio:in_0") -> str:
        """Let a recorder that has its port hear this WAV only; returns the port it comes from."""
        if self._player is not None:
            end(self._player)
        before = set(self.ports())
        self._player = subprocess.Popen(
            ["sndfile-jackplay", str(sound)],
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while not (outlets := sorted(set(self.ports()) - before)):
            assert time.monotonic() < deadline, "the player did not start"
            time.sleep(0.02)
        as_hardware(self._player.pid)
        self._run("jack_disconnect", "system:capture_1", port)
        self._run("jack_connect", outlets[0], port)
        return outlets[0]

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, env={**os.environ, **self.env}, capture_output=True, timeout=20)
        return done.stdout.decode("utf-8", "replace")


def own_name() -> tuple[FileLock, str]:
    """A server's name that no other test on this computer has, and the lock that says so."""
    for number in range(NAMES):
        lock = FileLock(Path(tempfile.gettempdir()) / f"jack-card-{number}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        return lock, f"card-{number}"
    raise OSError(f"{NAMES} strict cards run already")


def as_hardware(pid: int) -> None:
    """A program that plays a sound card's part does not wait for a busy computer, where that is allowed.

    All of its threads: those that JACK makes go back to the ordinary class.
    """
    if shutil.which("chrt"):
        command = ["chrt", "--rr", "--all-tasks", "--pid", "10", str(pid)]
        subprocess.run(command, capture_output=True, check=False)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def lost_in_ramp(samples: NDArray[np.int16]) -> int:
    """Samples that a recorded counter ramp lacks (or has too many), give or take the dither."""
    return sum(abs(count) for _, count in jumps(samples))


def jumps(samples: NDArray[np.int16]) -> list[tuple[int, int]]:
    """Where a counter ramp jumps: the sample before, and how many are missing there."""
    steps = np.remainder(np.diff(samples.astype(np.int64)) - 1 + 32768, 65536) - 32768
    return [(int(at), int(steps[at])) for at in np.flatnonzero(np.abs(steps) > 2 * DITHER)]
