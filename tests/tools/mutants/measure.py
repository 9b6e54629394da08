"""Which tests run which lines of the modules in the table, and for how long.

1. All tests but the long ones, those that want the machine for themselves and those of the sound card: a
   mutant is tried in seconds.
2. What was measured is kept with the digests of files. Where a test file has changed, its tests are measured
   again; where a module has, the files of the tests that ran in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic

from coverage import CoverageData

from tests.tools.environment import ROOT, executable
from tests.tools.mutants.contexts import SECONDS_IN
from tests.tools.mutants.table import ABOUT, BUILD, FILES

KEPT = BUILD / "measured.json"
BATCH = 50
"""Test files."""
NO_TEST = ""
WHICH = "(not long or costly) and not alone and not card"
SETTINGS = """[run]
parallel = true
core = ctrace
sigterm = true
concurrency = thread
data_file = {folder}/data
context = ${{PYTEST_CURRENT_TEST-}}
disable_warnings = no-data-collected, module-not-measured, module-not-imported, couldnt-parse
include =
    {files}
"""


@dataclass
class Measured:
    """`lines`: file -> test -> lines; `seconds`: of tests that passed; `digests`: of modules and tests."""

    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    """Tests, in the last run; their files are measured again next time."""

    def tests_of(self, file: str, lines: Iterable[int]) -> list[str]:
        """The tests that run one of these lines, quick ones and those of the same room first."""
        wanted = set(lines)
        found = self.lines.get(file, {}).items()
        return self._cheap_first(file, [test for test, ran in found if not wanted.isdisjoint(ran)])

    def tests_beside(self, file: str) -> list[str]:
        """All tests of the files of which one runs something of this module, in the same order."""
        files = {test.split("::")[0] for test in self.lines.get(file, {})}
        return self._cheap_first(file, [test for test in self.seconds if test.split("::")[0] in files])

    def _cheap_first(self, file: str, tests: list[str]) -> list[str]:
        """Those that passed. The second case of a test costs twice as much, and so on: a hundred quick ones
        notice hardly more than the first, and another test does."""
        room = room_of(file)
        costs = {
            test: self.seconds[test] * (1 if test.startswith(room) else 3)
            for test in tests
            if test in self.seconds
        }
        cases: Counter[str] = Counter()
        for test in sorted(costs, key=costs.__getitem__):
            name = test.partition("[")[0]
            cases[name] += 1
            costs[test] *= cases[name]
        return sorted(costs, key=costs.__getitem__)

    def ran_at_import(self, file: str, lines: range) -> bool:
        """Whether one of these lines ran while no test did."""
        return not set(lines).isdisjoint(self.lines.get(file, {}).get(NO_TEST, ()))


def room_of(file: str) -> str:
    """How the paths of a module's own tests begin."""
    return ABOUT.get(file, f"tests/{Path(file).parent.as_posix()}/")


@dataclass(frozen=True)
class Plan:
    """What to measure until then (of time.monotonic): the files whose paths begin with one of `first`, and
    after them all others, unless `only`. `keep`: nothing, where anything is known."""

    until: float
    first: tuple[str, ...] = ()
    only: bool = False
    keep: bool = False
    workers: int = 2


def measured(plan: Plan) -> Measured:
    """What is known, brought up to date as far as the plan goes.

    The first time takes as long as all tests. Each batch of files is kept as soon as it was measured.
    """
    known = Measured(**json.loads(KEPT.read_text(encoding="utf-8"))) if KEPT.exists() else Measured()
    now = digests()
    if plan.keep and known.digests:
        return known
    changed = {file for file in now.keys() | known.digests.keys() if known.digests.get(file) != now.get(file)}
    stale = _stale(known, changed)
    _forget(known, stale, changed)
    # No test that is still known ran in a module that has changed.
    known.digests = {file: digest for file, digest in now.items() if file not in stale}
    left = sorted(file for file in stale if (ROOT / file).exists())
    # Whatever ends early has seen something of every house.
    random.Random(0).shuffle(left)
    left.sort(key=lambda file: not file.startswith(plan.first))
    left = [file for file in left if file.startswith(plan.first) or not plan.only]
    while left and monotonic() < plan.until:
        batch, left = left[:BATCH], left[BATCH:]
        print(f"Measuring what tests run: {len(batch)} files, {len(left)} left ...", flush=True)
        fresh = run(batch, plan.workers)
        known.seconds |= fresh.seconds
        for file, ran in fresh.lines.items():
            ran[NO_TEST] = sorted({*ran.get(NO_TEST, ()), *known.lines.get(file, {}).get(NO_TEST, ())})
            known.lines.setdefault(file, {}).update(ran)
        again = {test.split("::")[0] for test in fresh.failed}
        known.digests |= {file: now[file] for file in batch if file not in again}
        _keep(known)
    return known


def _keep(known: Measured) -> None:
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    half = KEPT.with_suffix(".tmp")
    half.write_text(json.dumps(asdict(known)), encoding="utf-8")
    half.replace(KEPT)


def _forget(known: Measured, stale: set[str], changed: set[str]) -> None:
    for test in [test for test in known.seconds if test.split("::")[0] in stale]:
        del known.seconds[test]
        for ran in known.lines.values():
            ran.pop(test, None)
    for file in changed:
        known.lines.get(file, {}).pop(NO_TEST, None)


def _stale(known: Measured, changed: set[str]) -> set[str]:
    """Test files that have to be measured again."""
    stale = {file for file in changed if Path(file).name.startswith("test_")}
    for file in changed & set(FILES):
        stale |= {test.split("::")[0] for test in known.lines.get(file, {}) if test != NO_TEST}
    return stale


def digests() -> dict[str, str]:
    files = [*(ROOT / file for file in FILES), *(ROOT / "tests").rglob("test_*.py")]
    return {
        file.relative_to(ROOT).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }


def run(files: list[str], workers: int) -> Measured:
    """These test files under coverage, so many side by side."""
    folder = BUILD / "coverage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = folder / "settings.ini"
    included = "\n    ".join(str(ROOT / file) for file in FILES)
    settings.write_text(SETTINGS.format(folder=folder, files=included), encoding="utf-8")
    seconds = folder / "seconds.json"
    command = (
        "-m",
        "pytest",
        "-q",
        "-n",
        str(workers),
        "--dist",
        "worksteal",
        "-p",
        "tests.tools.mutants.contexts",
    )
    subprocess.run(
        [executable("python"), *command, "-m", WHICH, *files],
        cwd=ROOT,
        env={**os.environ, "COVERAGE_PROCESS_START": str(settings), SECONDS_IN: str(seconds)},
        check=False,
    )
    if not seconds.exists():
        return Measured()
    told = json.loads(seconds.read_text(encoding="utf-8"))
    return Measured(lines=lines_of(folder), seconds=told["passed"], failed=told["failed"])


def lines_of(folder: Path) -> dict[str, dict[str, list[int]]]:
    """File -> test -> lines, from what each process has written."""
    found: dict[str, dict[str, set[int]]] = {}
    for file in folder.glob("data.*"):
        data = CoverageData(str(file))
        data.read()
        for path in data.measured_files():
            of_file = found.setdefault(Path(path).relative_to(ROOT).as_posix(), {})
            for line, contexts in data.contexts_by_lineno(path).items():
                for context in contexts:
                    of_file.setdefault(context.rsplit(" (", 1)[0], set()).add(line)
    return {file: {test: sorted(ran) for test, ran in tests.items()} for file, tests in found.items()}
