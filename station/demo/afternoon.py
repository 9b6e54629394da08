"""The demo afternoon: everything that `station demo` starts around a station, and the run without keys."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from audio.protocol import Feed
from config import Settings, load_settings
from config.samples import write_samples
from station.demo.demo_headset import DemoHeadset, Kind, demo_headset
from station.demo.proctor import AutoProctor
from station.demo.receiver import Receiver
from station.demo.voices import Voices
from station.run.options import Options
from station.run.station import Station
from station.session.plan import Plan
from station.session.view import View
from uploader.queue import Row

log = logging.getLogger(__name__)
AUTO_STUDY_SECONDS = 2.0
AUTO_RESULT_SECONDS = 0.5
STILL = ("blocked", "missing", "sent", "unconfirmed")
"""States in which the uploader does nothing more by itself."""


@dataclass(frozen=True)
class DemoWishes:
    """What the command line asked for."""

    data: Path
    headset: Kind = "auto"
    server: str | None = None
    students: int | None = None
    speed: float = 1.0
    auto: bool = False


@dataclass(frozen=True)
class Afternoon:
    """A demo that is set up; the station is not started yet."""

    station: Station
    headset: DemoHeadset
    students: tuple[str, ...]
    voices: Voices | None
    """Who sings into a virtual headset; None where a real person does."""


@contextmanager
def afternoon(wishes: DemoWishes) -> Iterator[Afternoon]:
    """Receiver, sample material, headset and singers around a station, until the block ends."""
    with ExitStack() as stack:
        home = wishes.data.absolute()
        write_samples(home)
        server = wishes.server or stack.enter_context(Receiver(home / "receiver")).url
        headset = stack.enter_context(demo_headset(wishes.headset, home))
        settings = demo_settings(home, headset, server)
        plan = shortened if wishes.auto else None
        station = Station(settings, Options(speed=wishes.speed, plan=plan, rehearsal=True, env=headset.env))
        voices = None
        if headset.kind != "real":
            voices = stack.enter_context(singing(station, headset, home / "voices"))
        pupils = [pupil.student_id for pupil in station.roster.pupils]
        yield Afternoon(station, headset, tuple(pupils[: wishes.students]), voices)


def demo_settings(home: Path, headset: DemoHeadset, server: str) -> Settings:
    """The sample settings with this headset and server."""
    settings = load_settings(home / "station.toml")
    audio = settings.audio.model_copy(update={"input": headset.input, "output": headset.output})
    address = settings.server.model_copy(update={"url": server, "token_env": None, "status": "off"})
    return settings.model_copy(update={"audio": audio, "server": address})


def shortened(plan: Plan) -> Plan:
    """Nobody reads the notes in `--auto`; recording and prompts keep their length."""
    items = tuple(
        replace(item, study_seconds=min(item.study_seconds, AUTO_STUDY_SECONDS), ready_seconds=1.0)
        for item in plan.items
    )
    return replace(plan, items=items, result_seconds=AUTO_RESULT_SECONDS)


@contextmanager
def singing(station: Station, headset: DemoHeadset, folder: Path) -> Iterator[Voices]:
    """Virtual pupils sing into the virtual headset while the block runs."""
    feed = headset.feed or (lambda path: station.command(Feed(str(path))))
    items = {item.id: item for item in station.kit.items}
    voices = Voices(station.roster, items, station.settings.audio.samplerate, folder, feed)
    unsubscribe = station.observe(voices.see)
    voices.start()
    try:
        yield voices
    finally:
        unsubscribe()
        voices.stop()


def run_auto(demo: Afternoon, on_view: Callable[[View], None], on_wait: Callable[[View], None]) -> bool:
    """All pupils through the same core as the screens, then wait for delivery. False when it got stuck."""
    station = demo.station
    speed = station.options.speed if demo.headset.kind == "builtin" else 1.0
    ready = demo.voices.ready if demo.voices is not None else (lambda session: True)
    proctor = AutoProctor(station.post, demo.students, speed=speed, ready=ready)
    unsubscribe = station.observe(proctor.see)
    station.start()
    try:
        if not proctor.run(station.view, on_view):
            log.error("the demo got stuck in %s", station.view.session.phase.value)
            return False
        wait_for_delivery(station, on_wait)
        return True
    finally:
        unsubscribe()


def wait_for_delivery(station: Station, on_wait: Callable[[View], None]) -> None:
    """Until nothing moves any more."""
    while any(not settled(row) for row in station.deliveries()):
        on_wait(station.view)
        time.sleep(0.2)


def settled(row: Row) -> bool:
    return row.delivered or str(row.state) in STILL
