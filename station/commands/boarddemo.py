"""What `station board demo` puts together: board, receiver, one address for both, and simulated schools."""

from __future__ import annotations

import tempfile
import threading
import webbrowser
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from board import BoardSettings, ExpectedStation, ServedBoard, Stores, board_app, open_board
from config import Settings, load_settings
from config.base import say
from config.kit import load_kit
from config.samples import write_samples
from station.demo.receiver import Receiver
from station.demo.schools import PUPILS, SimulatedSchool, plans
from station.exitcodes import Exit
from station.words import talk
from station.words.i18n import computer_language, worded

DISTRICT = "310105"
USER, PASSWORD = "demo", "demo-demo-demo"
"""The board of the demo listens on this computer only."""


def run_demo(count: int, seconds: int | None, port: int, *, browser: bool) -> int:
    """Until Ctrl-C, or for so many seconds. Raises StationError."""
    with ExitStack() as stack:
        passing = tempfile.TemporaryDirectory(prefix="station-board-", ignore_cleanup_errors=True)
        home = Path(stack.enter_context(passing))
        language = computer_language()
        settings = BoardSettings(port=port, language=language)
        engine = open_board(f"sqlite:///{(home / 'board.db').as_posix()}")
        stack.callback(engine.dispose)
        stores = Stores.of(engine)
        served = stack.enter_context(ServedBoard(board_app(settings, stores, worded), "127.0.0.1", port))
        receiver = stack.enter_context(Receiver(home / "receiver", board=served.url))
        schools = founded(stores, home, receiver.url, count)
        stack.callback(stop_all, schools)
        for school in schools:
            school.start()
        talk.tell(say("The board is at {url}. Ctrl-C ends it.", url=served.url))
        talk.tell(say("User “{user}”, password “{password}”.", user=USER, password=PASSWORD))
        silent = next(school for school in schools if school.plan.kind == "silent")
        talk.tell(
            say("The silent school {school} would send this line by chat; paste it into the page:",
                school=silent.plan.school)
        )  # fmt: skip
        talk.line(silent.line())
        if browser:
            webbrowser.open(served.url)
        wait_for(seconds)
    return Exit.OK


def stop_all(schools: Sequence[SimulatedSchool]) -> None:
    """All at the same time: one after the other they took a minute on a busy computer."""
    for school in schools:
        school.close()
    with ThreadPoolExecutor(len(schools)) as threads:
        list(threads.map(lambda school: school.stop(), schools))


def founded(stores: Stores, home: Path, url: str, count: int) -> list[SimulatedSchool]:
    """List, user, tokens and schools."""
    stores.people.add(USER, "district", DISTRICT, PASSWORD)
    found = plans(count)
    stores.roll.expect(
        DISTRICT,
        [
            ExpectedStation(
                plan.station, plan.school, "音乐教室", f"王老师 021-5555{plan.number:04d}", PUPILS
            )
            for plan in found
        ],
    )
    settings = sample_settings(home / "samples", url)
    kit = load_kit(settings.session.kit, home / "kit")
    return [
        SimulatedSchool(plan, settings, kit, stores.roll.make_token(DISTRICT, plan.school), home)
        for plan in found
    ]


def sample_settings(folder: Path, url: str) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    write_samples(folder)
    settings = load_settings(folder / "station.toml")
    server = settings.server.model_copy(update={"url": url, "token_env": None})
    return settings.model_copy(update={"server": server})


def wait_for(seconds: int | None) -> None:
    """A wait with an end lets Ctrl-C through on Windows."""
    ended = threading.Event()
    while not ended.wait(seconds or 3600):
        if seconds is not None:
            return
