"""Mutants and the tests that run their lines: within a time, and kept as soon as it is known.

1. A mutant is tried with what is quick and has noticed its neighbours first, until one test fails; a line
   that many tests run has the cheapest of them, as many as fit into SECONDS_EACH.
2. What was found of a mutant is asked again only when its module or the tests have changed.
3. Each worker has a copy of the tree, so that nothing is ever changed in the folder where somebody works.
"""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from time import monotonic

from tests.tools.environment import ROOT
from tests.tools.mutants import operators
from tests.tools.mutants.answers import KILLED, STARVED, SURVIVED, TIMEOUT
from tests.tools.mutants.measure import Measured
from tests.tools.mutants.operators import Mutant, mutants
from tests.tools.mutants.processes import Worker, copy_tree
from tests.tools.mutants.reasons import Reason
from tests.tools.mutants.table import BUILD, FILES

SECONDS_EACH = 20.0
"""Of tests, as they took when they were measured."""
FIRST_SECONDS = 2.0
PATIENCE = 4.0
"""So many times as long may they take; an endless loop is a change that was noticed."""
KEPT = BUILD / "found.json"
NAMES = BUILD / "names.json"
NOTICED = (KILLED, TIMEOUT)


def found_before() -> dict[str, dict[str, str]]:
    """Name of a mutant -> what became of it and of which module and tests that was said."""
    try:
        known: dict[str, dict[str, str]] = json.loads(KEPT.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return known


def all_mutants(file: str) -> list[Mutant]:
    """Those of a module in an order that is always the same and as good as any: the first N are a sample."""
    made = list(mutants(file, (ROOT / file).read_text(encoding="utf-8")))
    random.Random(file).shuffle(made)
    return made


def all_names(files: Iterable[str]) -> dict[str, list[str]]:
    """Names of all mutants of each module; what has not changed is not parsed again."""
    try:
        kept: dict[str, list[str]] = json.loads(NAMES.read_text(encoding="utf-8"))
    except FileNotFoundError:
        kept = {}
    changes = hashlib.sha256(Path(operators.__file__).read_bytes()).hexdigest()
    keys = {file: f"{changes} {hashlib.sha256((ROOT / file).read_bytes()).hexdigest()}" for file in files}
    kept |= {
        key: [mutant.name for mutant in all_mutants(file)] for file, key in keys.items() if key not in kept
    }
    NAMES.write_text(json.dumps({key: kept[key] for key in keys.values()}), encoding="utf-8")
    return {file: kept[key] for file, key in keys.items()}


def results() -> dict[str, str]:
    """What became of each mutant of the modules as they are. Who lived lives until it is tried again."""
    now = {file: digest(file) for file in FILES}
    return {
        name: kept["result"]
        for name, kept in found_before().items()
        if kept["module"] == now.get(name.split(" | ", 1)[0])
    }


def digest(file: str) -> str:
    return hashlib.sha256((ROOT / file).read_bytes()).hexdigest()[:16]


class Trial:
    """Give it mutants; it knows which were tried. `until`: of time.monotonic(). `said`: why some may live."""

    def __init__(self, known: Measured, until: float, workers: int = 2, said: Sequence[Reason] = ()) -> None:
        self._known = known
        self._until = until
        self._workers = workers
        self._said = said
        self._kept = found_before()
        self._sound: dict[str, bool] = {}
        self._lock = threading.Lock()

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Of a line outside functions, or with the default of an argument, those of all that touches the
        module: it ran when that was imported."""
        found = self._known.tests_of(mutant.file, mutant.lines) if mutant.in_function else []
        if found or not self._known.ran_at_import(mutant.file, mutant.lines):
            return found
        return self._known.tests_beside(mutant.file)

    def stamp(self, mutant: Mutant) -> dict[str, str]:
        """What a result holds for: the module, and the files of the tests."""
        files = sorted({test.split("::")[0] for test in self.tests_of(mutant)})
        digests = " ".join(self._known.digests.get(file, "") for file in files)
        return {
            "module": self._known.digests.get(mutant.file, "")[:16],
            "tests": hashlib.sha256(digests.encode()).hexdigest()[:16],
        }

    def known(self, mutant: Mutant) -> str | None:
        """What was found before, as far as it still holds: what lives without a reason is tried
        again with other tests."""
        kept = self._kept.get(mutant.name)
        if kept is None:
            return None
        now = self.stamp(mutant)
        if kept["module"] != now["module"]:
            return None
        if kept["result"] in NOTICED or any(reason.fits(mutant.name) for reason in self._said):
            return kept["result"]
        return kept["result"] if kept["tests"] == now["tests"] else None

    def run(self, chosen: list[Mutant]) -> None:
        """Try what is not known yet, as far as the time goes."""
        todo = [mutant for mutant in chosen if self.known(mutant) is None]
        files = sorted({test.split("::")[0] for mutant in todo for test in self.tests_of(mutant)})
        if not files:
            for mutant in todo:
                self._keep(mutant, "no test", "")
            return
        left = iter(todo)
        with ThreadPoolExecutor(self._workers) as pool:
            for done in [pool.submit(self._work, left, files) for _ in range(self._workers)]:
                done.result()

    def _work(self, left: Iterator[Mutant], test_files: list[str]) -> None:
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            tree = Path(folder) / "tree"
            copy_tree(tree)
            with Worker(tree, test_files) as worker:
                while monotonic() < self._until:
                    with self._lock:
                        mutant = next(left, None)
                    if mutant is None:
                        return
                    result, test = self._result(worker, mutant)
                    if result != STARVED:
                        self._keep(mutant, result, test)

    def _result(self, worker: Worker, mutant: Mutant) -> tuple[str, str]:
        """What became of it, and the test that noticed: one that fails without the change, or now and then,
        has noticed nothing."""
        tests = self._in_order(mutant)
        while True:
            result, test = self._tried(worker, mutant, tests)
            if result == TIMEOUT:
                if not self._in_time(worker, mutant, tests):
                    return STARVED, test
                again = self._tried(worker, mutant, tests)
                return again if again[0] in NOTICED else (STARVED, test)
            if result != KILLED or test not in tests:
                return result, test
            if self._passes(worker, mutant.file, test):
                again = worker.tried(mutant.file, mutant.source, [test], self._seconds([test]))
                if again[0] != SURVIVED:
                    return result, test
            tests.remove(test)

    def _tried(self, worker: Worker, mutant: Mutant, tests: list[str]) -> tuple[str, str]:
        first = self._within(tests, FIRST_SECONDS)
        result, test = "no test", ""
        for some in (first, self._within(tests, SECONDS_EACH)[len(first) :]):
            if some and result not in (*NOTICED, STARVED):
                result, test = worker.tried(mutant.file, mutant.source, some, self._seconds(some))
                if result == SURVIVED and self._known.ran_at_import(mutant.file, mutant.lines):
                    result, test = worker.imported_anew(mutant.file, mutant.source, some, self._seconds(some))
        return result, test

    def _seconds(self, tests: list[str]) -> float:
        return PATIENCE * sum(min(self._known.seconds[test], SECONDS_EACH) for test in tests)

    def _passes(self, worker: Worker, file: str, test: str) -> bool:
        """Whether it does where nothing is changed; asked once."""
        if test not in self._sound:
            source = (ROOT / file).read_text(encoding="utf-8")
            result, _ = worker.tried(file, source, [test], self._seconds([test]))
            if result == STARVED:
                return False
            self._sound[test] = result == SURVIVED
            if not self._sound[test]:
                print(f"fails without a change: {test}", flush=True)
        return self._sound[test]

    def _in_time(self, worker: Worker, mutant: Mutant, tests: list[str]) -> bool:
        """Whether its tests pass within their time where nothing is changed: where they don't, the change
        is not what took so long."""
        source = (ROOT / mutant.file).read_text(encoding="utf-8")
        asked = self._within(tests, SECONDS_EACH)
        ways = [worker.tried]
        if not mutant.in_function or self._known.ran_at_import(mutant.file, mutant.lines):
            ways.append(worker.imported_anew)
        return all(way(mutant.file, source, asked, self._seconds(asked))[0] == SURVIVED for way in ways)

    def _in_order(self, mutant: Mutant) -> list[str]:
        """Its tests: what has noticed changes of the same function or module comes first."""
        noticed: Counter[str] = Counter()
        with self._lock:
            for name, kept in self._kept.items():
                file, place, _ = name.split(" | ", 2)
                if file == mutant.file and kept.get("by"):
                    noticed[kept["by"]] += 5 if place == mutant.place else 1
        tests = self.tests_of(mutant)
        rank = {test: number for number, test in enumerate(tests, 1)}
        return sorted(tests, key=lambda test: rank[test] / (1 + noticed[test]))

    def _within(self, tests: list[str], limit: float) -> list[str]:
        """As many as that, but one at least."""
        ends = accumulate(self._known.seconds[test] for test in tests)
        return tests[: max(1, sum(end <= limit for end in ends))]

    def _keep(self, mutant: Mutant, result: str, test: str) -> None:
        with self._lock:
            self._kept[mutant.name] = {"result": result, "by": test, **self.stamp(mutant)}
            KEPT.parent.mkdir(parents=True, exist_ok=True)
            half = KEPT.with_suffix(".tmp")
            half.write_text(json.dumps(self._kept, ensure_ascii=False), encoding="utf-8")
            half.replace(KEPT)
            print(f"{result:9}{mutant.name}", flush=True)
