"""The list of tests that Wine can't run: every entry is about tests that exist, and says why."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.windows.left_out import LeftOut, left_out

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="the list says the same on every system, and pytest starts slowly here"
)


@pytest.mark.parametrize("entry", left_out(), ids=lambda entry: entry.tests)
def test_every_test_that_is_left_out_exists_and_has_a_reason(entry: LeftOut) -> None:
    place, _, name = entry.tests.partition("::")
    file = ROOT / place
    assert file.is_file()
    assert len(entry.why) > 15
    if name:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name.partition("[")[0] in functions


def test_no_test_is_left_out_twice() -> None:
    entries = left_out()
    twice = [a.tests for a in entries for b in entries if a is not b and a.names(b.tests)]
    assert twice == []


@pytest.mark.parametrize(
    ("entry", "test_id", "named"),
    [
        ("tests/a.py", "tests/a.py::test_x", True),
        ("tests/a.py::test_x", "tests/a.py::test_x[1]", True),
        ("tests/a.py::test_x[1]", "tests/a.py::test_x[1]", True),
        ("tests/a.py::test_x", "tests/a.py::test_xy", False),
        ("tests/a.py::test_x[1]", "tests/a.py::test_x[12]", False),
    ],
)
def test_an_entry_is_about_these_tests_and_no_others(entry: str, test_id: str, named: bool) -> None:
    assert LeftOut(entry, "because").names(test_id) is named


@pytest.mark.costly
def test_a_test_that_is_left_out_and_passes_is_reported(tmp_path: Path) -> None:
    told = run_with_list(tmp_path, "")
    assert "1 failed, 1 passed, 1 xfailed" in told
    assert "XPASS(strict)] Wine: no reason at all" in told


def test_a_test_that_hangs_is_not_tried(tmp_path: Path) -> None:
    assert "1 passed, 2 xfailed" in run_with_list(tmp_path, "hangs = true")


@pytest.mark.costly
def test_a_test_that_passes_sometimes_is_no_news(tmp_path: Path) -> None:
    assert "1 passed, 1 xfailed, 1 xpassed" in run_with_list(tmp_path, "sometimes = true")


TESTS = """
def test_passes(): pass
def test_fails(): assert False
def test_other(): pass
"""
CONFTEST = """
from pathlib import Path
from tests.windows import left_out
left_out.LIST = Path(__file__).with_name("list.toml")
from tests.windows.left_out import pytest_collection_modifyitems
"""


def run_with_list(folder: Path, more: str) -> str:
    """What pytest prints about three tests, two of them on the list, of which one passes."""
    names = [f"test_those.py::{name}" for name in ("test_passes", "test_fails")]
    entries = [f'[[left_out]]\ntests = "{name}"\nwhy = "no reason at all"\n{more}\n' for name in names]
    files = {
        "list.toml": "".join(entries),
        "test_those.py": TESTS,
        "conftest.py": CONFTEST,
        "pytest.ini": "[pytest]",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pytest.ini", "test_those.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    ).stdout
