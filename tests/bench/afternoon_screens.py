"""`python -m tests.bench.afternoon_screens HOME SERVER FIFO [--speed N]`: what the bench looks at.

The real app on the real station with the built-in headset. What is accelerated is the clock, for everybody
alike: headset, session, and what the screens take for the time. They draw every frame of a song of a minute,
and count down its sixty seconds one by one. Lines in the FIFO say what has happened.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from audio.device import NAME
from audio.protocol.messages import Feed
from station.demo.afternoon import demo_settings
from station.demo.demo_headset import DemoHeadset
from station.demo.singer import sing_item, sing_phrase
from station.run.options import Options
from station.run.station import Station
from station.session.state import Phase
from station.session.view import View

if TYPE_CHECKING:
    from station.tui.app import StationApp

PERSONS = {
    "guarded": ("REACTION_SECONDS",),
    "scanner": ("SETTLE_SECONDS", "REPEAT_SECONDS", "DOUBT_SECONDS", "DOUBT_SETTLE_SECONDS"),
}
"""How long a person needs for a key, by modules of station.tui."""
TEXTUAL_FPS = 60
"""Textual's own limit of drawings in a second."""
DRAWN_SECONDS = 0.004
"""After this a frame is on its way to the terminal."""


class Clock:
    """Runs `speed` times as fast as the computer's, from now on."""

    def __init__(self, speed: float) -> None:
        self.speed, self._start = speed, monotonic()
        self.frame: float | None = None
        """The moment of the frame that is drawn now; None: the present moment."""

    def of(self, moment: float) -> float:
        """A moment of the monotonic clock on this one."""
        return self._start + self.speed * (moment - self._start)

    def now(self) -> float:
        return self.of(monotonic())

    def __call__(self) -> float:
        return self.now() if self.frame is None else self.frame


class Frames:
    """Has every frame drawn that a minute has, at its moment, also where the computer is late."""

    def __init__(self, app: StationApp, clock: Clock) -> None:
        self._app, self._clock = app, clock
        self._moves = True

    def pace(self, moves: bool) -> None:
        """In place of the app's own timer."""
        self._moves = moves

    async def run(self) -> None:
        from station.tui.app import FRAMES_PER_SECOND

        frame = self._clock.now()
        while True:
            await asyncio.sleep(DRAWN_SECONDS)
            while self._moves and frame + 1 / FRAMES_PER_SECOND <= self._clock.now():
                frame += 1 / FRAMES_PER_SECOND
                self._clock.frame = frame
                self._app._tick()
                await asyncio.sleep(DRAWN_SECONDS)
            if not self._moves:
                frame, self._clock.frame = self._clock.now(), None


class Timed:
    """The station as the screens see it: moments in its views are on their clock."""

    def __init__(self, station: Station, clock: Clock) -> None:
        self._station, self._clock = station, clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._station, name)

    @property
    def view(self) -> View:
        return self._timed(self._station.view)

    def observe(self, observer: Callable[[View], None]) -> Callable[[], None]:
        return self._station.observe(lambda view: observer(self._timed(view)))

    def _timed(self, view: View) -> View:
        ends, since = view.timer_ends_at, view.recording_since_at
        return replace(
            view,
            timer_ends_at=None if ends is None else self._clock.of(ends),
            recording_since_at=None if since is None else self._clock.of(since),
        )


class Singer:
    """One voice for all pupils, rendered once."""

    def __init__(self, station: Station, folder: Path) -> None:
        item, rate = station.kit.items[0], station.settings.audio.samplerate
        self._song = sing_item(item, 0, rate, item.max_seconds, folder / "song.wav")
        self._phrase = sing_phrase(0, rate, folder / "phrase.wav")
        self._station = station
        self._last: object = None

    def see(self, view: View) -> None:
        now = (view.session.phase, view.session.current, view.recording_since_at is not None)
        if now == self._last:
            return
        self._last = now
        if now[0] is Phase.CHECK_SINGING:
            self._station.command(Feed(str(self._phrase)))
        elif now[0] is Phase.RECORDING and now[2]:
            self._station.command(Feed(str(self._song)))


class Teller:
    """Writes what happens into the FIFO."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._phase: Phase | None = None
        self._ready = False
        self.ticks = 0

    def see(self, view: View) -> None:
        if view.device_ready and not self._ready:
            self._ready = True
            self.tell("ready")
        if view.session.phase is not self._phase:
            self._phase = view.session.phase
            self.tell(f"phase {self._phase.value} {self.ticks}")

    def tell(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


def accelerated(app: StationApp, clock: Clock) -> None:
    """The modules of the screens take `clock` for the time, people are as quick, and every frame is drawn."""
    for name, module in list(sys.modules.items()):
        if name.startswith("station.tui") and hasattr(module, "monotonic"):
            vars(module)["monotonic"] = clock
    for name, constants in PERSONS.items():
        module = sys.modules[f"station.tui.{name}"]
        vars(module).update({constant: vars(module)[constant] / clock.speed for constant in constants})
    frames = Frames(app, clock)
    vars(app)["pace"] = frames.pace
    app.call_later(lambda: app.run_worker(frames.run()))


def followed(app: StationApp, teller: Teller) -> None:
    """Tell each change of screen and count what moves by itself."""
    from station.tui.base import StationScreen

    def changed(screen: object) -> None:
        teller.tell(f"screen {type(screen).__name__}")

    def counting(tick: Callable[..., None]) -> Callable[..., None]:
        def counted(screen: StationScreen, *arguments: Any) -> None:
            teller.ticks += 1
            tick(screen, *arguments)

        return counted

    for kind in StationScreen.__subclasses__():
        kind.tick = counting(kind.tick)  # type: ignore[method-assign]
    app.call_later(app.screen_change_signal.subscribe, app, changed)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("server")
    parser.add_argument("fifo", type=Path)
    parser.add_argument("--speed", type=float, default=1.0)
    wishes = parser.parse_args()
    os.environ["TEXTUAL_FPS"] = str(round(TEXTUAL_FPS * wishes.speed))
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    settings = demo_settings(wishes.home, DemoHeadset("builtin", NAME, NAME), wishes.server)
    real = Station(settings, Options(speed=wishes.speed))
    singer = Singer(real, wishes.home)
    with wishes.fifo.open("w", encoding="utf-8") as out:
        teller, clock = Teller(out), Clock(wishes.speed)
        real.observe(singer.see)
        real.observe(teller.see)
        from station.tui.app import StationApp

        app = StationApp(Timed(real, clock))
        if wishes.speed > 1:
            accelerated(app, clock)
        followed(app, teller)
        try:
            app.run()
        finally:
            real.stop()
    if app.fault is not None:
        raise app.fault


if __name__ == "__main__":
    main()
