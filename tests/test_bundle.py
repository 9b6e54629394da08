"""Bundles: what is in them and what not, the same bytes every time, and scripts that need nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from station.release import LIST, compare, installed
from tests.tools.bundle import (
    archive,
    build,
    bytecode,
    interpreter,
    launchers,
    licences,
    packages,
    startpage,
    texts,
    trial,
)
from tests.tools.bundle.platforms import PLATFORMS, Platform
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


def inside(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


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


@pytest.mark.usefixtures("small")
def test_a_change_of_the_python_is_another_release(python: Path, tmp_path: Path) -> None:
    first = build.make(ARM, python, tmp_path / "one")
    (python / USED[2]).write_bytes(b"'''Text'''\n")
    second = build.make(ARM, python, tmp_path / "two")
    assert first.release != second.release


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


# --- what people start

Fake = Callable[[str], Path]


@pytest.fixture
def linux(tmp_path: Path) -> Fake:
    """A bundle whose Python is a script."""
    folder = tmp_path / "张老师 的U盘"

    def make(script: str) -> Path:
        (folder / "python" / "bin").mkdir(parents=True)
        program = folder / "python" / "bin" / "python3.13"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        launchers.put(False, "3.13", folder)
        for file in (program, *folder.glob("*")):
            file.chmod(0o755)
        return folder

    return make


ECHO = 'case $1 in -c) exit 0 ;; esac; printf "%s|" "$@"; exit 7'


def call(file: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a script where PATH is empty."""
    done = subprocess.run(
        [file, *arguments],
        env={"PATH": ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=20,
    )
    return done.returncode, done.stdout, done.stderr


@posix
def test_the_command_hands_on_arguments_and_exit_code_without_any_other_program(linux: Fake) -> None:
    folder = linux(ECHO)
    code, out, _ = call(folder / "station", "roster", "check", "名 册.csv")
    assert (code, out) == (7, "-m|station|roster|check|名 册.csv|")


@posix
def test_a_link_to_the_command_works(linux: Fake, tmp_path: Path) -> None:
    (tmp_path / "station").symlink_to(linux(ECHO) / "station")
    done = subprocess.run([tmp_path / "station", "doctor"], capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout) == (7, "-m|station|doctor|")


@posix
def test_a_computer_that_can_not_run_it_is_told_why_in_both_languages(linux: Fake) -> None:
    code, out, told = call(linux("echo GLIBC_2.35 not found >&2; exit 1") / "station", "doctor")
    assert (code, out) == (2, "")
    assert "系统太旧" in told
    assert "its system is too old" in told
    assert "GLIBC_2.35 not found" in told


def exec_of(line: str) -> list[str]:
    """The words of an Exec line by the rules of desktop entries: a string's escapes, then those of quotes."""
    found = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', line.replace(r"\\", "\\"))
    return [re.sub(r"\\(.)", r"\1", quoted) or plain for quoted, plain in found]


@posix
@pytest.mark.parametrize("button", launchers.BUTTONS, ids=lambda button: str(button.arguments))
def test_a_double_click_without_a_window_opens_one(
    button: launchers.Button, linux: Fake, tmp_path: Path
) -> None:
    """By the .desktop file, as a desktop runs it; a terminal of our own tells what it was started with."""
    folder = linux(ECHO)
    terminal = tmp_path / "bin" / "xterm"
    terminal.parent.mkdir()
    terminal.write_text('#!/bin/sh\nprintf "%s|" "$@"\n', encoding="utf-8")
    terminal.chmod(0o755)
    found = (folder / f"{button.name}.desktop").read_text(encoding="utf-8")
    (line,) = re.findall(r"^Exec=(.+)$", found, re.MULTILINE)
    command = [str(folder / f"{button.name}.desktop") if word == "%k" else word for word in exec_of(line)]
    # Only programs that are named here: a real terminal of this computer stays closed.
    for name in ("sh", "dirname"):
        (terminal.parent / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        command,
        env={"PATH": str(terminal.parent)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout) == (0, f"-e|{folder / f'{button.name}.sh'}|"), done.stderr


@posix
def test_a_double_clicked_name_runs_its_command_in_the_window(linux: Fake) -> None:
    if sys.platform == "win32":
        return
    import pty

    folder = linux(ECHO)
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "r+b", buffering=0) as keyboard:
        started = subprocess.Popen([folder / "设备自检.sh"], stdin=theirs, stdout=theirs, env={"PATH": ""})
        os.close(theirs)
        seen = keyboard.read(100)
        assert started.poll() is None, "the window stays open until Enter"
        keyboard.write(b"\n")
        assert started.wait(20) == 7
    assert b"-m|station|start|--selftest|" in seen


def test_scripts_for_windows_run_anywhere_in_any_code_page(tmp_path: Path) -> None:
    launchers.put(True, "3.13", tmp_path)
    assert inside(tmp_path) == {"station.cmd", "开始演唱测试.cmd", "设备自检.cmd", "演练.cmd"}
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") > 5
        lines = content.decode("utf-8").splitlines()
        strange = [line for line in lines if not line.isascii()]
        assert [lines.index(line) - lines.index("chcp 65001 >nul") for line in strange] == [1]
        assert lines.count(r'set "python=%~dp0python\python.exe"') == 1
        assert all('"%python%"' in line for line in lines if "%python%" in line)


# --- pages and licences


@pytest.mark.parametrize("windows", [True, False])
def test_the_page_to_read_first_names_what_to_double_click_in_both_languages(
    windows: bool, tmp_path: Path
) -> None:
    startpage.put(windows, "some-platform", "0.2.0", tmp_path)
    text = (tmp_path / startpage.NAME).read_text(encoding="utf-8-sig")
    assert "@" not in text
    assert "some-platform" in text
    assert all(text.count(button.name) >= 2 for button in launchers.BUTTONS)
    assert ("apt install libportaudio2" in text) is not windows
    assert ("全部解压缩" in text) is windows


def test_a_word_that_is_not_given_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="english"):
        texts.filled("button.desktop", name="演练")


