"""A window for a program: keys in, bytes counted, and what the program tells beside it."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from time import monotonic, sleep

import psutil

from tests.audio.jack import as_hardware
from tests.station.terminal.terminal import opened

ROWS, COLUMNS = 24, 80
ESC_MILLISECONDS = "10"
"""How long Esc waits whether it begins a longer key; the usual 100 are nothing but waiting."""
PATIENCE = 180.0
PERPLEXED = 15.0
REACTION_SECONDS = 0.4
AGAIN_SECONDS = 1.7
"""A person presses a key so long after something new was seen, and so long after the same key before."""


@dataclass(frozen=True)
class Use:
    """What the program has used so far."""

    at: float
    written: int
    """Bytes that the terminal was sent."""
    screens: float
    """Processor seconds of the thread that draws, which is the first one."""
    whole: float
    """Processor seconds of all threads of the process."""
    resident: float
    """MB in memory."""

    def since(self, before: Use) -> Use:
        """What was used between two moments, `at` being the seconds between them."""
        return Use(*(now - then for now, then in zip(astuple(self), astuple(before), strict=True)))


def make_fifo(path: Path) -> None:
    if sys.platform == "win32":
        raise NotImplementedError
    os.mkfifo(path)


class Window:
    """`python -m MODULE ARGUMENTS… FIFO` in a pseudo-terminal of 80 x 24."""

    def __init__(self, fifo: Path, command: Sequence[str], speed: float) -> None:
        """`speed`: of the person's clock, as of the program's."""
        make_fifo(fifo)
        self._speed, self._told_at = speed, monotonic()
        self._pressed_at: dict[str, float] = {}
        self._master, slave = opened(COLUMNS, ROWS)
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "ESCDELAY": ESC_MILLISECONDS},
        )
        os.close(slave)
        # A clock that runs faster must not wait for a busy computer; all that the program starts inherits it.
        as_hardware(self._process.pid)
        self._written = 0
        self._last = b""
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._drain),
            threading.Thread(target=self._listen, args=(fifo,)),
        ]
        for thread in self._threads:
            thread.start()

    def _drain(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            self._written += len(data)
            self._last = (self._last + data)[-4096:]

    def _listen(self, fifo: Path) -> None:
        with fifo.open(encoding="utf-8") as lines:
            for line in lines:
                self._lines.put(line.strip())
        self._lines.put("")

    def press(self, keys: str) -> None:
        """A key, not before a person would press it."""
        again = self._pressed_at.get(keys, float("-inf")) + AGAIN_SECONDS / self._speed
        sleep(max(0.0, max(self._told_at + REACTION_SECONDS / self._speed, again) - monotonic()))
        self._pressed_at[keys] = monotonic()
        os.write(self._master, keys.encode())

    def go(self, key: str, told: str) -> str:
        """Press a key and wait for what it brings; as a person does, once more where nothing comes of it.

        On a busy computer two keys may be read at one moment, and the second then counts as held.
        """
        self.press(key)
        try:
            return self.until(told, PERPLEXED)
        except TimeoutError:
            self.press(key)
            return self.until(told)

    def until(self, beginning: str, patience: float = PATIENCE) -> str:
        """The next line that begins so.

        Raises TimeoutError when the program says nothing, RuntimeError when it ends.
        """
        deadline = monotonic() + patience
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - monotonic()))
            except queue.Empty:
                raise TimeoutError(f"never told: {beginning}; the end: {self._end}") from None
            if not line:
                # Why is written last.
                self._process.wait(PATIENCE)
                self._threads[0].join(1)
                code = self._process.returncode
                raise RuntimeError(f"ended with {code} before: {beginning}; the end: {self._end}")
            if line.startswith(beginning):
                self._told_at = monotonic()
                return line

    @property
    def _end(self) -> str:
        """What was written last, without what moves and colours."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self._last.decode("utf-8", "replace"))

    def use(self) -> Use:
        process = psutil.Process(self._process.pid)
        times, first = process.cpu_times(), self._process.pid
        [screens] = [thread for thread in process.threads() if thread.id == first]
        return Use(
            monotonic(),
            self._written,
            screens.user_time + screens.system_time,
            times.user + times.system,
            process.memory_info().rss / 2**20,
        )

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._threads[1].join(5)
        os.close(self._master)
        self._threads[0].join(5)


@contextmanager
def window(fifo: Path, *command: str, speed: float = 1.0) -> Iterator[Window]:
    found = Window(fifo, command, speed)
    try:
        yield found
    finally:
        found.close()
