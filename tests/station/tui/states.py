"""A fake station under the real screens, and the events that lead to the states a test wants to see."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from config.settings import Settings
from station.session import events as ev
from station.tui.app import StationApp
from tests.station.tui.fake import FakeStation
from tests.station.tui.walk import Walk

Test = Callable[[Walk, FakeStation], Awaitable[None]]


def drive(
    settings: Settings,
    test: Test,
    size: tuple[int, int] = (80, 24),
    prepare: Callable[[FakeStation], None] = lambda station: None,
) -> None:
    """Run `test` on the screens of a fake station; `prepare` changes it before they open."""

    async def run() -> None:
        station = FakeStation(settings)
        prepare(station)
        app = StationApp(station)
        async with app.run_test(size=size) as pilot:
            await test(Walk(pilot, app), station)

    asyncio.run(run())


CHECKED: tuple[ev.Event, ...] = (
    ev.PupilNamed("0107"),
    ev.IdentityConfirmed(),
    ev.CheckMeasured("silence", "ok", None, {"floor_dbfs": -62.0}),
    ev.SoundEnded(),
    ev.CheckMeasured("singing", "ok", None, {"peak_dbfs": -9.0}),
    ev.SoundEnded(),
)
RECORDING = (
    *CHECKED,
    ev.CheckAccepted(),
    ev.ItemBegun(),
    ev.TimerEnded("x"),
    ev.SoundEnded(),
    ev.TimerEnded("take-1"),
    ev.TakeStarted("take-1", "now"),
)


def judged(ok: bool, *reasons: str) -> tuple[ev.Event, ...]:
    saved = ev.TakeSaved("take-1", "0107_warmup_1.wav", 8.0, "ab", "stop")
    return (*RECORDING, saved, ev.TakeJudged("take-1", ok, reasons))
