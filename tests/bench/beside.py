"""`python -m tests.bench.beside COMMIT`: the uploader beside the one of an earlier commit, in one run.

Both send the same files to the same servers, in turns, so that a busy machine is busy for both. What a client
needs to start is measured with one short file and left out: modules that are loaded late are its start, too.
Markdown on stdout, progress on stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from tests.bench.machine import description
from tests.bench.telling import table, tell
from tests.bench.throughput import MB, files_of
from tests.bench.upload_peers import install_peers, kinds
from tests.tools.environment import ROOT
from tests.uploader.realservers import Kind, Running

CLIENTS = ("ours", "ours, no checksums")
SHORT = 64 * 1024
"""Bytes of the file that a start sends."""
STARTS = 5
SYNCS = ("fsync", "fdatasync")


@dataclass(frozen=True)
class Cost:
    seconds: float
    cpu: float
    """Seconds of user and system time, without the start."""


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """The files of a commit. Raises CalledProcessError where there is none."""
    with tempfile.TemporaryDirectory(prefix="bench-beside-") as name:
        packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", name], check=True, input=packed.stdout)
        yield Path(name)


def run(tree: Path, client: str, url: str, files: Sequence[Path], *before: str) -> Cost:
    """One process. Raises CalledProcessError."""
    command = [*before, sys.executable, "-m", "tests.bench.upload_clients", client, url, *map(str, files)]
    earlier = os.times()
    done = subprocess.run(
        command,
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    now = os.times()
    cpu = now.children_user + now.children_system - earlier.children_user - earlier.children_system
    return Cost(float(json.loads(done.stdout)), cpu)


def syncs(tree: Path, url: str, files: Sequence[Path], folder: Path) -> int:
    """How often the disk is waited for; -1 where strace is missing."""
    if shutil.which("strace") is None:
        return -1
    trace = folder / "trace"
    names = ",".join(SYNCS)
    run(tree, CLIENTS[0], url, files, "strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={names}")
    return sum("sync(" in line for line in trace.read_text(encoding="utf-8").splitlines())


def middle(costs: Sequence[Cost]) -> Cost:
    return Cost(median(cost.seconds for cost in costs), median(cost.cpu for cost in costs))


def compare(
    kind: Kind, trees: Sequence[Path], files: Sequence[Path], runs: int, folder: Path
) -> list[list[str]]:
    rows = []
    size = sum(file.stat().st_size for file in files) / MB
    (short,) = files_of(Path(tempfile.mkdtemp(dir=folder)), 1, SHORT)
    for client in CLIENTS:
        found: list[list[Cost]] = [[] for _ in trees]
        with Running(kind, folder / "store") as server:
            starts = [
                middle([run(tree, client, server.url, [short]) for _ in range(STARTS)]) for tree in trees
            ]
        shutil.rmtree(folder / "store")
        for number in range(2 * runs):
            # Whoever is first finds other caches: they change places.
            for place in (range(len(trees)), reversed(range(len(trees))))[number % 2]:
                with Running(kind, folder / "store") as server:
                    cost = run(trees[place], client, server.url, files)
                shutil.rmtree(folder / "store")
                start = starts[place]
                found[place].append(Cost(cost.seconds - start.seconds, max(0.001, cost.cpu - start.cpu)))
        rates = [size / median(cost.seconds for cost in costs) for costs in found]
        cpus = [1000 * median(cost.cpu for cost in costs) / size for costs in found]
        ratios = f"{rates[1] / rates[0]:.2f}", f"{cpus[1] / cpus[0]:.2f}"
        rows.append([f"{kind.name}, {client}", *(f"{rate:.0f}" for rate in rates), ratios[0],
                     *(f"{cpu:.2f}" for cpu in cpus), ratios[1]])  # fmt: skip
        tell(f"{rows[-1]}")
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.beside")
    parser.add_argument("commit", help="the earlier one")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--servers", nargs="*", help="names of servers; all that are there without")
    wishes = parser.parse_args()
    install_peers()
    chosen = [kind for kind in kinds() if not wishes.servers or kind.name in wishes.servers]
    with (
        tempfile.TemporaryDirectory(prefix="bench-beside-", dir="/dev/shm") as name,
        tree_of(wishes.commit) as then,
    ):
        folder, trees = Path(name), (then, ROOT)
        cases = {
            "12 MB x 10": files_of(folder / "small", 10, 12 * MB),
            "250 MB": files_of(folder, 1, 250 * MB),
        }
        print(
            f"## Beside {wishes.commit}\n\n{description(('requests', 'urllib3'), ('node',))}; "
            f"load {psutil.getloadavg()[0]:.1f}.\n"
        )
        heading = ["server, client", "MB/s then", "now", "now/then", "CPU ms a MB then", "now", "now/then"]
        for case, files in cases.items():
            rows = [row for kind in chosen for row in compare(kind, trees, files, wishes.runs, folder)]
            print(f"**{case}**, median of {2 * wishes.runs}\n\n{table(heading, rows)}", flush=True)
        with Running(chosen[0], folder / "synced") as server:
            counts = [syncs(tree, server.url, cases["12 MB x 10"], folder) for tree in trees]
        print(f"**Syncs of the disk** for 10 takes: {counts[0]} then, {counts[1]} now", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
