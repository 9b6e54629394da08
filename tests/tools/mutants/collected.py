"""`python -m tests.tools.mutants.collected TEST_FILES`: a pytest that has read these files and stays.

For each line of JSON on stdin (file, source, tests, seconds, of_processor) one on stdout, as `worker` says
it. Each mutant has a process of its own, forked from this one: it exchanges the code of what was changed and
runs the tests at once. `elsewhere` where the change needs a new import.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pytest

from tests.tools.mutants.answers import ELSEWHERE, SAID
from tests.tools.mutants.exchange import Exchange, functions_by_file
from tests.tools.mutants.worker import PYTEST, Teller, changed, set_apart, watched

if sys.platform == "win32":
    raise ImportError("Windows can't fork a process")


class Collected:
    """Plug-in of pytest: in place of running all tests it waits for mutants."""

    def __init__(self, asked: IO[str], told: IO[str]) -> None:
        self._asked = asked
        self._told = told
        self._kept = ExitStack()
        """In a forked process: what only its parent undoes."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """In a forked process None: pytest goes on with the chosen tests."""
        if session.testsfailed:
            return True
        items = {item.nodeid: item for item in session.items}
        # Its plug-in for pytest imports it at the end of each run.
        importlib.import_module("hypothesis")
        gc.unfreeze()
        gc.collect()
        functions = functions_by_file(Path.cwd())
        gc.freeze()
        for line in self._asked:
            asked = json.loads(line)
            file = Path(asked["file"]).resolve()
            tests = [items[test] for test in asked["tests"] if test in items]
            exchange = Exchange.of(file, asked["source"], functions.get(file, []))
            result: str | None = ELSEWHERE
            if tests and exchange is not None:
                with ExitStack() as stack:
                    stack.enter_context(changed(file, asked["source"]))
                    result = forked(session, tests, exchange, asked["seconds"], asked["of_processor"])
                    if result is None:
                        # What the tests import late or start reads the changed file.
                        self._kept = stack.pop_all()
                        return None
            print(result, file=self._told, flush=True)
        return True


def forked(
    session: pytest.Session, tests: list[pytest.Item], exchange: Exchange, seconds: float, of_processor: int
) -> str | None:
    """What became of them; None in the forked process, whose session has only these tests."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        set_apart(of_processor)
        exchange.put_in()
        session.items[:] = tests
        session.config.pluginmanager.register(Teller(writing))
        return None
    os.close(writing)
    return watched(child, reading, seconds)


def main() -> int:
    asked = os.fdopen(os.dup(0), encoding="utf-8")
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with SAID.open("wb") as said:
        os.dup2(said.fileno(), 1)
    code, parent = 3, os.getpid()
    try:
        code = int(pytest.main([*PYTEST, *sys.argv[1:]], plugins=[Collected(asked, told)]))
    finally:
        if os.getpid() != parent:
            os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
