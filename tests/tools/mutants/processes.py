"""A worker: a tree of its own, and the processes that try mutants in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.tools.checks import PRODUCT
from tests.tools.environment import ROOT, executable
from tests.tools.mutants.answers import ELSEWHERE, OWN_FILES, SAID

START_SECONDS = 40.0
"""For the start of a process on a busy machine, and what it imports."""
FORK_SECONDS = 15.0
"""For one that has imported everything."""
OF_PROCESSOR = 10.0
"""What is read and imported before, in seconds of the processor's time."""
OF_FORK = 3.0
LEFT_BEHIND = (".git", ".venv*", "build", "dist", "node_modules", ".*_cache", ".hypothesis")
Process = subprocess.Popen[str]


def copy_tree(tree: Path) -> None:
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    (tree / ".venv").symlink_to(executable("python").parents[1])
    # Once for all mutants. What pytest has made of the tests while they were measured comes along.
    command = [str(executable("python")), "-m", "compileall", "-q", *PRODUCT]
    subprocess.run(command, cwd=tree, env=own(tree), check=False, stdout=subprocess.DEVNULL)


def own(tree: Path) -> dict[str, str]:
    """Variables with which also the processes of tests find this tree's modules."""
    files = tree.with_name("t")
    files.mkdir(exist_ok=True)
    variables = {**os.environ, "PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1", "TMPDIR": str(files)}
    variables[OWN_FILES] = str(files)
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        variables.pop(name, None)
    return variables


class Worker:
    """Two processes: one that has read the tests, and one for changes that need a new import."""

    def __init__(self, tree: Path, test_files: Sequence[str]) -> None:
        self._stack = ExitStack()
        self._said = tree / SAID
        try:
            self._collected = self._started(tree, "collected", *test_files)
            self._fresh = self._started(tree, "worker")
        except BaseException:  # Ctrl-C, too: what was started is ended.
            self._stack.close()
            raise

    def _started(self, tree: Path, module: str, *arguments: str) -> Process:
        process = subprocess.Popen(
            [executable("python"), "-m", f"tests.tools.mutants.{module}", *arguments],
            cwd=tree,
            env=own(tree),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._stack.callback(ended, process)
        return process

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def tried(self, file: str, source: str, tests: list[str], seconds: float) -> tuple[str, str]:
        """What became of it while these tests had so long, and the test that failed, if one did.

        Raises RuntimeError, with what pytest said, where the tests can't be read."""
        wanted = {"file": file, "source": source, "tests": tests, "seconds": FORK_SECONDS + seconds}
        try:
            result, test = asked(self._collected, {**wanted, "of_processor": int(OF_FORK + seconds)})
        except EOFError as error:
            raise RuntimeError(self._said.read_text(encoding="utf-8")) from error
        if result == ELSEWHERE:
            return self.imported_anew(file, source, tests, seconds)
        return result, test

    def imported_anew(self, file: str, source: str, tests: list[str], seconds: float) -> tuple[str, str]:
        """The same, with everything imported after the change."""
        wanted = {"file": file, "source": source, "tests": tests, "seconds": START_SECONDS + seconds}
        return asked(self._fresh, {**wanted, "of_processor": int(OF_PROCESSOR + seconds)})


def asked(process: Process, wanted: dict[str, object]) -> tuple[str, str]:
    """Raises EOFError where the process has ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(wanted) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise EOFError("A process that tries mutants has ended.")
    result, _, test = answer.strip().partition(" ")
    return result, test


def ended(process: Process) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait()
    process.stdout.close()
