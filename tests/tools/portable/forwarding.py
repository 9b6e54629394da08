"""`python3.dll`: what wheels for every Python 3 (abi3) are linked with.

It hands each call on to the interpreter's own DLL. The official distributions have it, Maven's has not.
mingw is needed for DLLs that hold code only.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.tools.environment import SetupError, reason
from tests.tools.portable import pe

PREFIX = "x86_64-w64-mingw32-"
LINK = ("-shared", "-nostdlib", "-s", "-Wl,--no-insert-timestamp", "-Wl,--exclude-all-symbols")
"""Reproducible: no time of the build inside."""


def write_python3_dll(folder: Path, python: str = "python313") -> None:
    """Make `python3.dll` beside the interpreter's own DLL in `folder`. Raises SetupError."""
    names = exports(folder / f"{python}.dll")
    (folder / "python3.dll").write_bytes(pe.forwarder("python3.dll", python, names))


def exports(dll: Path) -> list[str]:
    """The names that a DLL exports. Raises SetupError."""
    try:
        names = pe.exported(dll.read_bytes())
    except ValueError as error:
        raise SetupError(f"{dll.name} can't be read: {error}.") from error
    if not names:
        raise SetupError(f"{dll.name} exports nothing.")
    return names


def link(target: Path, source: str, definition: str, *libraries: str) -> None:
    """Link a DLL from C source and a module definition. Raises SetupError."""
    with tempfile.TemporaryDirectory() as folder:
        code, table = Path(folder) / "module.c", Path(folder) / "module.def"
        code.write_text(source or "int unused;\n", encoding="utf-8")
        table.write_text(definition, encoding="utf-8")
        options = (*LINK, "-Wl,--entry=0") if not libraries else LINK
        run("gcc", *options, "-o", str(target), str(code), str(table), *libraries)


def run(tool: str, *arguments: str) -> str:
    """What a program of mingw prints. Raises SetupError."""
    program = shutil.which(PREFIX + tool)
    if program is None:
        raise SetupError(f"{PREFIX}{tool} is not installed.")
    done = subprocess.run([program, *arguments], capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise SetupError(f"{PREFIX}{tool} failed: {reason(done.stderr)}")
    return done.stdout
