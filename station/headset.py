"""Keeps a capture process running: starts it, opens the devices, starts it again when it dies.

Runs on one thread of its own, since settling the past may wait for minutes. Between two tries it
waits a little longer each time, and tries at once when asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from audio import events as heard
from audio.client import CaptureProcess

log = logging.getLogger(__name__)
RETRY_SECONDS = 2.0


class Headset:
    """send() goes to the process that runs now; commands sent while none runs are dropped."""

    def __init__(
        self,
        spawn: Callable[[Callable[[heard.Event], None]], CaptureProcess],
        devices: heard.OpenDevices,
        settle: Callable[[], bool],
        on_event: Callable[[heard.Event], None],
    ) -> None:
        """`settle` puts the past in order before each start; False ends the headset."""
        self._spawn = spawn
        self._devices = devices
        self._settle = settle
        self._on_event = on_event
        self._capture: CaptureProcess | None = None
        self._opened = threading.Event()
        self._gone = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="headset")

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 3.0) -> None:
        """Leave the process: a running take goes on to its maximum without us."""
        self._ended.set()
        self._gone.set()
        self._thread.join()
        if self._capture is not None:
            self._capture.leave(timeout)

    def send(self, command: heard.Command) -> None:
        if self._capture is not None:
            self._capture.send(command)
        else:
            log.warning("no capture process for %s", type(command).__name__)

    def _run(self) -> None:
        while not self._ended.is_set():
            if not self._settle():
                return
            self._gone.clear()
            self._opened.clear()
            capture = self._spawn(self._heard)
            self._capture = capture
            capture.send(self._devices)
            self._gone.wait()
            if self._ended.is_set():
                return
            self._capture = None
            capture.close()
            self._ended.wait(RETRY_SECONDS)

    def _heard(self, event: heard.Event) -> None:
        self._on_event(event)
        if isinstance(event, heard.Died) or (isinstance(event, heard.Refused) and not self._opened.is_set()):
            self._gone.set()
        elif isinstance(event, heard.Opened):
            self._opened.set()
