"""`python -m tests.bench.upload [--quick]`: the uploader beside others, in one run, on the same servers.

Markdown on stdout, progress on stderr.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from config.settings import DeliverySection, ServerSection
from tests.bench.machine import description
from tests.bench.telling import table, tell
from tests.bench.throughput import MB, throughput
from tests.bench.upload_kills import client_kills, server_kills
from tests.bench.upload_peers import install_peers, kinds
from tests.uploader.proxy import Line, Proxy
from tests.uploader.realservers import ResumableUpload, Running
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.send.worker import Uploader

PACKAGES = ("requests", "urllib3", "resumable-upload", "tuspyserver", "tussi")
PROGRAMS = ("node", "curl")


def cuts(folder: Path, runs: int) -> None:
    """12 MB, the line cut every 1.5-4.5 MB."""
    rows = []
    for kind in kinds():
        ratios = []
        for seed in range(runs):
            rng = random.Random(seed)
            line = Line(cut_after=lambda rng=rng: rng.randrange(1_500_000, 4_500_000))  # type: ignore[misc]
            place = folder / f"cut-{kind.name.replace('/', '-')}-{seed}"
            with Running(kind, place / "store") as server, Proxy(server.port, line) as proxy:
                deliver(place, f"http://127.0.0.1:{proxy.port}/files/", [12 * MB])
            ratios.append(line.carried / (12 * MB))
        rows.append([kind.name, f"{median(ratios):.2f}", f"{max(ratios):.2f}"])
        tell(f"cuts: {rows[-1]}")
    print(f"**Bytes sent / file size**, 12 MB, RST every 1.5-4.5 MB, {runs} runs\n")
    print(table(["server", "median", "worst"], rows), flush=True)


def deliver(place: Path, url: str, sizes: Sequence[int]) -> float:
    """Seconds until all are sent; not read back, since the proxy counts the way there."""
    queue = Queue.open(place / "queue.db")
    for number, size in enumerate(sizes):
        queue.add(new_take(place / "takes", number, size))
    uploader = Uploader(queue, ServerSection(url=url), DeliverySection(), lambda *_: None, None)
    uploader._server.read_back.lose()
    began = time.monotonic()
    while any(row.offset < row.size for row in queue.rows()):
        uploader.run_once()
        queue.retry()
    seconds = time.monotonic() - began
    queue.close()
    return seconds


def drain(folder: Path, part: float) -> None:
    """60 takes over a line of 1 and of 10 Mbit/s; `part` of 0.5 and 3 MB each."""
    rows = []
    for rate, full in ((1, MB // 2), (10, 3 * MB)):
        size = int(full * part)
        place = folder / f"drain-{rate}"
        line = Line(rate=rate * MB / 8)
        with Running(ResumableUpload(), place / "store") as server, Proxy(server.port, line) as proxy:
            took = deliver(place, f"http://127.0.0.1:{proxy.port}/files/", [size] * 60)
        ideal = 60 * size / (rate * MB / 8)
        rows.append(
            [f"{rate} Mbit/s", f"60 x {size / MB:.2f} MB", f"{took:.1f} s", f"{100 * ideal / took:.0f} %"]
        )
        tell(f"drain: {rows[-1]}")
    print("**Draining 60 takes**\n")
    print(table(["line", "takes", "time", "of the line's limit"], rows), flush=True)


def listing(folder: Path) -> None:
    """A queue of 10,000 rows: opening, and the command that lists it."""
    home = folder / "listing"
    subprocess.run(
        [sys.executable, "-m", "station", "init", str(home)], check=True, stdout=subprocess.DEVNULL
    )
    queue = Queue.open(home / "data" / "station.db")
    take = new_take(home / "takes")
    with queue._write():
        for number in range(10_000):
            queue.add(replace(take, take_id=f"{number:036}"))
    queue.close()
    began = time.perf_counter()
    queue = Queue.open(home / "data" / "station.db")
    bodies = [row.as_json() for row in queue.rows()]
    inside = time.perf_counter() - began
    queue.close()
    command = [
        sys.executable,
        "-m",
        "station",
        "queue",
        "list",
        "--json",
        "--config",
        str(home / "station.toml"),
    ]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    outside = time.perf_counter() - began
    print(f"**Queue of {len(bodies)} rows**: opened and listed in {inside:.2f} s; ")
    print(f"`station queue list --json` with the start of Python {outside:.2f} s\n", flush=True)


def kills(folder: Path, fewer: int) -> None:
    client_kills(folder / "clients", 1000 // fewer)
    server_kills(folder / "servers", 100 // fewer)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.upload")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer")
    parser.add_argument("--only", choices=["throughput", "cuts", "drain", "listing", "kills"])
    wishes = parser.parse_args()
    if sys.platform != "linux":
        tell("This benchmark runs on Linux only.")
        return 2
    install_peers()
    runs = 2 if wishes.quick else 5
    print(f"# Upload beside other clients\n\n`make bench-upload`: {description(PACKAGES, PROGRAMS)}.\n")
    with tempfile.TemporaryDirectory(prefix="bench-upload-") as name:
        folder = Path(name)
        parts: dict[str, Callable[[], None]] = {
            "throughput": lambda: throughput(min(runs, 3), (100 if wishes.quick else 500) * MB),
            "cuts": lambda: cuts(folder, runs),
            "drain": lambda: drain(folder, 0.1 if wishes.quick else 1.0),
            "listing": lambda: listing(folder),
            "kills": lambda: kills(folder, 10 if wishes.quick else 1),
        }
        for part, work in parts.items():
            if wishes.only in (None, part):
                work()
    assert threading.active_count() == 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
