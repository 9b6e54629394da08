"""A capture process for callers that wait: open it, play, record, one thing at a time.

The session drives its headset through events (station.sound.supervisor); a single take and the self-test
have nothing else to do meanwhile, and use this.
"""

from __future__ import annotations

import queue
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event as Flag
from time import monotonic
from types import TracebackType
from typing import TypeVar

from audio import FAULTS, AudioError
from audio.capture import CaptureProcess
from audio.protocol import messages as heard
from config import AudioSection
from config.base import say
from config.disk import DataDir
from station.sound.supervisor import devices_of
from station.stopping import Stopped

OPEN_SECONDS = 20.0
SLACK_SECONDS = 10.0
"""More than what a sound or a take lasts: only a dead process takes longer."""
POLL_SECONDS = 0.1
DIED = say("The recorder stopped. What was recorded until then is kept. Try again.")
"""Nobody starts it again here, as the session does."""
LEAVE_SECONDS = 1.0
E = TypeVar("E", heard.Opened, heard.PlayEnded)


class BlockingHeadset:
    """Both streams are open while the `with` block runs. Raises AudioError from every method."""

    def __init__(
        self,
        audio: AudioSection,
        data: DataDir,
        *,
        speed: float = 1.0,
        env: Mapping[str, str] | None = None,
        on_level: Callable[[heard.Level], None] | None = None,
    ) -> None:
        self._devices = devices_of(audio)
        self._events: queue.SimpleQueue[heard.Event] = queue.SimpleQueue()
        self._on_level = on_level
        self._process = CaptureProcess(
            data.logs / "capture.log", self._heard, lock=data.capture_lock, speed=speed, env=env
        )

    def _heard(self, event: heard.Event) -> None:
        if isinstance(event, heard.Level):
            if self._on_level is not None:
                self._on_level(event)
        else:
            self._events.put(event)

    def __enter__(self) -> BlockingHeadset:
        self._process.send(self._devices)
        try:
            opened = self._wait(heard.Opened, OPEN_SECONDS)
        except BaseException:
            # A signal, too: its threads would keep us from ending.
            self._process.close()
            raise
        self.input, self.output, self.samplerate = opened.input, opened.output, opened.samplerate
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, Stopped):
            # A take that runs is finished without us.
            self._process.leave(LEAVE_SECONDS)
        else:
            self._process.close()

    def send(self, command: heard.Command) -> None:
        """For the virtual headset of demo and tests."""
        self._process.send(command)

    def play(self, path: Path, seconds: float, ear: heard.Ear = "both") -> None:
        """Play a prepared WAV to its end; `seconds` is its length."""
        self._process.send(heard.Play(uuid.uuid4().hex, str(path), ear))
        self._wait(heard.PlayEnded, seconds + SLACK_SECONDS)

    def probe(self, path: Path, seconds: float, sound: Path | None = None) -> heard.TakeSaved:
        """Record `seconds` to `path` without facts; `sound` begins with it."""
        accompaniment = str(sound) if sound is not None else None
        return self.record(heard.StartTake(uuid.uuid4().hex, str(path), seconds, None, accompaniment))

    def record(
        self,
        start: heard.StartTake,
        stop: Flag | None = None,
        on_progress: Callable[[heard.TakeStarted | heard.TakeProgress], None] = lambda event: None,
    ) -> heard.TakeSaved:
        """Record until the maximum or until `stop` is set."""
        self._process.send(start)
        deadline = monotonic() + start.max_seconds + SLACK_SECONDS
        stopped = False
        while monotonic() < deadline:
            if stop is not None and stop.is_set() and not stopped:
                self._process.send(heard.StopTake(start.take_id))
                stopped = True
            event = self._next(POLL_SECONDS)
            if isinstance(event, heard.TakeSaved) and event.take_id == start.take_id:
                return event
            if isinstance(event, heard.TakeFailed) and event.take_id == start.take_id:
                raise _error(event.code)
            if isinstance(event, heard.TakeStarted | heard.TakeProgress):
                on_progress(event)
        raise _error("stalled")

    def _wait(self, kind: type[E], seconds: float) -> E:
        deadline = monotonic() + seconds
        while monotonic() < deadline:
            event = self._next(POLL_SECONDS)
            if isinstance(event, kind):
                return event
        raise _error("stalled")

    def _next(self, timeout: float) -> heard.Event | None:
        """The next event. Raises AudioError for a refusal, a lost device and a dead process."""
        try:
            event = self._events.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(event, heard.Refused | heard.DeviceLost):
            raise _error(event.code, getattr(event, "detail", ""))
        if isinstance(event, heard.Died):
            raise AudioError(DIED, code="capture_died")
        return event


def _error(code: str, detail: str = "") -> AudioError:
    fault = FAULTS.get(code)
    todo = say("Detail: {detail}", detail=detail) if detail else None
    if fault is None:
        return AudioError(say("The headset does not work ({code}).", code=code), todo, code=code)
    return AudioError(fault.message, todo, code=code)
