"""`make mutants`: what it changes, and what it says of that."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from types import FunctionType
from typing import Any

import pytest

from tests.tools.environment import ROOT
from tests.tools.mutants.reasons import Reason, reasons
from tests.tools.mutants.table import FILES

if sys.platform != "linux":
    pytest.skip("mutmut, whose operators it takes, is for systems that fork", allow_module_level=True)

from tests.tools.mutants import trial
from tests.tools.mutants.answers import SURVIVED, TIMEOUT
from tests.tools.mutants.exchange import Exchange, functions_by_file
from tests.tools.mutants.measure import Measured
from tests.tools.mutants.operators import mutants
from tests.tools.mutants.page import page

SOURCE = '''"""A module."""
import os
LIMIT = 3
def keep(file, few, log):
    """Keep it."""
    os.fsync(file.fileno())
    log.warning("kept %d", few + 1)
    if file.closed:
        raise ValueError("closed")
    return file.write(few, durable=True) < LIMIT
'''


def test_every_module_of_the_table_is_there() -> None:
    assert [file for file in FILES if not (ROOT / file).is_file()] == []


def test_a_call_is_left_out_a_condition_turned_round_and_a_comparison_moved() -> None:
    changes = {(mutant.was, mutant.is_now) for mutant in mutants("module.py", SOURCE)}
    assert changes == {
        ("LIMIT = 3", "LIMIT = 4"),
        ("os.fsync(file.fileno())", "pass"),
        ("if file.closed:", "if not (file.closed):"),
        ('raise ValueError("closed")', "pass"),
        ("return file.write(few, durable=True) < LIMIT", "return file.write(few, durable=True) <= LIMIT"),
        ("return file.write(few, durable=True) < LIMIT", "return file.write(few, durable=False) < LIMIT"),
        ("return file.write(few, durable=True) < LIMIT", "return file.write(few, ) < LIMIT"),
    }


def test_what_an_argument_has_by_default_is_computed_at_the_import() -> None:
    source = "def keep(file, *, over=True):\n    return file.keep(over=True)\n"
    found = {(mutant.in_function, mutant.was) for mutant in mutants("module.py", source)}
    assert found == {(False, "def keep(file, *, over=True):"), (True, "return file.keep(over=True)")}


def test_a_mutant_is_the_module_with_that_one_change() -> None:
    (mutant,) = [mutant for mutant in mutants("module.py", SOURCE) if "fsync" in mutant.was]
    assert mutant.source == SOURCE.replace("os.fsync(file.fileno())", "pass")
    assert (mutant.place, mutant.first_line, mutant.last_line) == ("keep", 6, 6)


def test_tests_of_a_line_are_those_that_run_it_quick_ones_of_the_same_room_first() -> None:
    far, near, slow, other = (
        "tests/b/test_a.py::far",
        "tests/a/test_a.py::near",
        "tests/a/test_a.py::slow",
        "tests/a/test_a.py::other",
    )
    lines = {"a/module.py": {far: [6], near: [5, 6], slow: [6], other: [9]}}
    known = Measured(lines, {far: 1.0, near: 2.0, slow: 9.0, other: 0.1})
    assert known.tests_of("a/module.py", [6]) == [near, far, slow]


def test_quick_cases_come_before_slow_tests_and_many_of_them_do_not_leave_the_others_out() -> None:
    quick = [f"tests/a/test_b.py::test_c[{number}]" for number in range(100)]
    slow = "tests/a/test_b.py::test_d"
    seconds = {**dict.fromkeys(quick, 0.1), slow: 3.05}
    known = Measured({"a/b.py": {test: [1] for test in seconds}}, seconds)
    for asked in (known.tests_of("a/b.py", [1]), known.tests_beside("a/b.py")):
        assert asked.index(slow) == 30
        assert sorted(asked) == sorted(seconds)


def test_a_mutant_dies_of_a_test_that_fails_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "changed.py").write_text("right = 1  # it is\n", encoding="utf-8")
    check = "def test_it():\n    import changed\n    assert changed.right == 1\n"
    (tmp_path / "test_it.py").write_text(check, encoding="utf-8")
    (tmp_path / "conftest.py").write_text("import sys; sys.path.insert(0, '.')\n", encoding="utf-8")
    asked = "tried(Path('changed.py'), 'right = {}\\n', ['test_it.py::test_it'], 60, 60)"
    program = (
        "from pathlib import Path; from tests.tools.mutants.worker import tried; "
        f"print({asked.format(1)}, {asked.format(2)})"
    )
    # A process of its own: one with threads should not fork.
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert told.stdout.split() == ["survived", "killed", "test_it.py::test_it"]
    assert (tmp_path / "changed.py").read_text(encoding="utf-8") == "right = 1  # it is\n"


LIVE = """LIMIT = 3
def fits(number):
    return number < LIMIT
class Box:
    @property
    def size(self):
        return 1
    def made(self, by=2):
        return [inner(by) for inner in (lambda number: number + 1,)]
