"""Notices when the sound server puts our microphone stream on another source.

PulseAudio and PipeWire do so without a word when a headset is unplugged: blocks go on, from a webcam or
from the headphones' own monitor, so nothing in the samples proves it. On Windows the stream ends instead.
Only the server knows; `pactl subscribe` tells of every change as it happens and costs nothing meanwhile.
Where there is no `pactl` or no server, nothing is compared. After a SIGKILL of this process the server's
next word ends `pactl`: nobody reads its pipe.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from config.disk import is_there

log = logging.getLogger(__name__)
ASK_SECONDS = 5.0
SUBSCRIBED_SECONDS = 1.0
"""By then `pactl subscribe` listens, also on a busy computer; it does not say so."""
OUTPUT = re.compile(r"^Source Output #(\d+)$", re.MULTILINE)
SOURCE = re.compile(r"^\s+Source: (\d+)$", re.MULTILINE)
PROCESS = re.compile(r'^\s+application\.process\.id = "(\d+)"$', re.MULTILINE)


def why_not() -> str | None:
    """Why streams can't be followed here; None when they can."""
    if sys.platform != "linux":
        return "not a system that moves streams"
    if shutil.which("pactl") is None:
        return "no pactl"
    folder = os.environ.get("PULSE_RUNTIME_PATH") or f"{os.environ.get('XDG_RUNTIME_DIR', '')}/pulse"
    # Without a server pactl would start one.
    if "PULSE_SERVER" not in os.environ and not is_there(Path(folder) / "native"):
        return "no sound server"
    return None


def streams(listing: str, pid: int) -> Mapping[int, int]:
    """Recording streams of a process -> the source of each, from `pactl list source-outputs`."""
    found = {}
    # Split at the headings: [before, number, body, number, body, ...]
    parts = OUTPUT.split(listing)
    for number, body in zip(parts[1::2], parts[2::2], strict=True):
        source, process = SOURCE.search(body), PROCESS.search(body)
        if source and process and int(process[1]) == pid:
            found[int(number)] = int(source[1])
    return found


class MoveWatch:
    """Calls `on_move` once, from its own thread, when a stream of this process has another source."""

    def __init__(self, on_move: Callable[[], None]) -> None:
        self._on_move = on_move
        self._known = _ask()
        self._closed = threading.Event()
        self._teller = subprocess.Popen(
            ["pactl", "subscribe"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._thread = threading.Thread(target=self._run, name="moved")
        self._thread.start()

    def close(self) -> None:
        """Ends both; returns when they have ended."""
        self._closed.set()
        self._teller.kill()
        self._teller.wait()
        self._thread.join()

    def _run(self) -> None:
        assert self._teller.stdout is not None
        try:
            with self._teller.stdout as lines:
                # Nobody told what moved before it listened.
                if not self._closed.wait(SUBSCRIBED_SECONDS) and self._moved():
                    self._on_move()
                    return
                for line in lines:
                    if b"on source-output" in line and self._moved():
                        self._on_move()
                        return
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("the sound server does not answer: %s", error)

    def _moved(self) -> bool:
        now = _ask()
        moved = [stream for stream in now if self._known.get(stream, now[stream]) != now[stream]]
        self._known = {**now, **self._known}
        return bool(moved)


def watch(on_move: Callable[[], None]) -> MoveWatch | None:
    """Follow the streams of this process that are open now; None where that is not possible."""
    reason = why_not()
    if reason is not None:
        log.info("streams are not followed: %s", reason)
        return None
    try:
        return MoveWatch(on_move)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("streams are not followed: %s", error)
        return None


def _ask() -> Mapping[int, int]:
    """The streams of this process. Raises OSError, subprocess.SubprocessError."""
    done = subprocess.run(
        ["pactl", "list", "source-outputs"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_environment(),
        timeout=ASK_SECONDS,
        check=True,
    )
    return streams(done.stdout.decode("utf-8", "replace"), os.getpid())


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C"}
