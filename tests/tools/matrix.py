"""`make test-pythons`: the tests on every supported Python, and what was run on which, one line each.

1. The Python it is called with runs the whole suite; with `--others` that has been done before.
2. The others run what depends on the interpreter: `make test-interpreter`.
3. Each has an environment of its own, kept between runs (tests/tools/environment.py).
4. A Python that can't be had is named and is no failure; any failure makes the exit code 1. With
   `--minutes N` none is begun later than that after the start, and those that were not are named.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from station.pythons import dotted
from tests.tools.environment import ROOT, SetupError
from tests.tools.interpreters import Python, fetched, found, missing

WHOLE = ("the whole suite", "test")
PARTS = ("what depends on the interpreter", "test-interpreter")
OURS = sys.version_info[:2]


@dataclass(frozen=True)
class Line:
    """What is told about one Python at the end; `passed` is None where nothing could be run."""

    python: str
    what: str
    passed: bool | None
    seconds: float = 0.0

    def __str__(self) -> str:
        told = {True: "passed", False: "FAILED", None: "absent"}[self.passed]
        return f"{self.python:8} {self.what:34} {told}{f' in {self.seconds:.0f} s' if self.seconds else ''}"


def everywhere(others_only: bool, until: float = math.inf) -> list[Line]:
    """Run on one Python after the other, begun before `until` (time.monotonic); a line for each supported
    minor version."""
    there = found() | {OURS: _ourselves()}
    absent = []
    for minor in missing(there):
        try:
            there[minor] = fetched(minor)
        except SetupError as error:
            absent.append(Line(dotted(minor), f"not on this machine, and {error}", None))
    if others_only:
        del there[OURS]
    pythons = [there[minor] for minor in sorted(there)]
    if until == math.inf:
        # Where time is short, each is made in its turn, and none for nothing.
        prepare(pythons)
    return [begun(python, *(WHOLE if python.minor == OURS else PARTS), until) for python in pythons] + absent


def prepare(pythons: Sequence[Python]) -> None:
    """Make all environments side by side; what fails is told when the tests are run."""
    program = "from tests.tools import environment; environment.prepare()"
    making = [subprocess.Popen([python.program, "-c", program], cwd=ROOT) for python in pythons]
    for process in making:
        process.wait()


def _ourselves() -> Python:
    major, minor, patch = sys.version_info[:3]
    return Python(Path(sys.executable), (major, minor, patch))


def begun(python: Python, what: str, target: str, until: float) -> Line:
    if time.monotonic() > until:
        return Line(str(python), "not begun: no time was left", None)
    return run(python, what, target)


def run(python: Python, what: str, target: str) -> Line:
    """One target of `make` on one Python."""
    print(f"\n== Python {python}: {what}", flush=True)
    begun = time.monotonic()
    done = subprocess.run([python.program, "-m", "tests.tools", target], cwd=ROOT)
    return Line(str(python), what, done.returncode == 0, time.monotonic() - begun)


def summary(lines: Sequence[Line]) -> str:
    """One line per Python, and last the totals as pytest has them."""
    counts = {told: sum(line.passed is told for line in lines) for told in (True, False, None)}
    seconds = sum(line.seconds for line in lines)
    total = f"{counts[False]} failed, {counts[True]} passed, {counts[None]} absent in {seconds:.2f}s"
    return "\n".join(["", "== Pythons", *map(str, lines), f"== {total} =="])


def main() -> int:
    parser = argparse.ArgumentParser(prog="make test-pythons")
    parser.add_argument("--others", action="store_true", help="without the Python it is called with")
    parser.add_argument("--minutes", type=float, default=math.inf)
    wanted = parser.parse_args()
    try:
        lines = everywhere(wanted.others, time.monotonic() + 60 * wanted.minutes)
    except KeyboardInterrupt:
        return 130
    print(summary(lines), flush=True)
    return 1 if any(line.passed is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
