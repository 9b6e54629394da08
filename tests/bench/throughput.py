"""MB/s, processor time and memory of upload clients beside each other, on the same servers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

from tests.bench.sink import Sink
from tests.bench.telling import table, tell
from tests.bench.upload_clients import CLIENTS
from tests.bench.upload_peers import CACHE, kinds
from tests.uploader.realservers import Kind, Running
from tests.uploader.takes import new_take

MB = 1_000_000
EXPLANATION = """\
Ours is as the station runs it: with checksums where the server checks them, each step committed before it is
done. A recording that is entered moments after it was read back, as here, is not read again; one that lay for
more than ten minutes is, beside the sending, which takes 0.3 s of a core for 500 MB."""


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
        print(table(["server", *names], rows), flush=True)
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
