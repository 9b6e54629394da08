"""`make test-pythons`: every Python of the machine is found once, and what was run is told as it was."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from time import monotonic

import pytest

from tests.tools import interpreters, matrix, parts
from tests.tools.environment import ROOT, SetupError
from tests.tools.interpreters import SUPPORTED, Python
from tests.tools.matrix import Line

OURS = sys.version_info[:2]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python: nothing on PATH, no pyenv."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv("PYTHONS", raising=False)
    return tmp_path


def pretend(program: Path, version: str, refusal: str = "", level: str = "final") -> Path:
    """A program that answers the probe as such a Python would."""
    program.parent.mkdir(parents=True, exist_ok=True)
    answer = f'[[{version.replace(".", ",")}], "{level}", "{refusal}"]'
    program.write_text(f"#!/bin/sh\necho '{answer}'\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def versions() -> list[str]:
    return sorted(str(python) for python in interpreters.found().values())


# --- which there are

scripts = pytest.mark.skipif(sys.platform == "win32", reason="the pretended Pythons are shell scripts")


def test_the_python_of_these_tests_is_found_when_it_is_named(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert interpreters.found() == {}
    monkeypatch.setenv("PYTHONS", f"'{sys.executable}'" if sys.platform != "win32" else sys.executable)
    assert versions() == [".".join(map(str, sys.version_info[:3]))]


@scripts
def test_path_pyenv_and_names_given_by_hand_are_looked_at(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(bare / "bin" / "python3.12", "3.12.4")
    pretend(bare / "pyenv" / "versions" / "3.13.0" / "bin" / "python3", "3.13.0")
    pretend(bare / "own python" / "python", "3.11.2")
    monkeypatch.setenv("PYTHONS", f"'{bare / 'own python' / 'python'}'")
    assert versions() == ["3.11.2", "3.12.4", "3.13.0"]


@scripts
def test_the_newest_patch_counts_and_each_minor_version_once(bare: Path) -> None:
    pretend(bare / "bin" / "python3.12", "3.12.9")
    for version in ("3.12.1", "3.12.10", "3.12.4"):
        pretend(bare / "pyenv" / "versions" / version / "bin" / "python3", version)
    assert versions() == ["3.12.10"]


@scripts
def test_what_the_station_does_not_run_on_is_not_tested(bare: Path) -> None:
    pretend(bare / "bin" / "python3.11", "3.11.13", refusal="this is PyPy")
    pretend(bare / "bin" / "python3.14", "3.14.0", level="candidate")
    shim = pretend(bare / "bin" / "python3.13", "3.13.0")
    shim.write_text(
        "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n", encoding="utf-8"
    )
    assert versions() == []


def test_the_probe_names_what_will_not_do() -> None:
    program = interpreters.PROBE.replace(
        "import json, sys", "import json, sys; sys.version_info = (3, 10, 1, 'final')"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, encoding="utf-8")
    assert '"final"' in done.stdout
    assert "Python 3.10" in done.stdout


def test_a_fetched_python_is_whole_or_not_there(tmp_path: Path) -> None:
    jar = tmp_path / "a.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("org/x/bin/python3.14", "program")
        archive.writestr("org/x/lib/os.py", "library")
        archive.writestr("META-INF/MANIFEST.MF", "")
    interpreters.unpack(jar, tmp_path / "made", "org/x/")
    made = {file.relative_to(tmp_path / "made").as_posix() for file in (tmp_path / "made").rglob("*.*")}
    assert made == {"bin/python3.14", "lib/os.py"}
    if sys.platform != "win32":
        assert (tmp_path / "made" / "bin" / "python3.14").stat().st_mode & 0o111
    jar.write_bytes(jar.read_bytes()[:-30])
    with pytest.raises(zipfile.BadZipFile):
        interpreters.unpack(jar, tmp_path / "torn", "org/x/")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.jar", "made"]


# --- what is run, and what is told


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Version and target of what would be run; there are a Python for each version but the newest."""
    runs: list[tuple[str, str]] = []

    def run(python: Python, what: str, target: str) -> Line:
        runs.append((str(python), target))
        return Line(str(python), what, True, 1.0)

    def fetched(minor: tuple[int, int]) -> Python:
        raise SetupError("Maven (mvn) is not installed.")

    there = {minor: Python(Path("python"), (*minor, 1)) for minor in SUPPORTED if minor != absent()}
    monkeypatch.setattr(matrix, "found", lambda: there)
    monkeypatch.setattr(matrix, "fetched", fetched)
    monkeypatch.setattr(matrix, "run", run)
    monkeypatch.setattr(matrix, "prepare", lambda pythons: None)
    return runs


def absent() -> tuple[int, int]:
    return max(minor for minor in SUPPORTED if minor != OURS)


def test_ours_runs_the_whole_suite_and_the_others_what_depends_on_them(ran: list[tuple[str, str]]) -> None:
    lines = matrix.everywhere(others_only=False)
    assert [target for version, target in ran if version == ".".join(map(str, sys.version_info[:3]))] == [
        "test"
    ]
    assert [target for _, target in ran].count("test-interpreter") == len(SUPPORTED) - 2
    assert [line.passed for line in lines].count(None) == 1


def test_the_others_alone_do_not_run_ours_again(ran: list[tuple[str, str]]) -> None:
    matrix.everywhere(others_only=True)
    assert {target for _, target in ran} == {"test-interpreter"}