"""


@pytest.mark.parametrize(
    ("was", "is_now", "asked", "answer"),
    [
        ("number < LIMIT", "number <= LIMIT", "fits(3)", True),
        ("return 1", "return 2", "Box().size", 2),
        ("number + 1", "number - 1", "Box().made()", [1]),
    ],
)
def test_a_change_is_there_without_a_new_import(
    tmp_path: Path, was: str, is_now: str, asked: str, answer: object
) -> None:
    module, functions = live(tmp_path)
    exchange = Exchange.of(tmp_path / "live.py", LIVE.replace(was, is_now), functions)
    assert exchange is not None
    exchange.put_in()
    assert eval(asked, module) == answer


@pytest.mark.parametrize(("was", "is_now"), [("LIMIT = 3", "LIMIT = 4"), ("by=2", "by=3")])
def test_a_change_of_what_ran_at_the_import_is_tried_with_a_new_import(
    tmp_path: Path, was: str, is_now: str
) -> None:
    _, functions = live(tmp_path)
    assert Exchange.of(tmp_path / "live.py", LIVE.replace(was, is_now), functions) is None


def live(folder: Path) -> tuple[dict[str, Any], list[FunctionType]]:
    path = folder / "live.py"
    path.write_text(LIVE, encoding="utf-8")
    module: dict[str, Any] = {}
    exec(compile(LIVE, str(path), "exec"), module)
    return module, functions_by_file(folder)[path]


def test_mutants_die_one_after_the_other_in_a_pytest_that_has_read_the_tests_once(tmp_path: Path) -> None:
    (tmp_path / "live.py").write_text(LIVE, encoding="utf-8")
    check = "import live\ndef test_it():\n    assert live.fits(2)\n    assert not live.fits(3)\n"
    check += "def test_late():\n    import late\n    assert late.size == 1\n"
    (tmp_path / "late.py").write_text("size = 1\n", encoding="utf-8")
    (tmp_path / "test_live.py").write_text(check, encoding="utf-8")
    (tmp_path / "conftest.py").write_text("", encoding="utf-8")
    sources = [LIVE, LIVE.replace("<", "<="), LIVE.replace("= 3", "= 4"), LIVE]
    facts = {"file": "live.py", "tests": ["test_live.py::test_it"], "seconds": 60, "of_processor": 60}
    late = {**facts, "file": "late.py", "tests": ["test_live.py::test_late"], "source": "size = 2\n"}
    asked = [*({**facts, "source": source} for source in sources), late]
    told = subprocess.run(
        [sys.executable, "-m", "tests.tools.mutants.collected", "test_live.py"],
        input="".join(json.dumps(one) + "\n" for one in asked),
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path))),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert told.stdout.splitlines() == [
        "survived",
        "killed test_live.py::test_it",
        "elsewhere",
        "survived",
        "killed test_live.py::test_late",
    ]
    assert (tmp_path / "late.py").read_text(encoding="utf-8") == "size = 1\n"
    assert (tmp_path / "live.py").read_text(encoding="utf-8") == LIVE


class LateTests:
    """A worker whose tests take too long so many times, with the change or without."""

    def __init__(self, changed: float, unchanged: float = 0) -> None:
        self._late = {True: changed, False: unchanged}
        self.asked = 0

    def __enter__(self) -> LateTests:
        return self

    def __exit__(self, *raised: object) -> None:
        return None

    def tried(self, file: str, source: str, tests: list[str], seconds: float) -> tuple[str, str]:
        self.asked += 1
        changed = source != (ROOT / file).read_text(encoding="utf-8")
        self._late[changed] -= 1
        return (TIMEOUT if self._late[changed] >= 0 else SURVIVED), ""

    imported_anew = tried


def tried(worker: LateTests, patch: pytest.MonkeyPatch, said: Sequence[Reason] = ()) -> list[str]:
    """What is kept of the first mutant of the first module."""
    patch.setattr(trial, "copy_tree", Path.mkdir)
    patch.setattr(trial, "Worker", lambda tree, files: worker)
    mutant = trial.all_mutants(FILES[0])[0]
    file, test = "tests/a/test_a.py", "tests/a/test_a.py::test_a"
    known = Measured({mutant.file: {test: list(mutant.lines)}}, {test: 1.0}, {file: str(worker.asked)})
    trial.Trial(known, until=monotonic() + 60, workers=1, said=said).run([mutant])
    return [found["result"] for found in trial.found_before().values()]


@pytest.mark.parametrize(
    ("worker", "kept"),
    [(LateTests(math.inf, math.inf), []), (LateTests(1), []), (LateTests(math.inf), [TIMEOUT])],
)
def test_tests_that_are_late_without_a_change_or_only_once_have_noticed_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: LateTests, kept: list[str]
) -> None:
    monkeypatch.setattr(trial, "KEPT", tmp_path / "found.json")
    assert tried(worker, monkeypatch) == kept


def test_who_lives_is_tried_again_with_other_tests_unless_there_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "KEPT", tmp_path / "found.json")
    worker = LateTests(0)
    assert tried(worker, monkeypatch) == [SURVIVED]
    before = worker.asked
    assert tried(worker, monkeypatch) == [SURVIVED]
    assert worker.asked == 2 * before
    was = trial.all_mutants(FILES[0])[0].was
    assert tried(worker, monkeypatch, [Reason(FILES[0], was, equal="the same")]) == [SURVIVED]
    assert worker.asked == 2 * before


def test_the_page_counts_what_changes_anything_and_names_each_survivor_with_its_reason() -> None:
    names = [f"a.py | f | line{number} => pass" for number in range(4)]
    found = {"queue": dict(zip(names, ["killed", "timeout", "survived", "no test"], strict=True))}
    said = [Reason("a.py", "line2", equal="the same bytes"), Reason("b.py", "line3", accepted="another file")]
    text = page(found, {"queue": 9}, said)
    assert "| queue | 9 | 4 | 2 | 1 | 1 | 66 % |" in text
    assert "- `a.py` f: `` line2 `` → `` pass ``: equal: the same bytes" in text
    assert "- `a.py` f: `` line3 `` → `` pass ``: **no reason yet**" in text


def test_every_reason_is_of_a_line_that_is_still_there() -> None:
    gone = []
    for reason in reasons():
        source = (ROOT / reason.file).read_text(encoding="utf-8")
        if reason.was not in " ".join(line.strip() for line in source.splitlines()):
            gone.append(reason.was)
    assert gone == []
