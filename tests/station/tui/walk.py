"""A walk through the screens as a proctor makes it: press a key, wait for what should be seen."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from textual._time import get_time
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable, Static

from station.demo.afternoon import DemoWishes, afternoon
from station.demo.voices import Voices
from station.session.events import StopRequested
from station.session.state import Phase
from station.session.view import View
from station.tui.actions import SIDE_MODES
from station.tui.app import StationApp, mode_of

SECONDS = 30.0 if sys.platform != "win32" else 90.0
PRESS_SECONDS = 1.5


class Walk:
    """Around a running app."""

    def __init__(self, pilot: Pilot[None], app: StationApp, voices: Voices | None = None) -> None:
        self.pilot = pilot
        self.app = app
        self._voices = voices
        self._clock = 0.0

    @property
    def voices(self) -> Voices:
        """Who sings into the virtual headset."""
        assert self._voices is not None
        return self._voices

    @property
    def view(self) -> View:
        return self.app.station.view

    async def until(self, wanted: Callable[[], bool], what: str = "") -> None:
        deadline = monotonic() + SECONDS
        while not wanted():
            if monotonic() > deadline:
                raise AssertionError(f"never {what or wanted}: {self.view.session.phase}\n{self.text()}")
            await asyncio.sleep(0.02)
        await self.pilot.pause()

    async def phase(self, phase: Phase) -> None:
        await self.until(lambda: self.view.session.phase is phase, phase.value)

    async def press(self, *keys: str) -> None:
        """One after another, as a person does: with time between them, but without the waiting."""
        for key in keys:
            await self.until(self._followed, "the screen of the phase")
            await self.type(key, after=PRESS_SECONDS)
            await self.until(lambda: self.app.settled, "acted")

    def _followed(self) -> bool:
        side = self.app.current_mode in (*SIDE_MODES, "checkin")
        return side or self.app.screen.is_modal or self.app.current_mode == mode_of(self.view)

    async def type(self, *keys: str, after: float) -> None:
        """Keys that come `after` seconds, each, after the one before."""
        for key in keys:
            self._clock = max(self._clock, get_time() if after == PRESS_SECONDS else 0.0) + after
            event = Key(key, key if len(key) == 1 else None)
            event.time = self._clock
            self.app.post_message(event)
            await self.pilot.pause()

    async def scan(self, *keys: str) -> None:
        """As fast as a scanner types, some time after the key before."""
        await self.type(keys[0], after=PRESS_SECONDS)
        await self.type(*keys[1:], after=0.01)
        await self.pilot.pause(0.15)

    def stop_early(self, elapsed: float) -> None:
        """As Enter does when the minimum is over; the headset's clock runs faster than the keyboard's."""
        self.app.station.post(StopRequested(elapsed))

    async def see(self, *words: str) -> None:
        await self.until(lambda: all(word in self.text() for word in words), f"seen {words}")

    def text(self) -> str:
        """Everything on the screen that is on top."""
        screen: Screen[object] = self.app.screen
        parts = [str(widget.render()) for widget in screen.query(Static) if widget.display]
        for table in screen.query(DataTable):
            parts += [" ".join(str(cell) for cell in table.get_row(key)) for key in table.rows]
        return "\n".join(parts)


def speedy(folder: Path) -> DemoWishes:
    """The demo on the built-in headset, five times as fast."""
    return DemoWishes(folder, headset="builtin", speed=5.0, auto=True)


__all__ = ["Walk", "afternoon", "speedy"]
