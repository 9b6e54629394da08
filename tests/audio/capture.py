"""A capture process for tests: collects events, waits for one of a kind."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import TypeVar

from audio.capture.process import CaptureProcess
from audio.protocol import messages as ev
from config.takes import Assignment

E = TypeVar("E")


class Capture:
    """`with Capture(folder) as capture`: the process ends with the block."""

    def __init__(
        self,
        folder: Path,
        *,
        speed: float = 1.0,
        env: Mapping[str, str] | None = None,
        lock: Path | None = None,
    ) -> None:
        self.events: list[ev.Event] = []
        self._changed = threading.Condition()
        self.log = folder / "capture.log"
        self.process = CaptureProcess(self.log, self._heard, speed=speed, env=env, lock=lock)

    def _heard(self, event: ev.Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def __enter__(self) -> Capture:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.close(timeout=5)

    def open(
        self, device: str = "builtin", output: str | None = None, bits: int = 16, side: ev.Side = "mix"
    ) -> ev.Opened:
        self.process.send(ev.OpenDevices(device, output or device, 48000, bits, side))
        return self.wait(ev.Opened)

    def send(self, command: ev.Command) -> None:
        self.process.send(command)

    def wait(self, kind: type[E], timeout: float = 45.0, after: int = 0) -> E:
        """The first event of `kind` from position `after` on."""
        deadline = monotonic() + timeout
        with self._changed:
            while True:
                for event in self.events[after:]:
                    if isinstance(event, kind):
                        return event
                left = deadline - monotonic()
                if left <= 0 or not self._changed.wait(left):
                    raise AssertionError(f"no {kind.__name__} in {timeout} s; last: {self.events[-5:]}")

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]


def facts(student_id: str = "0107", take_id: str = "take-1") -> Assignment:
    return Assignment(
        take_id=take_id,
        session="test",
        station="station-A",
        student_id=student_id,
        item="song1",
        kind="test",
        attempt=1,
        software="test",
    )
