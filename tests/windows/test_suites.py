"""What is told of the tests that ran under Wine: what failed is never lost on the way."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.tools.wine import suites
from tests.tools.wine.bench import Bench
from tests.tools.wine.sharing import files_in, shared, weights
from tests.tools.wine.steps import BusyError, StepError, Steps, tried
from tests.tools.wine.suites import Ran

PLACES = suites.SHORT
GOOD = "tests/windows/test_keyboard.py::test_keys[a b] PASSED   [ 50%]\n"
FAILS = "tests/config/disk/test_files.py::test_a FAILED          [100%]\n"
SUMMARY = "FAILED tests/config/disk/test_files.py::test_a - AssertionError: x - y\n"
END = "== 1 failed, 1 passed in 3.00s ==\n"
BROKEN = "ERROR tests/config/disk/test_files.py - ImportError: no\n== 1 error in 3.00s ==\n"
ALL = "".join(f"{place}/test_x.py::test_x SKIPPED (Linux) [  1%]\n" for place in PLACES)


def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *runs: Ran) -> Steps:
    """The steps when pytest ends like this, one after the other."""
    left = list(runs)

    def ended(*asked: object) -> Ran:
        return left.pop(0)

    monkeypatch.setattr(suites, "CACHE", tmp_path)
    (tmp_path / "wine").mkdir()
    monkeypatch.setattr(suites, "run_parts", ended)
    monkeypatch.setattr(suites, "run_pytest", ended)
    steps = Steps()
    suites.run(steps, Bench(None, tmp_path), PLACES)  # type: ignore[arg-type]
    assert left == []
    return steps


def test_what_passed_is_counted_for_each_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = "".join(
        f"{place}{'' if place.endswith('.py') else '/test_x.py'}::test_x PASSED [  1%]\n" for place in PLACES
    )
    steps = told(monkeypatch, tmp_path, Ran(0, GOOD + files + "== 7 passed in 3.00s ==\n"))
    assert steps.failed == []
    lines = {result.name: result.told for result in steps.results}
    assert lines["tests/windows"] == "2 passed"
    assert lines["tests/config/disk"] == "1 passed"


def test_a_failure_that_passes_alone_is_told_with_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs = Ran(1, ALL + FAILS + SUMMARY + END), Ran(0, "== 1 passed in 1.00s ==\n")
    steps = told(monkeypatch, tmp_path, *runs)
    assert "tests/config/disk" not in steps.failed
    line = next(result.told for result in steps.results if result.name == "tests/config/disk")
    assert "1 failed" in line
    assert "passed when tried again alone: tests/config/disk/test_files.py::test_a" in line


@pytest.mark.parametrize(
    "second", [Ran(1, SUMMARY), Ran(4, "not found"), Ran(None, "")], ids=["fails", "is not found", "hangs"]
)
def test_a_failure_that_does_not_pass_alone_stays_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, second: Ran
) -> None:
    steps = told(monkeypatch, tmp_path, Ran(1, ALL + FAILS + SUMMARY + END), second)
    assert "tests/config/disk" in steps.failed


def test_many_failures_are_no_accident(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    many = "".join(f"FAILED tests/config/disk/test_files.py::test_{n}\n" for n in range(suites.AGAIN + 1))
    assert "tests/config/disk" in told(monkeypatch, tmp_path, Ran(1, ALL + many)).failed


@pytest.mark.parametrize(
    "first",
    [Ran(None, ALL), Ran(3, ALL + "INTERNALERROR"), Ran(1, ALL), Ran(4, "usage")],
    ids=["too late", "pytest broke", "failed without a name", "nothing was run"],
)
def test_a_run_that_was_broken_off_is_no_success(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, first: Ran
) -> None:
    assert "suites under pytest" in told(monkeypatch, tmp_path, first).failed


def test_a_file_that_can_not_be_read_fails_its_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    steps = told(monkeypatch, tmp_path, Ran(1, ALL + BROKEN), Ran(2, BROKEN))
    assert "tests/config/disk" in steps.failed


@pytest.mark.parametrize(
    ("codes", "code"),
    [((0, 0), 0), ((0, 5), 0), ((1, 0), 1), ((0, -9), -9), ((1, 3), 3), ((0, None), None), ((1, None), None)],
)
def test_one_that_ends_badly_is_not_hidden_by_those_beside_it(
    codes: tuple[int | None, ...], code: int | None
) -> None:
    assert suites.together([Ran(code, "") for code in codes]).code == code


def test_what_each_of_several_counted_is_told_as_one_sum() -> None:
    ran = suites.together([Ran(1, END), Ran(0, "== 4 passed, 2 skipped, 1 warning in 61.00s (0:01:01) ==\n")])
    assert ran.told == "5 passed, 2 skipped, 1 failed, 1 warning"


def test_files_are_shared_by_what_they_cost_and_each_is_run_once() -> None:
    log = "9.00s call     tests/a/test_a.py::test_x\n4.00s setup    tests/a/test_b.py::test_y[a b]\n"
    weight = weights(["tests/a/test_a.py", "tests/a/test_b.py", "tests/a/test_c.py"], log)
    assert weight == {"tests/a/test_a.py": 10.0, "tests/a/test_b.py": 5.0, "tests/a/test_c.py": 1.0}
    assert shared(weight, 2) == [["tests/a/test_a.py"], ["tests/a/test_b.py", "tests/a/test_c.py"]]
    assert shared({"a": 1.0}, 4) == [["a"]]


def test_without_a_log_larger_files_cost_more() -> None:
    files = files_in(PLACES)
    assert "tests/windows/test_suites.py" in files
    assert "tests/config/disk/test_files.py" in files
    assert len(files) == len(set(files))
    weight = weights(files, "")
    assert min(weight.values()) > 0
    assert sorted(file for part in shared(weight, 4) for file in part) == files


def test_a_busy_machine_is_tried_again_and_every_try_is_told() -> None:
    def step(number: int) -> str:
        if number == 1:
            raise BusyError("lost 30 ms")
        if number == 2:
            raise subprocess.TimeoutExpired("wine", 120)
        return "ok"

    assert tried(step, 3) == "lost 30 ms; then not done after 120 s; then ok"
    with pytest.raises(StepError, match=r"lost 30 ms; then not done after 120 s$"):
        tried(step, 2)


def test_what_is_wrong_is_not_tried_again() -> None:
    calls = []

    def step(number: int) -> str:
        calls.append(number)
        raise StepError("verdict ok of a muted microphone")

    with pytest.raises(StepError, match="verdict ok"):
        tried(step, 5)
    assert calls == [1]
