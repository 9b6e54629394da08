"""A walk through the screens as a proctor makes it: press a key, wait for what should be seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable, Static

from station.demo.afternoon import DemoWishes, afternoon
from station.demo.voices import Voices
from station.session.events import StopRequested
from station.session.state import Phase
from station.session.view import View
from station.tui.app import StationApp

SECONDS = 30.0


class Walk:
    """Around a running app."""

    def __init__(self, pilot: Pilot[None], app: StationApp, voices: Voices | None = None) -> None:
        self.pilot = pilot
        self.app = app
        self._voices = voices

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
        await self.pilot.press(*keys)
        await self.pilot.pause()

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
