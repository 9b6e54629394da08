"""A command in a pseudo terminal: press keys, look at the screen, send signals, read what is left behind."""

from __future__ import annotations

import codecs
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

from tests.station.terminal.picture import Picture

ROOT = Path(__file__).parents[3]
SECONDS = 90.0
END_SECONDS = 90.0
LOOK_SECONDS = 0.3
AGAIN_SECONDS = 0.8
LAUNCH = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""The terminal becomes the one that the command is controlled by, as in a window."""
DEAF = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
"""Before LAUNCH: as nohup does it."""

NO_TERMINALS = "a pseudo terminal needs Linux"


def opened(columns: int, rows: int) -> tuple[int, int]:
    """The two ends of a new pseudo terminal: ours, and the command's."""
    if sys.platform == "win32":
        raise OSError(NO_TERMINALS)
    ours, theirs = os.openpty()
    set_size(theirs, columns, rows)
    return ours, theirs


def set_size(descriptor: int, columns: int, rows: int) -> None:
    """Of a terminal, by either end."""
    if sys.platform == "win32":
        raise OSError(NO_TERMINALS)
    import fcntl
    import struct
    import termios

    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def settings_of(descriptor: int) -> list[object]:
    """Of the terminal: echo, lines, signals ..."""
    if sys.platform == "win32":
        raise OSError(NO_TERMINALS)
    import termios

    return termios.tcgetattr(descriptor)


class Terminal:
    """80 columns, 24 rows, emptied by a thread as a window does it."""

    def __init__(
        self,
        *arguments: str | Path,
        env: Mapping[str, str] | None = None,
        encoding: str = "utf-8",
        launch: str = LAUNCH,
    ) -> None:
        """`python ARGUMENTS` with `env` over the environment; the screen is read as `encoding`."""
        self._master, self._slave = opened(80, 24)
        self.settings_before = settings_of(self._slave)
        self.picture = Picture(80, 24)
        self.written = b""
        """Everything that the command has sent so far."""
        self._decode = codecs.getincrementaldecoder(encoding)("replace").decode
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self.taking = threading.Event()
        """Cleared: the window takes nothing any more, as in a line that is stuck."""
        self.taking.set()
        self._tapped: dict[str, float] = {}
        self._reader = threading.Thread(target=self._read, daemon=True)
        base = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", launch, *map(str, arguments)],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=ROOT,
            start_new_session=True,
            env={**base, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})},
        )
        self._reader.start()

    def _read(self) -> None:
        while not self._closing.is_set():
            self.taking.wait()
            if not select.select([self._master], [], [], 0.1)[0]:
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            if not data:
                return
            with self._changed:
                self.written += data
                self.picture.feed(self._decode(data))
                self._changed.notify_all()

    def press(self, keys: str | bytes) -> None:
        """As a keyboard sends them, at once."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            data = data[os.write(self._master, data) :]

    def tap(self, key: str) -> None:
        """As a person presses it: after a look at the screen, and the key was let go before."""
        sleep(LOOK_SECONDS)
        sleep(max(0.0, self._tapped.get(key, 0.0) + AGAIN_SECONDS - monotonic()))
        self._tapped = {key: monotonic()}
        self.press(key)

    def text(self) -> str:
        with self._changed:
            return self.picture.text()

    def box(self) -> str:
        with self._changed:
            return self.picture.box()

    def see(self, *words: str, seconds: float = SECONDS) -> str:
        """Wait until all of `words` are on the screen; raises AssertionError with what is there instead."""
        deadline = monotonic() + seconds
        with self._changed:
            while not all(word in self.picture.text() for word in words):
                if monotonic() > deadline or self.process.poll() is not None:
                    ended = self.process.poll()
                    raise AssertionError(f"never saw {words}; ended: {ended}\n{self.picture.text()}")
                self._changed.wait(0.1)
            return self.picture.text()

    def see_one(self, *words: str, seconds: float) -> str | None:
        """The first of `words` that is on the screen within so many seconds; None where none is."""
        deadline = monotonic() + seconds
        with self._changed:
            while monotonic() < deadline:
                for word in words:
                    if word in self.picture.text():
                        return word
                self._changed.wait(0.1)
        return None

    def gone(self, *words: str, seconds: float = SECONDS) -> None:
        """Wait until none of `words` is on the screen."""
        deadline = monotonic() + seconds
        while any(word in self.text() for word in words):
            assert monotonic() < deadline, self.text()
            sleep(0.05)

    def end(self, seconds: float = END_SECONDS) -> int:
        """Wait until the command has ended; its exit code (negative: the signal that killed it)."""
        code = self.process.wait(seconds)
        sleep(0.1)
        return code

    @property
    def settings_now(self) -> list[object]:
        """termios of the terminal, to compare with `settings_before`."""
        return settings_of(self._slave)

    def resize(self, columns: int, rows: int) -> None:
        """As who pulls at the window's corner: the kernel tells the command, which draws everything anew."""
        with self._changed:
            self.picture = Picture(columns, rows)
        set_size(self._master, columns, rows)

    def vanish(self) -> None:
        """Close the window: what the command reads and writes fails, and it is sent SIGHUP."""
        # A terminal that is being read does not close.
        self._closing.set()
        self.taking.set()
        self._reader.join()
        for descriptor in (self._slave, self._master):
            with suppress(OSError):
                os.close(descriptor)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.vanish()


@contextmanager
def terminal(
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    launch: str = LAUNCH,
) -> Iterator[Terminal]:
    found = Terminal(*arguments, env=env, encoding=encoding, launch=launch)
    try:
        yield found
    finally:
        found.close()
