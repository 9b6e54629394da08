"""`make test-windows` says what it found: what fails is not hidden, what is missing is no failure."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.environment import ROOT, SetupError
from tests.tools.portable.artifacts import UnreachableError
from tests.tools.wine import __main__ as program
from tests.tools.wine import suites
from tests.tools.wine.machine import made
from tests.tools.wine.steps import StepError, Steps, StepSkippedError


@pytest.mark.parametrize("place", sorted({*suites.SHORT, *suites.USUAL, *suites.LONG}))
def test_the_tests_that_are_run_exist(place: str) -> None:
    assert (ROOT / place).exists()


def test_each_test_of_the_four_houses_is_run_under_wine_at_least_in_the_long_run() -> None:
    for house in ("audio", "config", "station", "uploader", "windows"):
        for file in (ROOT / "tests" / house).rglob("test_*.py"):
            name = file.relative_to(ROOT).as_posix()
            assert sum(suites.within(name, place) for place in suites.LONG) == 1, name


def raising(error: Exception) -> Callable[[], str]:
    def step() -> str:
        raise error

    return step


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (StepError("only 3 s are left"), "FAILED"),
        (KeyError("frames"), "FAILED"),
        (subprocess.TimeoutExpired("wine", 60), "FAILED"),
        (StepSkippedError("no locale"), "skipped"),
    ],
)
def test_each_step_has_a_line_and_the_others_run(
    capsys: pytest.CaptureFixture[str], error: Exception, line: str
) -> None:
    steps = Steps()
    assert not steps.run("first", raising(error))
    assert steps.run("second", lambda: "8 s of sound")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(line)
    assert "first: " in first
    assert second.startswith("ok ")
    assert second.endswith("s  second: 8 s of sound")
    assert steps.failed == (["first"] if line == "FAILED" else [])


def test_a_step_for_which_no_time_is_left_is_named_and_not_begun(capsys: pytest.CaptureFixture[str]) -> None:
    begun: list[str] = []

    def step() -> str:
        begun.append("step")
        return "done"

    steps = Steps(until=time.monotonic() - 1)
    assert not steps.run("late", step)
    steps.until = time.monotonic() + 100
    assert steps.run("in time", step)
    assert begun == ["step"]
    assert steps.failed == []
    late, _ = capsys.readouterr().out.splitlines()
    assert late.startswith("skipped")
    assert late.endswith("late: no time was left")


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (UnreachableError("this system has no apt-get."), 0, "Skipped: the tests under Wine, because this"),
        (SetupError("What Maven has is not the file that is pinned here."), 1, "What Maven has is not"),
    ],
)
def test_what_is_missing_is_skipped_and_what_is_wrong_fails(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    error: SetupError,
    code: int,
    told: str,
) -> None:
    def prepare(cache: Path) -> object:
        raise error

    monkeypatch.setattr(program, "CACHE", tmp_path)
    monkeypatch.setattr(program, "prepare", prepare)
    assert program.main([]) == code
    printed = capsys.readouterr().out
    assert printed.startswith(told)
    assert printed.count("\n") == 1


def test_a_folder_is_made_once_for_its_inputs_and_only_when_whole(tmp_path: Path) -> None:
    calls = []

    def make(target: Path) -> None:
        calls.append(target)
        target.mkdir()
        (target / "file").touch()
        if len(calls) == 1:
            raise SetupError("broken off")

    with pytest.raises(SetupError):
        made(tmp_path, "prefix", b"one", make)
    assert list(tmp_path.iterdir()) == []
    first = made(tmp_path, "prefix", b"one", make)
    assert made(tmp_path, "prefix", b"one", make) == first
    assert len(calls) == 2
    others = [made(tmp_path, "prefix", inputs, make) for inputs in (b"two", b"three")]
    assert {path for path in tmp_path.iterdir() if path.is_dir()} == set(others)
