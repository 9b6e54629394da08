"""Bundles: what is in them and what not, and the same bytes every time."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from station.release import compare, installed
from tests.folders import inside
from tests.tools.bundle import (
    archive,
    build,
    bytecode,
    interpreter,
    packages,
    trial,
)
from tests.tools.bundle.platforms import PLATFORMS
from tests.tools.environment import ROOT, SetupError
from tests.tools.portable.artifacts import UnreachableError
from tests.tools.portable.wheelhouse import System, wanted

ARM = PLATFORMS["linux-arm64"]
WINDOWS = PLATFORMS["windows-x86_64"]
posix = pytest.mark.skipif(os.name == "nt", reason="scripts for Linux")
HERE = f"3.{sys.version_info.minor}"
"""The version of the made-up Python: one that can compile for it is running."""
USED = (
    f"bin/python{HERE}",
    f"lib/libpython{HERE}.so.1.0",
    f"lib/python{HERE}/os.py",
    f"lib/python{HERE}/LICENSE.txt",
    f"lib/python{HERE}/json/tool.py",
    f"lib/python{HERE}/lib-dynload/_ssl.cpython-313-aarch64-linux-gnu.so",
)
UNUSED = (
    "bin/pip3",
    "bin/python3-config",
    f"include/python{HERE}/Python.h",
    f"lib/libpython{HERE}.a",
    f"lib/python{HERE}/test/test_os.py",
    f"lib/python{HERE}/ctypes/__pycache__/x.pyc",
    f"lib/python{HERE}/idlelib/idle.py",
    f"lib/python{HERE}/tkinter/__init__.py",
    f"lib/python{HERE}/ensurepip/__init__.py",
    f"lib/python{HERE}/site-packages/pip/__init__.py",
    f"lib/python{HERE}/config-3.13-aarch64-linux-gnu/Makefile",
    f"lib/python{HERE}/lib-dynload/_tkinter.cpython-313-aarch64-linux-gnu.so",
    f"lib/python{HERE}/lib-dynload/_testcapi.cpython-313-aarch64-linux-gnu.so",
    "share/man/man1/python3.1",
)


def elf(machine: int) -> bytes:
    return b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little") + bytes(44)


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A folder that looks like a Python for arm64."""
    folder = tmp_path / "a python"
    for name in (*USED, *UNUSED):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"'''text'''\n")
    (folder / USED[0]).write_bytes(elf(ARM.magic))
    return folder


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The station as the only package, and no Python from elsewhere."""

    def put(system: System, bundle: Path) -> list[Path]:
        shutil.copytree(ROOT / "station", bundle / "app" / "station", ignore=shutil.ignore_patterns("__*__"))
        return []

    monkeypatch.setattr(packages, "put", put)
    monkeypatch.setattr(bytecode, "PINNED", "none")


# --- Python


def test_a_given_python_is_taken_without_what_the_station_never_uses(python: Path, tmp_path: Path) -> None:
    assert interpreter.put(ARM, python, tmp_path / "bundle") == HERE
    assert inside(tmp_path / "bundle" / "python") == set(USED)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("python.exe", True),
        ("python313.dll", True),
        ("python313.zip", True),
        ("_ssl.pyd", True),
        ("python313._pth", False),
        ("_tkinter.pyd", False),
        ("DLLs/sqlite3.dll", True),
        ("DLLs/tcl86t.dll", False),
        ("DLLs/_testcapi.pyd", False),
        ("Lib/asyncio/events.py", True),
        ("Lib/test/test_os.py", False),
        ("Lib/site-packages/pip/__main__.py", False),
        ("Scripts/pip.exe", False),
        ("include/Python.h", False),
    ],
)
def test_of_windows_python_only_what_the_station_uses_is_taken(name: str, kept: bool) -> None:
    assert interpreter.wanted_on_windows(name) is kept


def test_a_python_for_another_computer_is_refused(python: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"for another kind of computer than linux-x86_64"):
        interpreter.put(PLATFORMS["linux-x86_64"], python, tmp_path / "bundle")


def test_a_folder_with_no_python_or_with_two_is_refused(python: Path, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is none"):
        interpreter.put(ARM, tmp_path, tmp_path / "bundle")
    (python / "bin" / "python3.9").touch()
    with pytest.raises(SetupError, match="more than one"):
        interpreter.put(ARM, python, tmp_path / "bundle")


def test_where_there_is_no_python_to_fetch_it_is_said_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r'make bundle ARGS="linux-arm64 --python FOLDER"'):
        interpreter.put(ARM, None, tmp_path)


def test_windows_python_finds_its_library_and_the_station_only(tmp_path: Path) -> None:
    (tmp_path / "python" / "Lib").mkdir(parents=True)
    interpreter.close(WINDOWS, "3.13", tmp_path)
    lines = (tmp_path / "python" / "python313._pth").read_text(encoding="utf-8").splitlines()
    assert lines == ["Lib", ".", r"..\app", "import site"]


def test_wheels_of_arm64_are_those_of_the_lock(tmp_path: Path) -> None:
    text = wanted(ARM.system("3.13"))
    named = set(re.findall(r"^([A-Za-z0-9][\w.-]*)==", text, re.MULTILINE))
    assert {"numpy", "textual", "cryptography", "resumable-upload", "linkify-it-py"} <= named
    assert not {"mypy", "pytest", "tussi", "colorama"} & named


def test_a_wheel_that_the_lock_does_not_name_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "numpy-2.5.5-cp313-none-any.whl"
    wheel.write_bytes(b"PK")
    with pytest.raises(SetupError, match=r"is not the file that requirements\.lock names"):
        packages.checked([wheel])


# --- the whole


@pytest.mark.costly
@pytest.mark.usefixtures("small")
def test_built_twice_a_bundle_has_the_same_bytes_and_its_list_is_true(python: Path, tmp_path: Path) -> None:
    first = build.make(ARM, python, tmp_path / "one")
    for path in python.rglob("*"):
        os.utime(path, (1e9, 1e9))
    second = build.make(ARM, python, tmp_path / "two")
    assert (first.sha256, first.release, first.compiled) == (second.sha256, second.release, True)
    name = f"singing-test-station-{build.project_version()}-linux-arm64"
    assert first.file == tmp_path / "one" / f"{name}.tar.gz"
    with tarfile.open(first.file) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
    release = installed(tmp_path / "unpacked" / name / "app" / "station" / "release.py")
    assert release is not None
    assert (release.digest, len(release.files)) == (first.release, first.files)
    assert not compare(release)
    assert {"station", "先读我.txt", "演练.sh", "licences/LICENSE"} <= set(release.files)


@pytest.mark.costly
@pytest.mark.usefixtures("small")
def test_a_change_of_the_python_is_another_release(python: Path, tmp_path: Path) -> None:
    first = build.make(ARM, python, tmp_path / "one")
    (python / USED[2]).write_bytes(b"'''Text'''\n")
    second = build.make(ARM, python, tmp_path / "two")
    assert first.release != second.release


@pytest.mark.costly
@pytest.mark.usefixtures("small")
def test_an_archive_that_is_too_large_is_not_handed_out(
    python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "LIMIT_MB", 0.01)
    with pytest.raises(SetupError, match=r"more than 0.01 MB are not handed out"):
        build.make(ARM, python, tmp_path / "out")
    assert inside(tmp_path / "out") == set()


def test_a_module_is_compiled_without_times_and_knows_no_place_of_this_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bytecode, "PINNED", "none")
    module = tmp_path / "app" / "one.py"
    module.parent.mkdir()
    module.write_text("def f(): pass\n", encoding="utf-8")
    assert bytecode.compile_all(ARM, HERE, tmp_path)
    (compiled,) = tmp_path.rglob("*.pyc")
    content = compiled.read_bytes()
    assert int.from_bytes(content[4:8], "little") == 0b01, "hash, unchecked"
    assert b"app/one.py" in content
    assert str(tmp_path).encode() not in content
    assert not bytecode.compile_all(ARM, "3.99", tmp_path)


@posix
def test_a_starter_that_finds_no_python_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As version managers put them onto PATH for every version that they know."""
    starter = tmp_path / "python3.99"
    starter.write_text("#!/bin/sh\necho 'python3.99: command not found' >&2\nexit 127\n", encoding="utf-8")
    starter.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("python3.99") == str(starter)
    assert not bytecode.compile_all(ARM, "3.99", tmp_path)
    assert bytecode.is_a(sys.executable, HERE)
    assert not bytecode.is_a(sys.executable, "3.9")


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_an_archive_says_nothing_of_who_made_it_and_when(ending: str, tmp_path: Path) -> None:
    made = []
    names = ["b", *(f"c{number:02}" for number in range(30)), "演练.cmd"]
    for number, order in enumerate((names, names[::-1])):
        folder = tmp_path / str(number) / "station"
        folder.mkdir(parents=True)
        for name in order:
            (folder / name).write_text(name, encoding="utf-8")
            (folder / name).chmod(0o600 + number)
        made.append(tmp_path / f"{number}.{ending}")
        archive.write(folder, made[-1], 1_700_000_001, lambda name: name == "b")
    assert made[0].read_bytes() == made[1].read_bytes()
    assert entries(made[0]) == [(f"station/{name}", 0o755 if name == "b" else 0o644) for name in names]


def entries(file: Path) -> list[tuple[str, int]]:
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as packed:
            return [(one.filename, one.external_attr >> 16 & 0o777) for one in packed.infolist()]
    with tarfile.open(file) as archived:
        return [(one.name, one.mode) for one in archived]


def test_the_time_of_the_entries_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert archive.moment() == 1_700_000_000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    assert archive.moment() == archive.EARLIEST
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert archive.moment() >= archive.EARLIEST


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (None, 0, ""),
        (UnreachableError("no network"), 0, "Skipped: no network"),
        (SetupError("130 MB"), 1, "FAILED: 130 MB"),
        (trial.TrialError("other bytes"), 1, "FAILED: other bytes"),
    ],
)
def test_a_trial_skips_only_what_can_not_be_had(
    error: Exception | None,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def one(folder: Path) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(trial, "TRIALS", {"some-platform": one})
    assert trial.main([]) == code
    assert says in capsys.readouterr().out