def test_a_python_for_which_no_time_is_left_is_named_and_not_run(ran: list[tuple[str, str]]) -> None:
    told = matrix.summary(matrix.everywhere(others_only=True, until=0.0))
    assert ran == []
    assert told.count("no time was left") == len(SUPPORTED) - 2


@pytest.mark.parametrize(("seconds", "ahead"), [(3600.0, 0), (math.inf, 1)])
def test_environments_are_made_side_by_side_only_where_all_of_them_are_used(
    ran: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, seconds: float, ahead: int
) -> None:
    monkeypatch.setattr(matrix, "prepare", lambda pythons: ran.append(("all", "prepare")))
    matrix.everywhere(others_only=True, until=monotonic() + seconds)
    assert [target for _, target in ran].count("prepare") == ahead


def test_a_python_that_is_not_there_is_named(ran: list[tuple[str, str]]) -> None:
    told = matrix.summary(matrix.everywhere(others_only=False))
    (line,) = [line for line in told.splitlines() if "absent" in line and "passed" not in line]
    assert line.startswith(f"3.{absent()[1]} ")
    assert "not on this machine, and Maven (mvn) is not installed." in line


def test_the_last_line_counts_what_passed_failed_and_is_absent() -> None:
    lines = [Line("3.11.7", "all", True, 61), Line("3.12.1", "part", False, 5), Line("3.14", "nothing", None)]
    told = matrix.summary(lines).splitlines()
    assert told[-1] == "== 1 failed, 1 passed, 1 absent in 66.00s =="
    assert any(re.fullmatch(r"3\.12\.1 +part +FAILED in 5 s", line) for line in told)


@pytest.mark.parametrize(("passed", "code"), [(True, 0), (False, 1), (None, 0)])
def test_any_failure_makes_the_exit_code(
    passed: bool | None, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [Line("3.11.7", "all", True, 1), Line("3.12.1", "part", passed, 1)]
    monkeypatch.setattr(matrix, "everywhere", lambda others_only, until: lines)
    monkeypatch.setattr(sys, "argv", ["matrix"])
    assert matrix.main() == code


@scripts
@pytest.mark.parametrize("code", [0, 3])
def test_a_target_that_fails_is_told_as_failed(code: int, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    assert matrix.run(Python(program, (3, 12, 1)), "part", "test-interpreter").passed is (code == 0)


def test_what_depends_on_the_interpreter_is_there() -> None:
    """pytest would take a missing file as an error, but a folder without tests as no reason to worry."""
    for part in [part for several in parts.PARTS.values() for part in several]:
        path = ROOT / part
        assert path.is_file() or any(path.glob("test_*.py")), part


@pytest.mark.parametrize(("tests", "demo", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_the_demo_counts_like_the_tests(
    tests: int, demo: int, code: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def ending(with_code: int) -> list[str]:
        return [sys.executable, "-c", f"import sys; print('sung'); sys.exit({with_code})"]

    monkeypatch.setattr(parts, "tests_command", lambda arguments: ending(tests))
    monkeypatch.setattr(parts, "demo_command", lambda data: ending(demo))
    assert parts.main([]) == code
    assert "== station demo --auto\nsung" in capfd.readouterr().out


def test_a_demo_that_never_ends_is_ended(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    waiting = [sys.executable, "-c", "import time; print('singing', flush=True); time.sleep(60)"]
    monkeypatch.setattr(parts, "tests_command", lambda arguments: [sys.executable, "-c", ""])
    monkeypatch.setattr(parts, "demo_command", lambda data: waiting)
    monkeypatch.setattr(parts, "DEMO_SECONDS", 2)
    with pytest.raises(subprocess.TimeoutExpired):
        parts.main([])
    assert "singing" in capfd.readouterr().out


# --- continuous integration

STEPS = ["test", "test-windows", "test-pythons", "test-long"]


def ci(
    folder: Path, failing: str = "", seconds: int = 0
) -> tuple[list[str], subprocess.CompletedProcess[str]]:
    """The targets that it makes, after so many seconds, and what it says where one of them fails."""
    run = folder / "project" / ".ci" / "run"
    run.parent.mkdir(parents=True)
    run.write_bytes((ROOT / ".ci" / "run").read_bytes())
    make = folder / "make"
    make.write_text(f'#!/bin/sh\necho "ran $1"\n[ "$1" != "{failing}" ]\n', encoding="utf-8")
    make.chmod(0o755)
    env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "SECONDS": str(seconds)}
    done = subprocess.run(["bash", run], env=env, capture_output=True, encoding="utf-8")
    ran = [line.removeprefix("ran ") for line in done.stdout.splitlines() if line.startswith("ran ")]
    return ran, done


@scripts
@pytest.mark.parametrize("failing", ["", *STEPS])
def test_ci_runs_every_step_and_fails_where_one_fails(failing: str, tmp_path: Path) -> None:
    ran, done = ci(tmp_path, failing)
    assert (done.returncode != 0) is bool(failing)
    assert ran == STEPS
    told = done.stdout.partition("=== steps\n")[2]
    assert told.count("FAILED") == bool(failing)
    assert told.count("passed in") == done.stdout.count("\nran ") - bool(failing)


@scripts
def test_ci_names_what_it_had_no_time_for(tmp_path: Path) -> None:
    ran, done = ci(tmp_path, seconds=900)
    assert ran == ["test", "test-windows", "test-pythons"]
    assert "make test-long, costly       not begun: no time was left" in done.stdout
