"""What the screens need of a running station."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from audio.events import Level
from config.kit import Kit
from config.message import Message
from config.problems import Problem
from config.roster import Roster
from config.settings import Settings
from station.checks.bench import Answer, Bench, Ear, Step
from station.session.events import Event
from station.view import View
from uploader.carry import Carried
from uploader.packfile import Progress
from uploader.row import Row


class StationPort(Protocol):
    """Implemented by station.context.Station. post() and observe() never block."""

    settings: Settings
    kit: Kit
    roster: Roster
    roster_remarks: Sequence[Problem]

    @property
    def view(self) -> View: ...
    @property
    def selftest_warning(self) -> Message | None: ...
    @property
    def level(self) -> Level | None: ...
    def lent_headset(self) -> AbstractContextManager[bool]: ...
    def bench(self, ask: Callable[[Ear], Answer | None], ready: Callable[[Step], bool]) -> Bench: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def post(self, event: Event) -> None: ...
    def observe(self, observer: Callable[[View], None]) -> Callable[[], None]: ...
    def deliveries(self) -> Sequence[Row]: ...
    def retry(self, take_id: str | None) -> None: ...
    def export_deliveries(self, folder: Path, progress: Progress) -> Carried: ...
    def pause_deliveries(self, paused: bool) -> None: ...
