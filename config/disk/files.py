"""Files that take their final name, or go, and whether they are there.

1. A file that is written whole or not at all ends with replace() (write_whole() does all of it). Windows
   refuses that and remove() while an antivirus, an indexer or a backup holds the file for a moment.
2. That something is not there is said only when the system says so. From Python 3.14 on Path.exists() and its
   like take every error for a no: a folder that may not be read would be an empty one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from time import monotonic, sleep

TRY_SECONDS = 2.0
PAUSE_SECONDS = 0.07
ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP)
ABSENT_ON_WINDOWS = (21, 123, 1921)
"""Drive not ready, invalid name, link to nowhere. Both lists are those of pathlib up to Python 3.13."""


def is_there(path: Path) -> bool:
    """Whether there is a file or a folder. Raises OSError where that can't be told."""
    return _mode(path) is not None


def is_file(path: Path) -> bool:
    """Whether there is a file. Raises OSError where that can't be told."""
    mode = _mode(path)
    return mode is not None and stat.S_ISREG(mode)


def is_folder(path: Path) -> bool:
    """Whether there is a folder. Raises OSError where that can't be told."""
    mode = _mode(path)
    return mode is not None and stat.S_ISDIR(mode)


def open_file(path: Path) -> BufferedReader:
    """Open what is a file, to read it: a pipe may never give a byte, a device never end. Raises OSError."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        number = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(number, os.strerror(number), str(path))
    return path.open("rb")


def _mode(path: Path) -> int | None:
    """Kind and rights, with links followed; None where there is nothing."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if error.errno in ABSENT or getattr(error, "winerror", None) in ABSENT_ON_WINDOWS:
            return None
        raise
    except ValueError:
        return None  # a name that no system could have, with a null byte


def replace(source: Path, target: Path) -> None:
    """Rename over `target`; a refusal is tried again for TRY_SECONDS. Raises OSError.

    The capture process calls this at the end of a take: its callback queues blocks without a limit
    meanwhile (2 s are 400 kB), and they are worked off in order, so that no sample waits in the driver.
    """
    _patiently(lambda: source.replace(target))


def write_whole(path: Path, data: bytes, *, several: bool = False, lasting: bool = True) -> None:
    """Write a small file so that after a power cut it is the old one or the new one. Raises OSError.

    `several`: processes may write it at the same time. `lasting=False`: a power cut may bring back the old
    one, or none; for copies of what is kept elsewhere. It spares the disk one of two syncs.
    """
    # Beside it: a rename must not leave the disk.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp" if several else f"{path.name}.tmp")
    temporary.write_bytes(data)
    put_in_place(temporary, path, lasting=lasting)


def put_in_place(temporary: Path, path: Path, *, synced: bool = False, lasting: bool = True) -> None:
    """A file that is written takes its name, durably: first what is in it, then the name. Raises OSError.

    `synced`: what is in it is on the disk already. `lasting=False`: the name may be forgotten.
    """
    if not synced:
        # Windows flushes only what is open for writing.
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
    replace(temporary, path)
    if lasting:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable. Windows journals renames itself and can't open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network drives and sticks know no such thing.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def digest_of(path: Path, *, from_medium: bool = False) -> str:
    """sha256 of a file in hexadecimal. Raises OSError.

    `from_medium`: of what the disk or stick gives back, not of what memory still holds, where the system
    allows that.
    """
    with open_file(path) as file:
        advise = getattr(os, "posix_fadvise", None)
        if from_medium and advise is not None:
            with suppress(OSError):
                advise(file.fileno(), 0, 0, getattr(os, "POSIX_FADV_DONTNEED", 4))
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(path: Path, *, missing_ok: bool = False) -> None:
    """Delete a file; a refusal is tried again for TRY_SECONDS. Raises OSError."""
    _patiently(lambda: path.unlink(missing_ok=missing_ok))


def _patiently(step: Callable[[], object]) -> None:
    until = monotonic() + TRY_SECONDS
    while True:
        try:
            step()
        except PermissionError:
            if monotonic() >= until:
                raise
        else:
            return
        sleep(PAUSE_SECONDS)
