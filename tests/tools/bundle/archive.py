"""A folder as .zip or .tar.gz: the same files always give the same bytes.

Entries are sorted, times are one and the same, modes are 755 or 644, owners are nobody.
"""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.tools.environment import ROOT

EARLIEST = 315532800
"""1980-01-01: no zip knows an earlier time."""


def moment() -> int:
    """Seconds since 1970 of every entry: SOURCE_DATE_EPOCH, else that of the last commit, else EARLIEST."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given.isdecimal():
        command = ["git", "log", "-1", "--format=%ct"]
        try:
            given = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8").stdout.strip()
        except OSError:
            given = ""
    return max(EARLIEST, int(given)) if given.isdecimal() else EARLIEST


def write(folder: Path, target: Path, at: int, runs: Callable[[str], bool]) -> None:
    """Pack `folder`, under its own name; `runs` tells which files (relative, with slashes) are programs.

    Raises OSError.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    modes = {name: 0o755 if runs(name) else 0o644 for name in names}
    pack = _zip if target.suffix == ".zip" else _tar
    pack(folder, target, at, modes)


def _zip(folder: Path, target: Path, at: int, modes: dict[str, int]) -> None:
    time = datetime.fromtimestamp(at, UTC)
    stamp = (time.year, time.month, time.day, time.hour, time.minute, time.second)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, mode in modes.items():
            entry = zipfile.ZipInfo(f"{folder.name}/{name}", stamp)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, (folder / name).read_bytes(), compresslevel=9)


def _tar(folder: Path, target: Path, at: int, modes: dict[str, int]) -> None:
    with (
        target.open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, mode in modes.items():
            content = (folder / name).read_bytes()
            entry = tarfile.TarInfo(f"{folder.name}/{name}")
            entry.size, entry.mode, entry.mtime = len(content), mode, at
            archive.addfile(entry, io.BytesIO(content))
