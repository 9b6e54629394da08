"""A headset in place of the recorder, and what tests of a whole station share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Protocol

from audio.protocol import messages as heard
from config.disk import DataDir
from config.settings import Settings
from config.takes import DeviceName
from station.run.station import Station
from station.session import events as ev
from station.session.journal import Journal


class Run(Protocol):
    """Starts a station with these options; `settled`: and waits until its headset is open."""

    def __call__(self, *, settled: bool = True, **options: Any) -> Station: ...


@dataclass
class Headset:
    """In place of the capture processes that a station starts."""

    started: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    sent: list[heard.Command] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    say: Callable[[heard.Event], None] = print

    def __call__(self, log: Path, on_event: Callable[[heard.Event], None], **named: Any) -> Headset:
        self.started.append(((log,), named))
        self.say = on_event
        return self

    def send(self, command: heard.Command) -> None:
        self.sent.append(command)
        if isinstance(command, heard.OpenDevices):
            device = DeviceName("builtin", "builtin")
            self.say(heard.Opened(device, device, command.samplerate))

    def close(self) -> None:
        self.ended.append("closed")
        self.say(heard.Died(0))

    def leave(self, timeout: float) -> None:
        self.ended.append("left")


def until(there: Callable[[], object]) -> None:
    deadline = monotonic() + 20
    while not there():
        assert monotonic() < deadline
        sleep(0.005)


def journalled(settings: Settings, *events: ev.Event) -> None:
    with closing(Journal(DataDir(settings.data.dir), "afternoon")) as journal:
        for event in events:
            journal.append(event)


def folder_of(settings: Settings) -> Path:
    return DataDir(settings.data.dir).session("afternoon")
