"""`python3.dll`: what wheels for every Python 3 (abi3) are linked with.

It hands each call on to the interpreter's own DLL. The official distributions have it, Maven's has not.
It holds no code, so mingw makes it the same everywhere.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.tools.environment import SetupError, reason

PREFIX = "x86_64-w64-mingw32-"
EXPORT = re.compile(r"^\s*\[\s*\d+\](?:\s+\+base\[\s*\d+\]\s+[0-9a-f]+)?\s+([A-Za-z_]\w*)\s*$", re.MULTILINE)
"""A name in the export table that objdump prints."""
LINK = ("-shared", "-nostdlib", "-s", "-Wl,--no-insert-timestamp", "-Wl,--exclude-all-symbols")
"""Reproducible: no time of the build inside."""


def write_python3_dll(folder: Path, python: str = "python313") -> None:
    """Make `python3.dll` beside the interpreter's own DLL in `folder`. Raises SetupError."""
    names = exports(folder / f"{python}.dll")
    lines = ["LIBRARY python3", "EXPORTS", *(f"  {name}={python}.{name}" for name in names)]
    link(folder / "python3.dll", "", "\n".join(lines) + "\n")


def exports(dll: Path) -> list[str]:
    """The names that a DLL exports. Raises SetupError."""
    printed = run("objdump", "-p", str(dll))
    _, _, table = printed.partition("[Ordinal/Name Pointer] Table")
    names = EXPORT.findall(table)
    if not names:
        raise SetupError(f"{dll.name} exports nothing that can be read.")
    return sorted(names)


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
