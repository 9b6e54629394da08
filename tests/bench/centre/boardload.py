"""A board on one core, 6,000 stations that each speak every minute, and people who look at it meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from board.store.engine import open_board
from board.web.widelist import OLD_SECONDS
from tests.bench.centre.country import PASSWORD, POSTS, STATIONS, settle
from tests.bench.centre.knocking import rush
from tests.bench.centre.rounds import ROUNDS, Round, doing_nothing, quietest
from tests.bench.telling import tell
from tests.board.visitor import Visitor
from tests.uploader.realservers import free_port

PAGES = 15
"""Times that each page is asked for with nobody else there."""
LOOK_SECONDS = 10.0
"""A page that is open is fetched anew so often."""
TECHNICIANS = 20


@dataclass
class Load:
    """What one board did on one database."""

    database: str
    most: float = 0.0
    """Statuses a second that it took at most."""
    alone: Round | None = None
    watched: Round | None = None
    """The same while a country's and TECHNICIANS districts' pages are open."""
    district: float = 0.0
    """Median seconds of a page, asked for with nobody else there."""
    country: float = 0.0
    first: float = 0.0
    """Of the country, for who looks when nobody has for a while: it is made anew."""
    memory: float = 0.0
    """Most MB."""


class Observer:
    """Memory of a process at its most, and its pages fetched by people."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self._ended = process, threading.Event()
        self._threads = [threading.Thread(target=self._weigh)]
        self.memory = 0.0

    def watch(self, visitor: Visitor, path: str, every: float) -> None:
        def run() -> None:
            while not self._ended.wait(every):
                visitor.get(path)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def __enter__(self) -> Observer:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _weigh(self) -> None:
        while not self._ended.wait(0.5):
            self.memory = max(self.memory, self._process.memory_info().rss / 1e6)


@contextmanager
def served(folder: Path, address: str) -> Iterator[tuple[int, psutil.Process]]:
    """A board as its command runs it, on the first core; this process and all others on the second."""
    port = free_port()
    lines = [f"port = {port}", 'language = "en"']
    sqlite = address.startswith("sqlite")
    lines.append('database = "board.db"' if sqlite else 'database_env = "BENCH_DATABASE"')
    (folder / "board.toml").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "station", "board", "serve", "--config", str(folder / "board.toml")]
    env = {**os.environ, "BENCH_DATABASE": address.replace("postgresql+psycopg", "postgresql")}
    with (folder / "board.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        known = psutil.Process(process.pid)
        if (psutil.cpu_count() or 1) > 1:
            known.cpu_affinity([0])
            psutil.Process().cpu_affinity([1])
        visitor = Visitor(f"http://127.0.0.1:{port}")
        deadline = time.monotonic() + 60
        while True:
            try:
                visitor.get("/health")
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        visitor.close()
        yield port, known
    finally:
        process.terminate()
        process.wait(30)
        psutil.Process().cpu_affinity(list(range(psutil.cpu_count() or 1)))


def seconds_of(visitor: Visitor, path: str, times: int = PAGES) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        answer = visitor.get(path)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.status_code
    return took


def board_load(name: str, folder: Path, address: str, seconds: float) -> Load:
    """`address`: of an empty database."""
    found = Load(name)
    engine = open_board(address)
    settle(engine)
    engine.dispose()
    with served(folder, address) as (port, process), Observer(process) as observer:
        url = f"http://127.0.0.1:{port}"
        first, found.most = rush(port, [post.request(1) for post in POSTS])
        assert first.codes == {201: STATIONS}, first.codes
        tell(f"{name}: {found.most:.0f} statuses a second at most")
        nation, district = Visitor(url), Visitor(url)
        nation.log_in("nation", PASSWORD)
        district.log_in("district", PASSWORD)
        found.district, found.country = median(seconds_of(district, "/")), median(seconds_of(nation, "/"))
        time.sleep(OLD_SECONDS + 1)
        found.first = seconds_of(nation, "/", 1)[0]
        tell(f"{name}: district {found.district * 1000:.0f} ms, country {found.country * 1000:.0f} ms")
        tell(f"{name}: country, looked at first, {found.first * 1000:.0f} ms")
        with doing_nothing() as other:
            each = seconds / ROUNDS
            found.alone = quietest(name, port, other, process, each, 2)
            observer.watch(nation, "/rows", LOOK_SECONDS)
            observer.watch(district, "/rows", LOOK_SECONDS / TECHNICIANS)
            found.watched = quietest(f"{name}, watched", port, other, process, each, 1000)
    nation.close()
    district.close()
    found.memory = observer.memory
    return found
