"""What the screens need: of a running station, and of the app around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from audio.protocol import Level
from config import Settings
from config.base import Message, Problem
from config.kit import Kit
from config.roster import Pupil, Roster
from station.checks.bench import Answer, Bench, Ear, Step
from station.session.events import Event
from station.session.view import View
from station.tui.actions import Desk
from station.tui.numbers import Numbers
from uploader.carry import Carried, Progress
from uploader.queue import Row


class StationPort(Protocol):
    """Implemented by station.run.station.Station. post() and observe() never block."""

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


class ScreenHost(Protocol):
    """Implemented by station.tui.app.StationApp: screens know this, and not the app."""

    station: StationPort
    numbers: Numbers
    remark: Message | None

    def pupil(self, student_id: str) -> Pupil | None: ...
    def show_mode(self, mode: str | None) -> None: ...
    def redraw(self) -> None: ...
    def pace(self, moves: bool) -> None: ...
    def run_app_action(self, action_id: str, desk: Desk) -> None: ...
