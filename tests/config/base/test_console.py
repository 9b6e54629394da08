"""Who is at a standard stream, and that no letter is too much for it, on the streams of other systems too."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.base import console

TEXT = "张三 “录音” 😀 龴"


class Claiming(io.TextIOWrapper):
    """NUL of Windows: it says that it is a terminal, and it has no console behind it."""

    def isatty(self) -> bool:
        return True


def stream(encoding: str, errors: str = "strict") -> tuple[io.TextIOWrapper, io.BytesIO]:
    raw = io.BytesIO()
    return io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=""), raw


def test_nul_is_no_console_whatever_it_says() -> None:
    with Path(os.devnull).open("rb") as nothing, Claiming(nothing) as nul:
        assert nul.isatty()
        assert not console.is_console(nul)
        assert not console.is_keyboard(nul)


def test_streams_that_are_closed_missing_or_no_files_are_no_consoles() -> None:
    closed = io.TextIOWrapper(io.BytesIO())
    closed.close()
    for nobody in (None, closed, io.StringIO(), Claiming(io.BytesIO())):
        assert not console.is_console(nobody)
        assert not console.is_keyboard(nobody)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals")
def test_a_terminal_is_a_console_and_a_keyboard() -> None:
    if sys.platform == "win32":
        return
    main, side = os.openpty()
    with open(main, "rb"), open(side, encoding="utf-8") as terminal:  # noqa: PTH123 - descriptors
        assert console.is_console(terminal)
        assert console.is_keyboard(terminal)


BEHIND = """
import os, pty, sys
from config.base.console import is_console, is_keyboard
child, terminal = pty.fork()
if child == 0:
    told, tell = os.pipe()
    if os.fork() == 0:
        os.setpgid(0, 0)
        os.write(tell, bytes([is_console(sys.stdin), is_keyboard(sys.stdin)]))
        os._exit(0)
    behind = os.read(told, 2)
    front = bytes([is_console(sys.stdin), is_keyboard(sys.stdin)])
    os._exit(0 if (front, behind) == (b"\\1\\1", b"\\1\\0") else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="jobs of a shell")
def test_a_program_in_the_background_has_no_keyboard() -> None:
    """Reading it there would stop the program."""
    assert subprocess.run([sys.executable, "-c", BEHIND], check=False, timeout=30).returncode == 0


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("ascii", "utf-8"),
        ("cp437", "utf-8"),
        ("cp1252", "utf-8"),
        ("cp932", "utf-8"),
        ("cp950", "utf-8"),
        ("utf-8", "utf-8"),
        ("cp936", "cp936"),
        ("gb18030", "gb18030"),
    ],
)
def test_chinese_letters_arrive_in_a_file_of_any_code_page(
    encoding: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    for name in ("stdout", "stderr"):
        text, raw = stream(encoding)
        monkeypatch.setattr(sys, name, text)
        console.prepare_streams()
        text.write(TEXT)
        text.flush()
        found = raw.getvalue().decode(written)
        assert "?" not in found
        assert found in (TEXT, TEXT.encode(written, "backslashreplace").decode(written))
        assert found.startswith("张三 “录音”")


def test_who_names_an_encoding_gets_it_and_loses_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    text, raw = stream("cp1252")
    monkeypatch.setattr(sys, "stdout", text)
    console.prepare_streams()
    text.write("é张\udcff")
    text.flush()
    assert raw.getvalue() == b"\xe9\\u5f20\\udcff"


def test_a_console_keeps_its_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    monkeypatch.setattr(console, "is_console", lambda stream: True)
    text, raw = stream("latin-1")
    monkeypatch.setattr(sys, "stdout", text)
    console.prepare_streams()
    text.write("é张")
    text.flush()
    assert raw.getvalue() == b"\xe9\\u5f20"


def test_streams_that_are_missing_swallow_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    console.prepare_streams()
    opened = sys.stdin, sys.stdout, sys.stderr
    print(TEXT)
    print(TEXT, file=sys.stderr)
    assert sys.stdin.readline() == ""
    assert not any(console.is_console(one) for one in opened)
    for one in opened:
        one.close()
