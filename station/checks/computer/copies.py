"""Other copies of the program on this computer: from a practice version nothing is delivered."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic

import psutil
from platformdirs import user_desktop_path, user_documents_path, user_downloads_path

from config.base import Message, say
from config.disk import is_file, is_folder
from station.checks.bench import Bench
from station.checks.check import NO_ANSWER, Check, Finding, Group, ok, warn
from station.release import APP, LIST, installed
from station.words.i18n import tr_noop

DEPTH = 2
"""Folders below a place in which people unpack an archive: the place, the archive's folder, one within it."""
SECONDS = 10.0
"""A place that answers slowly is left: what was found until then is named."""
NAMED = 3


def copies(bench: Bench) -> Finding:
    found = others(places(), own())
    if not found:
        return ok(say("No other copy of this program was found where people unpack one."))
    names = Message.listed(map(_shown, found), NAMED)
    return warn(
        say("Other copies of this program are on this computer: {names}", names=names),
        say("Remove them before the test, so that nobody opens the wrong one."),
        count=len(found),
    )


def _shown(path: Path) -> str:
    """Without the name of the account: reports are passed on."""
    home = Path.home().resolve()
    return f"~{os.sep}{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def own() -> Path:
    """The folder of the copy that runs."""
    release = installed()
    return (Path(__file__).parents[3] if release is None else release.root).resolve()


def places() -> Iterator[Path]:
    """Where people unpack an archive: desktop, documents, downloads, home, the top of each local volume."""
    yield from (user_desktop_path(), user_documents_path(), user_downloads_path(), Path.home())
    try:
        yield from (Path(volume.mountpoint) for volume in psutil.disk_partitions(all=False))
    except NO_ANSWER:
        return


def others(within: Iterable[Path], mine: Path) -> list[Path]:
    """Bundles below these places, and the program that the command `station` would start, but for `mine`."""
    until = monotonic() + SECONDS
    found = {folder for place in within for folder in _bundles(place, DEPTH, until)}
    command = shutil.which("station")
    if command is not None and not Path(command).resolve().is_relative_to(Path(sys.prefix).resolve()):
        found.add(Path(command).resolve())
    return sorted(path for path in found if not path.is_relative_to(mine))


def _bundles(folder: Path, depth: int, until: float) -> Iterator[Path]:
    try:
        if is_file(folder / LIST) and is_folder(folder / APP / "station"):
            yield folder.resolve()
            return
        below = [place for place in folder.iterdir() if _leads_on(place)] if depth else []
    except OSError:
        # What this account may not read it can't start either.
        return
    for inner in below:
        if monotonic() < until:
            yield from _bundles(inner, depth - 1, until)


def _leads_on(place: Path) -> bool:
    """A folder, and no link to one."""
    return stat.S_ISDIR(place.lstat().st_mode)


CHECKS = (
    Check(
        "copies",
        Group.MATERIAL,
        tr_noop("Other copies"),
        tr_noop("Who opens a practice version beside the official one records for nothing."),
        tr_noop("Desktop, documents, downloads and the top of each volume are looked through."),
        copies,
        seconds=30,
        usual=2,
        mild=tr_noop("Nothing is wrong with this copy; the others must not be opened."),
        morning=True,
    ),
)
