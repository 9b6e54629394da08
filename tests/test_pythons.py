"""Which Pythons the station runs on: told in one sentence, said alike everywhere, each with its packages."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from station import pythons
from tests.tools import environment, lock, wheels
from tests.tools.environment import ROOT

SUPPORTED = [(3, minor) for minor in range(pythons.OLDEST[1], pythons.NEWEST[1] + 1)]
OLDEST, NEWEST = pythons.dotted(pythons.OLDEST), pythons.dotted(pythons.NEWEST)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# --- the sentence


@pytest.mark.parametrize("version", SUPPORTED)
def test_every_supported_python_is_taken(version: tuple[int, int]) -> None:
    assert pythons.refusal(version, "CPython", 64, False) == ""


def test_the_python_of_these_tests_is_described_as_it_is() -> None:
    assert pythons.this() == (sys.version_info[:2], "CPython", 64, False)


@pytest.mark.parametrize(
    ("python", "named"),
    [
        (((2, 7), "CPython", 64, False), "this is Python 2.7:"),
        (((3, 10), "CPython", 64, False), "this is Python 3.10:"),
        (((3, 15), "CPython", 64, False), "this is Python 3.15:"),
        (((3, 11), "PyPy", 64, False), "this is PyPy 3.11:"),
        (((3, 13), "CPython", 64, True), "this is a free-threaded Python 3.13:"),
        (((3, 12), "CPython", 32, False), "this is a 32-bit Python 3.12:"),
    ],
)
def test_any_other_python_is_refused_by_its_name(
    python: tuple[tuple[int, int], str, int, bool], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    why = pythons.refusal(*python)
    assert named in why
    assert f"the 64-bit CPython {OLDEST} to {NEWEST}" in why
    assert "\n" not in why


def in_a_process(module: str, *arguments: str, language: str = "C") -> subprocess.CompletedProcess[str]:
    """The module on a Python that says it is 3.10, without any package."""
    program = (
        "import sys, runpy; sys.version_info = (3, 10, 13);"
        f"sys.argv = {['', *arguments]!r}; runpy.run_module({module!r}, run_name='__main__')"
    )
    variables = {"LC_ALL": language, "LANGUAGE": "", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-S", "-E", "-c", program],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("command", [("station", "demo"), ("tests.tools", "demo"), ("station.pythons",)])
def test_station_and_make_refuse_before_anything_is_imported(command: tuple[str, ...]) -> None:
    done = in_a_process(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"The station runs on .*this is Python 3\.10: .*\.\n", done.stderr)


def test_without_its_packages_the_station_says_how_to_get_them() -> None:
    """As in a fresh folder with the computer's own Python, which will do but has none of them."""
    variables = {"LANGUAGE": "en", "PYTHONUTF8": "1"}
    command = [sys.executable, "-S", "-m", "station", "demo"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"The package \w+ is not installed for this Python: .*\.\n", done.stderr)


def test_a_module_of_ours_that_is_missing_is_no_missing_package() -> None:
    pythons.refuse_without("audio.device")


@pytest.mark.skipif(sys.platform == "win32", reason="the language is not in the environment there")
def test_the_sentence_is_in_the_computers_language() -> None:
    assert "现在用的是 Python 3.10" in in_a_process("station", language="zh_CN.UTF-8").stderr


@pytest.mark.parametrize("name", ["station/__init__.py", "station/__main__.py", "station/pythons.py"])
def test_old_pythons_can_read_the_sentence(name: str) -> None:
    """Down to 2.7, whose grammar has no annotations and no f-strings, and whose files are ASCII."""
    source = text(name)
    assert source.isascii()
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr)
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None
            assert not any(argument.annotation for argument in node.args.args)
        if isinstance(node, ast.ImportFrom):
            assert node.module != "__future__"


# --- said alike everywhere


def test_the_range_is_the_same_wherever_it_is_said() -> None:
    after = f"3.{pythons.NEWEST[1] + 1}"
    assert tomllib.loads(text("pyproject.toml"))["project"]["requires-python"] == f">={OLDEST},<{after}"
    assert f'target-version = "py{OLDEST.replace(".", "")}"' in text("pyproject.toml")
    assert f"--python-version {OLDEST} " in lock.COMPILE
    assert [pythons.dotted(version) for version in SUPPORTED] == list(wheels.PYTHONS)
    readme = text("README.md")
    assert f"Python {OLDEST} to {NEWEST}" in readme
    assert f"Python {OLDEST} 至 {NEWEST}" in readme
    assert f"Python {OLDEST} to {NEWEST} is needed" in text("Makefile")


@pytest.mark.parametrize("name", ["Makefile", "make.bat"])
def test_make_looks_for_every_supported_python(name: str) -> None:
    (loop,) = re.findall(r"\bin (.*3\.\d+.*?)[;)]", text(name).replace("(", ""))
    assert sorted(re.findall(r"3\.\d+", loop)) == sorted(wheels.PYTHONS)


# --- an environment for each


def made(folder: Path, version: str, home: Path) -> None:
    """What place() looks at of an environment."""
    program = environment.executable("python", folder)
    program.parent.mkdir(parents=True)
    program.touch()
    (folder / "pyvenv.cfg").write_text(f"home = {home}\nversion = {version}\n", encoding="utf-8")


def test_another_python_gets_an_environment_beside_the_first(tmp_path: Path) -> None:
    first = tmp_path / ".venv"
    assert environment.place(first, "3.13") == first
    made(first, "3.11.7", tmp_path)
    assert environment.place(first, "3.11") == first
    assert environment.place(first, "3.13") == tmp_path / ".venv-3.13"
    # 3.1 begins like 3.11.
    assert environment.place(first, "3.1") == tmp_path / ".venv-3.1"


def test_the_environment_of_a_python_that_is_gone_is_taken_over(tmp_path: Path) -> None:
    first = tmp_path / ".venv"
    made(first, "3.11.7", tmp_path / "uninstalled")
    assert environment.place(first, "3.13") == first
    (first / "pyvenv.cfg").unlink()
    assert environment.place(first, "3.13") == first


def test_what_runs_in_an_environment_stays_in_it() -> None:
    """Also where `.venv` belongs to another Python."""
    if Path(sys.prefix).parent == ROOT:
        assert Path(sys.prefix) == environment.VENV
    assert environment.executable("python").parent.parent == environment.VENV
