"""An app in which only a person's key acts: no burst, no key that is held, none that came too early."""

from __future__ import annotations

from collections.abc import Hashable

from textual._time import get_time
from textual.events import Event, Key
from textual.timer import Timer
from textual.widgets import Input

from station.tui.scanner import Found, Presses, Second, Takes, TooSoon
from station.tui.terminal.terminal_app import TerminalApp
from station.tui.widgets.keyline import KeyLine

REACTION_SECONDS = 0.25
"""Nobody answers within this what a screen has begun to ask by itself (visual reaction time, Hick and others:
0.2 to 0.25 s for a light alone)."""


class GuardedApp(TerminalApp):
    def __init__(self) -> None:
        super().__init__()
        self._presses = Presses()
        self._settling: Timer | None = None
        self._shown: Hashable = None
        self._shown_at = float("-inf")
        self._touched_at = get_time()
        self._meant: object = None
        """The screen that the waiting key was pressed at."""

    def showed(self, what: Hashable) -> None:
        """A screen was drawn; `what` differs where another step is asked for than before."""
        if what != self._shown:
            self._shown, self._shown_at = what, get_time()

    @property
    def settled(self) -> bool:
        """No key waits for what follows it."""
        return self._presses.wait_seconds is None

    def touched(self) -> None:
        """Somebody is here."""
        self._touched_at = get_time()

    @property
    def idle_seconds(self) -> float:
        """Since the last key."""
        return get_time() - self._touched_at

    def acting(self) -> None:
        """A key is about to act; subclasses forget what they said of the one before."""

    def second_scanned(self, number: str) -> None:
        """Another number came in the same burst; subclasses say so."""

    def _takes(self) -> Takes:
        for place in (self.focused, self.screen):
            if getattr(place, "takes_numbers", False):
                return Takes.NUMBERS
            if isinstance(place, Input):
                return Takes.TEXT
        return Takes.KEYS

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            self.touched()
            await self._act(self._presses.feed(event, self._takes()))
            self._meant = self.screen
            self._wait()
        else:
            await super().on_event(event)

    def _wait(self) -> None:
        if self._settling is not None:
            self._settling.stop()
            self._settling = None
        if self._presses.wait_seconds is not None:
            self._settling = self.set_timer(self._presses.wait_seconds, self._release)

    async def _release(self) -> None:
        self._settling = None
        await self._act(self._presses.release())

    async def _act(self, found: list[Found]) -> None:
        for pressed in found:
            if isinstance(pressed, Second):
                self.second_scanned(pressed.number)
            elif isinstance(pressed, TooSoon):
                self._passed_over(pressed.event)
            elif not pressed.waited or self._in_time(pressed.event):
                if pressed.waited or pressed.scanned:
                    self.acting()
                await TerminalApp.on_event(self, pressed.event)
            else:
                self._passed_over(pressed.event)

    def _passed_over(self, event: Key) -> None:
        """Who pressed a key too early would wait for what never comes."""
        for line in self.screen.query(KeyLine):
            line.remind(event.key)

    def _in_time(self, event: Key) -> bool:
        """The key was pressed at the screen that is shown, by somebody who could have seen it."""
        return self._meant is self.screen and event.time >= self._shown_at + REACTION_SECONDS
