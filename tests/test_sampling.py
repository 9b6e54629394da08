"""Which tests `make test` leaves to `make test-long`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.environment import ROOT

TESTS = """import pytest

def test_quick():
    pass

@pytest.mark.costly
def test_slow():
    pass

@pytest.mark.sampled(5, fewest=2)
@pytest.mark.parametrize("case", range(12))
def test_cases(case):
    pass
"""


@pytest.fixture
def counted(tmp_path: Path) -> dict[str, dict[str, int]]:
    """Expression of marks -> test -> so many of its cases."""
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    return {which: _count(tmp_path / "test_it.py", which) for which in ("not long", "long")}


def _count(file: Path, which: str) -> dict[str, int]:
    options = [
        "--collect-only",
        "-q",
        "-m",
        which,
        "-c",
        str(ROOT / "pyproject.toml"),
        "-p",
        "tests.conftest",
    ]
    told = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider", str(file)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "STATION_CASES"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    names = re.findall(r"::(\w+)", told)
    return {name: names.count(name) for name in names}


def test_what_is_costly_and_most_cases_of_what_is_sampled_wait_for_the_long_run(
    counted: dict[str, dict[str, int]],
) -> None:
    assert counted["not long"] == {"test_quick": 1, "test_cases": 2}
    assert counted["long"] == {"test_slow": 1, "test_cases": 10}
