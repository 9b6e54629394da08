"""`python -m tests.bench.upload [--quick]`: the uploader beside others, in one run, on the same servers.

Peers (tuspy from PyPI, tus-js-client and @tus/server from npm, tusd) are installed into the user's cache the
first time; what is not there is left out of the table. Markdown on stdout, progress on stderr.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from statistics import median

import platformdirs

from config.settings import DeliverySection, ServerSection
from tests.bench.machine import description
from tests.bench.sink import Sink
from tests.bench.upload_clients import CLIENTS
from tests.tools import tusd
from tests.uploader.nursery import kill_clients
from tests.uploader.proxy import Line, Proxy
from tests.uploader.realservers import Kind, NodeServer, ResumableUpload, Running, Tusd, TusPyServer, Tussi
from tests.uploader.takes import new_take
from uploader.queue import Queue
from uploader.worker import Uploader

MB = 1_000_000
CACHE = Path(platformdirs.user_cache_dir("singing-test-station")) / "bench"
NPM = ("@tus/server@2.4.5", "@tus/file-store@2.1.1", "tus-js-client@4.3.1")

EXPLANATION = """\
Ours is as the station runs it: with checksums where the server checks them, each step committed before it is
done. A recording that is entered moments after it was read back, as here, is not read again; one that lay for
more than ten minutes is, beside the sending, which takes 0.3 s of a core for 500 MB."""

PACKAGES = ("requests", "urllib3", "resumable-upload", "tuspyserver", "tussi")
PROGRAMS = ("node", "curl")


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print("| " + " | ".join(heading) + " |\n|" + "---|" * len(heading))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def install_peers() -> None:
    """Once; without network the peers are left out."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (CACHE / "tuspy").exists():
        pip = [sys.executable, "-m", "pip"]
        if importlib.util.find_spec("pip") is None and shutil.which("uv"):
            pip = ["uv", "pip"]
        target = ["install", "-q", "--target", str(CACHE / "tuspy"), "tuspy==1.1.0"]
        subprocess.run([*pip, *target], stdout=sys.stderr)
    if shutil.which("npm") and not (CACHE / "node_modules").exists():
        (CACHE / "package.json").write_text('{"private": true}', encoding="utf-8")
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *NPM]
        subprocess.run(npm, cwd=CACHE, stdout=sys.stderr)
    subprocess.run([sys.executable, "-m", "tests.tools.tusd"], stdout=sys.stderr)


def kinds() -> list[Kind]:
    found: list[Kind] = [ResumableUpload(), TusPyServer(), Tussi()]
    if (CACHE / "node_modules").exists():
        found.append(NodeServer(CACHE))
    if (program := tusd.program()).exists():
        found.append(Tusd(program))
    return found


