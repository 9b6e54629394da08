"""Lays out a folder that holds Windows' Python with packages: nothing is installed, any place will do.

The layout is that of Python's own installer, so the interpreter finds its library without settings:
python.exe and its DLLs at the top, extension modules in DLLs, the library in Lib.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from tests.tools.portable.artifacts import WINDOWS_PYTHON, WINDOWS_RUNTIME, fetch
from tests.tools.portable.forwarding import write_python3_dll

ROOT = PurePosixPath("org/bytedeco/cpython/windows-x86_64")
RUNTIME = ("vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll", "ucrtbase.dll")
LEFT_OUT = {
    "test", "idlelib", "turtledemo", "tkinter", "ensurepip", "pip", "pip-25.1.1.dist-info", "__phello__",
    "site-packages", "venv", "lib2to3",
}  # fmt: skip
"""Folders of the library that no program here uses."""
TOOLKIT = ("tk86t.dll", "tcl86t.dll", "_tkinter.pyd", "pyshellext.dll")


def lay_out(target: Path, wheels: Iterable[Path]) -> None:
    """Write interpreter, runtime and unpacked wheels into the empty folder `target`. Raises SetupError."""
    unpack(fetch(WINDOWS_PYTHON), target, _place)
    unpack(fetch(WINDOWS_RUNTIME), target, lambda name: name.name if name.name in RUNTIME else None)
    write_python3_dll(target)
    for wheel in wheels:
        unpack_wheel(wheel, target / "Lib" / "site-packages")


def _place(name: PurePosixPath) -> str | None:
    """Where a file of Maven's Python belongs; None if nobody needs it."""
    if not name.is_relative_to(ROOT):
        return None
    first, *rest = name.relative_to(ROOT).parts
    if not rest:
        return first if name.suffix == ".dll" and first.startswith("python") else None
    if first == "bin" and name.suffix == ".exe":
        return rest[0]
    if first != "lib" or rest[0] in LEFT_OUT or rest[0] in TOOLKIT or rest[0].startswith("_test"):
        return None
    if len(rest) == 1 and name.suffix in (".pyd", ".dll"):
        # The runtime beside python.exe serves these, too.
        return None if rest[0] in RUNTIME else f"DLLs/{rest[0]}"
    return "/".join(("Lib", *rest))


def unpack(archive: Path, target: Path, place: Callable[[PurePosixPath], str | None]) -> None:
    """Write the files of a zip to where `place` says, relative to `target`.

    Raises ValueError if a place lies outside of `target`.
    """
    with zipfile.ZipFile(archive) as source:
        for entry in source.infolist():
            where = None if entry.is_dir() else place(PurePosixPath(entry.filename))
            if where is None:
                continue
            if ".." in PurePosixPath(where).parts or PurePosixPath(where).is_absolute() or ":" in where:
                raise ValueError(f"{archive.name} has a file outside of its folder: {where}")
            file = target / where
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(source.read(entry))


def unpack_wheel(wheel: Path, site_packages: Path) -> None:
    """What pip does for a wheel of another system, but for starters of commands: `python -m` serves."""

    def place(name: PurePosixPath) -> str | None:
        if not name.parts[0].endswith(".data"):
            return str(name)
        kind, *rest = name.parts[1:]
        return "/".join(rest) if kind in ("purelib", "platlib") else None

    unpack(wheel, site_packages, place)
