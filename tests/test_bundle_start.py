"""What people start in a bundle: scripts that need nothing else, in any folder and any code page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.folders import inside
from tests.tools.bundle import (
    launchers,
)

posix = pytest.mark.skipif(os.name == "nt", reason="scripts for Linux")
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