def test_every_package_has_its_licence_and_those_without_are_named(tmp_path: Path) -> None:
    app = tmp_path / "app"
    for name, extra in (("one", ["licenses/LICENSE", "licenses/THIRD"]), ("two", [])):
        info = app / f"{name}-1.0.dist-info"
        record = [f"{name}/__init__.py", *(f"{info.name}/{file}" for file in extra)]
        for file in record:
            (app / file).parent.mkdir(parents=True, exist_ok=True)
            (app / file).write_text(file, encoding="utf-8")
        info.mkdir(exist_ok=True)
        metadata = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in record), encoding="utf-8")
    (tmp_path / "python" / "Lib").mkdir(parents=True)
    (tmp_path / "python" / "Lib" / "LICENSE.txt").write_text("PSF", encoding="utf-8")
    assert licences.put(tmp_path) == ["two"]
    found = inside(tmp_path / "licences")
    assert {"LICENSE", "README.txt", "python/LICENSE.txt", "python/INSIDE.txt"} <= found
    assert {"one-1.0/licenses-LICENSE", "one-1.0/licenses-THIRD"} <= found
    lines = (tmp_path / "licences" / "README.txt").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["one-1.0: MIT", f"two-1.0: MIT ({licences.NONE})"]


def test_every_platform_says_for_whom_wheels_are(tmp_path: Path) -> None:
    def first(platform: Platform) -> str:
        return platform.system("3.13").platforms[0]

    assert {name: first(platform) for name, platform in PLATFORMS.items()} == {
        "windows-x86_64": "win_amd64",
        "linux-x86_64": "manylinux_2_28_x86_64",
        "linux-arm64": "manylinux_2_28_aarch64",
    }
    assert LIST == "RELEASE.sha256"
