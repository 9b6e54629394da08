"""Keeps a capture process running: starts it, opens the devices, starts it again when it dies.

rest() gives the devices to the self-test until wake().

Runs on one thread of its own, since settling the past may wait for minutes. Between two tries it
waits a little longer each time, and tries at once when asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from audio.capture import CaptureProcess, fault_of
from audio.protocol import messages as heard
from config import AudioSection
from config.base import StationError

log = logging.getLogger(__name__)
RETRY_SECONDS = 2.0


def devices_of(audio: AudioSection) -> heard.OpenDevices:
    """The headset of station.toml, as the capture process is asked for it."""
    return heard.OpenDevices(audio.input, audio.output, audio.samplerate, audio.bits, audio.side)


class HeadsetSupervisor:
    """send() goes to the process that runs now; where none runs, what waits for an answer is refused."""

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
        self._awake = threading.Event()
        self._awake.set()
        self._idle = threading.Event()
        self._thread = threading.Thread(target=self._run, name="headset")

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 3.0) -> None:
        """Leave the process: a running take goes on to its maximum without us."""
        self._ended.set()
        self._awake.set()
        self._gone.set()
        self._thread.join()
        if self._capture is not None:
            self._capture.leave(timeout)

    def rest(self, timeout: float = 10.0) -> bool:
        """Close the devices until wake(); False when that takes longer than `timeout`. No take may run."""
        self._idle.clear()
        self._awake.clear()
        self._gone.set()
        return self._idle.wait(timeout)

    def wake(self) -> None:
        self._awake.set()

    def send(self, command: heard.Command) -> None:
        capture = self._capture
        if capture is not None:
            capture.send(command)
            return
        log.warning("no capture process for %s", type(command).__name__)
        if isinstance(command, heard.StartTake):
            # Nobody else would: the session would wait for the end of a take that never began.
            self._on_event(heard.TakeFailed(command.take_id, "no_device"))
        elif isinstance(command, heard.Play):
            self._on_event(heard.Refused("no_device"))

    def _run(self) -> None:
        while not self._ended.is_set():
            if not self._awake.is_set():
                self._idle.set()
                self._awake.wait()
                continue
            try:
                if not self._settle():
                    return
                self._run_once()
            except (OSError, StationError) as error:
                log.exception("the recorder can't be started")
                code = fault_of(error) if isinstance(error, OSError) else "disk_error"
                self._on_event(heard.Refused(code, str(error)))
            if self._awake.is_set():
                self._ended.wait(RETRY_SECONDS)

    def _run_once(self) -> None:
        """One capture process from its start to its end, or to that of the headset."""
        self._opened.clear()
        self._gone.clear()
        if self._ended.is_set() or not self._awake.is_set():
            # Set before the line above, and it won't be set again.
            return
        capture = self._spawn(self._heard)
        self._capture = capture
        capture.send(self._devices)
        self._gone.wait()
        if not self._ended.is_set():
            self._capture = None
            capture.close()

    def _on_purpose(self, event: heard.Died) -> bool:
        """The devices are lent, or the station closes: nothing has gone wrong."""
        return not self._awake.is_set() or (self._ended.is_set() and event.returncode == 0)

    def _heard(self, event: heard.Event) -> None:
        if isinstance(event, heard.Died):
            # First: what is sent from now on would be answered by nobody.
            self._capture = None
        if not (isinstance(event, heard.Died) and self._on_purpose(event)):
            self._on_event(event)
        if isinstance(event, heard.Died) or (isinstance(event, heard.Refused) and not self._opened.is_set()):
            self._gone.set()
        elif isinstance(event, heard.Opened):
            self._opened.set()