def measure(name: str, url: str, files: Sequence[Path]) -> tuple[float, float, int]:
    """MB/s, CPU seconds, RSS in MB of one client process (Linux). Raises OSError where it fails."""
    command = [sys.executable, "-m", "tests.bench.upload_clients", name, url]
    if name == "tus-js-client":
        script = shutil.copy(Path(__file__).with_name("tusjs.mjs"), CACHE)
        command = ["node", str(script), url]
    paths = os.pathsep.join((str(Path.cwd()), str(CACHE / "tuspy")))
    process = subprocess.Popen(
        [*command, *map(str, files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    )
    cpu, rss = watch(process.pid)
    output, _ = process.communicate()
    if process.returncode:
        raise OSError(f"{name} failed")
    size = sum(file.stat().st_size for file in files) / MB
    return size / float(json.loads(output)), cpu, rss


def watch(pid: int) -> tuple[float, int]:
    """CPU seconds and largest RSS in MB of a process until it ends, from /proc: wait4 would count the
    memory of the parent at the fork."""
    cpu, rss = 0.0, 0
    while True:
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            times = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return cpu, rss
        if "VmHWM:" not in status:
            return cpu, rss
        rss = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        # User and system time of the process and of children it has waited for, in ticks of 10 ms.
        cpu = sum(int(ticks) for ticks in times[11:15]) / 100
        time.sleep(0.02)


def throughput(runs: int, big: int) -> None:
    """In memory: what a disk does meanwhile is no client's merit."""
    with tempfile.TemporaryDirectory(prefix="bench-upload-", dir="/dev/shm") as name:
        compare(Path(name), runs, big)


def compare(folder: Path, runs: int, big: int) -> None:
    cases = {
        "12 MB x 20": files_of(folder / "small", 20, 12 * MB),
        f"{big // MB} MB": files_of(folder, 1, big),
    }
    names = [name for name in (*CLIENTS, "tus-js-client") if name != "raw socket"]
    for case, files in cases.items():
        rows = []
        for kind in kinds():
            rows.append([kind.name, *race(kind, folder / kind.name.replace("/", "-"), names, files, runs)])
            tell(f"{case}: {rows[-1]}")
        with Sink() as sink:
            raw = cell([measure("raw socket", f"http://127.0.0.1:{sink.port}/", files) for _ in range(runs)])
        print(f"**{case}**: MB/s (CPU s, RSS MB), median of {runs}; raw socket into nothing: {raw}\n")
        table(["server", *names], rows)
    print(EXPLANATION, end="\n\n", flush=True)


def race(kind: Kind, place: Path, names: Sequence[str], files: Sequence[Path], runs: int) -> list[str]:
    """One cell for each client. They take turns, and each finds a new server with an empty store."""
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in names}
    for _ in range(runs):
        for name in names:
            with Running(kind, place) as server, suppress(OSError):
                found[name].append(measure(name, server.url, files))
            shutil.rmtree(place)
    return [cell(found[name]) for name in names]


def cell(found: Sequence[tuple[float, float, int]]) -> str:
    if not found:
        return "-"
    rate, cpu, rss = (median(values) for values in zip(*found, strict=True))
    return f"{rate:.0f} ({cpu:.1f}, {rss:.0f})"


def files_of(folder: Path, count: int, size: int) -> list[Path]:
    return [new_take(folder, number, size).path for number in range(1, count + 1)]


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
    table(["server", "median", "worst"], rows)


def deliver(place: Path, url: str, sizes: Sequence[int]) -> float:
    """Seconds until all are sent; not read back, since the proxy counts the way there."""
    queue = Queue.open(place / "queue.db")
    for number, size in enumerate(sizes):
        queue.add(new_take(place / "takes", number, size))
    uploader = Uploader(queue, ServerSection(url=url), DeliverySection(), lambda *_: None, None)
    uploader._server.downloads = False
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
    table(["line", "takes", "time", "of the line's limit"], rows)


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


def kills(folder: Path, count: int) -> None:
    """kill -9 of the client at random moments while takes keep coming in."""
    place, rng, hits = folder / "kills", random.Random(1), 0
    queue = Queue.open(place / "queue.db")
    with Running(ResumableUpload(), place / "store") as server:
        with Proxy(server.port, Line(rate=20 * MB)) as proxy:
            url = f"http://127.0.0.1:{proxy.port}/files/"
            while hits < count:
                takes = [new_take(place / "takes", hits + number, 2 * MB) for number in range(20)]
                for take in takes:
                    queue.add(take)
                delays = [rng.uniform(0.01, 0.25) for _ in range(min(20, count - hits))]
                hits += max(1, kill_clients(place / "queue.db", url, delays))
                tell(f"kills: {hits}")
            Uploader(queue, ServerSection(url=url), DeliverySection(), lambda *_: None, None).run_once()
        finished = [upload for upload in server.stored() if upload.finished]
    rows = {row.take_id: row for row in queue.rows()}
    lost = sum(not row.delivered for row in rows.values())
    twice = len(finished) - len({upload.take_id for upload in finished})
    same = sum(upload.data == rows[upload.take_id].path.read_bytes() for upload in finished)
    queue.close()
    text = f"{len(rows)} takes, {lost} lost, {twice} twice, {same} identical"
    print(f"**{hits} x kill -9 of the client**: {text}\n")


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
            "kills": lambda: kills(folder, 100 if wishes.quick else 1000),
        }
        for part, work in parts.items():
            if wishes.only in (None, part):
                work()
    assert threading.active_count() == 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
