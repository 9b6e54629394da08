"""`python -m tests.bench.beside_capture COMMIT`: the recorder beside an earlier commit's, in one run.

Both record the same card at the same time, each among the other recorders of `make bench-capture`.
Markdown on stdout, progress on stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import psutil

from tests.audio.wavs import ramp, write_wav
from tests.bench.beside import tree_of
from tests.bench.capture import PROGRAMS, SPARE_SECONDS, pulse
from tests.bench.machine import description
from tests.bench.recorders import RECORDING_ONLY, STATION, Cost
from tests.bench.telling import table, tell
from tests.tools.environment import ROOT

WHO = (STATION, RECORDING_ONLY)
RACE = """
import json, os, sys
from pathlib import Path
from tests.bench.recorders import race
found = race(os.environ, Path(sys.argv[1]), float(sys.argv[2]))
print(json.dumps({name: [cost.lost, cost.cpu, cost.megabytes] for name, cost in found.items()}))
"""
"""Run in each tree, with its own modules."""


def side_by_side(then: Path, folder: Path, seconds: float, number: int) -> list[dict[str, Cost]]:
    """Costs then and now, by recorder. Raises CalledProcessError."""
    with pulse(folder / "ramp.wav") as card:
        running: list[subprocess.Popen[bytes]] = []
        for tree in (then, ROOT):
            place = folder / f"{number}-{len(running)}"
            command = [sys.executable, "-c", RACE, str(place), f"{seconds:.0f}"]
            variables = {**os.environ, **card.env, "PYTHONPATH": str(tree)}
            running.append(subprocess.Popen(command, cwd=tree, env=variables, stdout=subprocess.PIPE))
        told = [process.communicate()[0] for process in running]
    for process in running:
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, "race")
    return [{name: Cost(*cost) for name, cost in json.loads(text).items()} for text in told]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.beside_capture")
    parser.add_argument("commit", help="the earlier one")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60.0)
    wishes = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="bench-beside-") as name, tree_of(wishes.commit) as then:
        folder = Path(name)
        write_wav(folder / "ramp.wav", ramp(wishes.seconds + SPARE_SECONDS))
        for number in range(wishes.runs):
            found.append(side_by_side(then, folder, wishes.seconds, number))
            tell(f"{number + 1} of {wishes.runs}: {[both[STATION] for both in found[-1]]}")
    load = psutil.getloadavg()[0]
    print(f"## Beside {wishes.commit}\n\n{description((), PROGRAMS)}; load {load:.1f}.\n")
    print(table(["recorder", "lost then", "now", "CPU % then", "now", "now/then", "MB then", "now"],
                [row(who, found) for who in WHO]))  # fmt: skip
    return 0


def row(who: str, found: list[list[dict[str, Cost]]]) -> list[str]:
    sides = [[both[side][who] for both in found] for side in (0, 1)]
    lost = [str(sum(cost.lost for cost in costs)) for costs in sides]
    cpu = [median(cost.cpu for cost in costs) for costs in sides]
    memory = [f"{median(cost.megabytes for cost in costs):.0f}" for costs in sides]
    return [who, *lost, *(f"{used:.2f}" for used in cpu), f"{cpu[1] / cpu[0]:.2f}", *memory]


if __name__ == "__main__":
    sys.exit(main())
