"""Mutants and the tests that run their lines: two at a time, within a time, and kept as soon as it is known.

1. A mutant is tried with what is quick first, until one test fails; a line that many tests run has those
   of SECONDS_EACH.
2. What was found of a mutant is asked again only when its module or the tests have changed.
3. Each worker has a copy of the tree, so that nothing is ever changed in the folder where somebody works.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from tests.tools.environment import ROOT, executable
from tests.tools.mutants.measure import Measured
from tests.tools.mutants.operators import Mutant, mutants
from tests.tools.mutants.table import BUILD

SECONDS_EACH = 20.0
"""Of tests, as they took when they were measured."""
PATIENCE = 4.0
"""So many times as long may they take; an endless loop is a change that was noticed."""
START_SECONDS = 60.0
"""For the start of a process on a busy machine."""
KEPT = BUILD / "found.json"
NOTICED = ("killed", "timeout")
LEFT_BEHIND = (".git", ".venv*", "build", "dist", "node_modules", "__pycache__", ".*_cache")


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


class Trial:
    """Give it mutants; it knows which were tried. `until`: of time.monotonic()."""

    def __init__(self, known: Measured, until: float) -> None:
        self._known = known
        self._until = until
        self._kept = found_before()
        self._lock = threading.Lock()

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Of a line outside functions, those of the whole module: it ran when that was imported."""
        lines = range(mutant.first_line, mutant.last_line + 1)
        return self._known.tests_of(mutant.file, lines if mutant.in_function else range(1_000_000))

    def stamp(self, mutant: Mutant) -> dict[str, str]:
        """What a result holds for: the module, and the files of the tests."""
        files = sorted({test.split("::")[0] for test in self.tests_of(mutant)})
        digests = " ".join(self._known.digests.get(file, "") for file in files)
        module = hashlib.sha256((ROOT / mutant.file).read_bytes()).hexdigest()
        return {"module": module[:16], "tests": hashlib.sha256(digests.encode()).hexdigest()[:16]}

    def known(self, mutant: Mutant) -> str | None:
        """What was found before, as far as it still holds: what lives is tried again with other tests."""
        kept = self._kept.get(mutant.name)
        if kept is None:
            return None
        now = self.stamp(mutant)
        if kept["module"] != now["module"]:
            return None
        return kept["result"] if kept["result"] in NOTICED or kept["tests"] == now["tests"] else None

    def run(self, chosen: list[Mutant]) -> None:
        """Try what is not known yet, as far as the time goes."""
        left = iter([mutant for mutant in chosen if self.known(mutant) is None])
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(self._work, left) for _ in range(2)]:
                done.result()

    def _work(self, left: Iterator[Mutant]) -> None:
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            tree = Path(folder) / "tree"
            copy_tree(tree)
            with Worker(tree) as worker:
                while monotonic() < self._until:
                    with self._lock:
                        mutant = next(left, None)
                    if mutant is None:
                        return
                    self._keep(mutant, self._result(worker, mutant))

    def _result(self, worker: Worker, mutant: Mutant) -> str:
        seconds = 0.0
        tests: list[str] = []
        for test in self.tests_of(mutant):
            seconds += self._known.seconds[test]
            if tests and seconds > SECONDS_EACH:
                break
            tests.append(test)
        if not tests:
            return "no test"
        return worker.tried(mutant, tests, START_SECONDS + PATIENCE * min(seconds, SECONDS_EACH))

    def _keep(self, mutant: Mutant, result: str) -> None:
        with self._lock:
            self._kept[mutant.name] = {"result": result, **self.stamp(mutant)}
            KEPT.parent.mkdir(parents=True, exist_ok=True)
            half = KEPT.with_suffix(".tmp")
            half.write_text(json.dumps(self._kept, ensure_ascii=False, indent=0), encoding="utf-8")
            half.replace(KEPT)
            print(f"{result:9}{mutant.name}", flush=True)


def copy_tree(tree: Path) -> None:
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    (tree / ".venv").symlink_to(executable("python").parents[1])
    # Once for all mutants.
    command = [str(executable("python")), "-m", "compileall", "-q", *(path.name for path in tree.glob("*/"))]
    subprocess.run(command, cwd=tree, env=own(tree), check=False, stdout=subprocess.DEVNULL)


def own(tree: Path) -> dict[str, str]:
    """Variables with which also the processes of tests find this tree's modules."""
    variables = {**os.environ, "PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1"}
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        variables.pop(name, None)
    return variables


class Worker:
    """A process that tries mutants in a tree of its own."""

    def __init__(self, tree: Path) -> None:
        self._process = subprocess.Popen(
            [executable("python"), "-m", "tests.tools.mutants.worker"],
            cwd=tree,
            env=own(tree),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *raised: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def tried(self, mutant: Mutant, tests: list[str], seconds: float) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"file": mutant.file, "source": mutant.source, "tests": tests, "seconds": seconds}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip() or "killed"
