"""The data folder is for the account that records, and for nobody else on the computer.

1. What a process makes after close_to_others() is its account's own (POSIX: umask; Windows: what is made in a
   folder inherits the folder's list of rights).
2. Only what is the station's own is changed: somebody may have named a folder that holds other things, too.
3. What the system does not let us change is told by exposed(), never passed over.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from config.access import acl
from config.disk.datadir import DataDir
from config.disk.files import is_folder, is_there

FOLDER_MODE, FILE_MODE = 0o700, 0o600
OTHERS = 0o077
FILES = ("station.db*", "station.lock*", "capture.lock*", "selftest*", "restart-test.json*")
"""Of the station, in the data folder itself."""
INDEX = "station.db-shm"
SETTINGS = ("station.toml*",)
"""What may lie there, too, where somebody keeps all in one folder."""


def close_to_others() -> None:
    """From here on this process makes nothing that another account can read."""
    os.umask(OTHERS)


def make_private(data: DataDir, roster: Path | None = None) -> int:
    """Make the data folder if there is none, and keep other accounts out; how many things were open before.

    The names of the roster are closed, too, where it lies in the folder of the settings or below: elsewhere
    it may be meant for others. Call it while the lock of the folder is held. Raises OSError where the folder
    can't be made, or can't be looked into.
    """
    close_to_others()
    data.root.mkdir(parents=True, exist_ok=True)
    here = [roster] if roster is not None and roster.is_relative_to(data.root.parent) else []
    if sys.platform == "win32":
        # What lies below inherits.
        return sum(_close(path) for path in (*_tops(data), *here))
    return sum(_mend(path) for path in (*_open_to_others(data), *filter(_is_open, here)))


def exposed(data: DataDir, roster: Path | None = None) -> list[Path]:
    """What of data folder and roster another account can use. Raises OSError where that can't be told."""
    lists = [roster] if roster is not None and is_there(roster) else []
    tops = _tops(data) if is_folder(data.root) else []
    if sys.platform == "win32":
        return [path for path in (*tops, *lists) if acl.is_open(path)]
    return [*(_open_to_others(data) if tops else ()), *filter(_is_open, lists)]


def _tops(data: DataDir) -> list[Path]:
    """The data folder, where nothing of others lies in it; then what the station makes there."""
    folders = {path.name for path in (data.takes, data.logs, data.cache, data.forms)}
    found = sorted(data.root.iterdir())
    ours = [path for path in found if path.name in folders or any(map(path.match, FILES))]
    foreign = [path for path in found if path not in ours and not any(map(path.match, SETTINGS))]
    return ours if foreign else [data.root, *ours]


def _open_to_others(data: DataDir) -> Iterator[Path]:
    for top in _tops(data):
        if _is_open(top):
            yield top
        if top == data.root:
            continue
        for folder, folders, files in os.walk(top):
            yield from (path for name in (*folders, *files) if _is_open(path := Path(folder, name)))


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False  # gone meanwhile
    return not stat.S_ISLNK(mode) and bool(mode & OTHERS)


def _close(path: Path) -> bool:
    try:
        return acl.make_private(path)
    except OSError:
        # As in _mend().
        return False


def _mend(path: Path) -> bool:
    try:
        if path.name == INDEX:
            # Whoever has it open may hold a lock in it; SQLite makes a new one from the log.
            path.unlink()
            return True
        path.chmod(FOLDER_MODE if is_folder(path) else FILE_MODE)
    except OSError:
        # Of another account, or on a drive that knows no rights: the self-test names it.
        return False
    return True
