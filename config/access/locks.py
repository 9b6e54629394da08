"""Locks in the data folder that nobody but the station can hold against the station.

1. A lock of the system can be taken by whoever may open its file. So its holder writes down beside it who it
   is; a lock that none of ours holds is put aside, and a new one takes its place.
2. A holder on another computer (the folder lies on a share) can't be asked: it counts as one of ours.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from filelock import FileLock, Timeout

from config.disk.files import is_file, is_there, remove, replace

log = logging.getLogger(__name__)
GRACE_SECONDS = 1.0
"""Between taking the lock and writing down who has it a process may be held up."""
POLL_SECONDS = 0.05
SAME_SECONDS = 2.0
"""Two times at which a process began that differ by less are one: clocks are set meanwhile."""
LONGEST_NOTE = 1000


class LockHeldError(Exception):
    """Another process of the station holds the lock."""


class StationLock:
    """A lock of one process against all others of the station."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._note = path.with_name(path.name + ".owner")
        self._lock = FileLock(path)

    def acquire(self, timeout: float = 0.0) -> None:
        """Raises LockHeldError, or OSError where the folder can't be written."""
        began = monotonic()
        while not self._take():
            waited, ours = monotonic() - began, self._is_ours()
            if ours and waited >= timeout:
                raise LockHeldError(self._path.name)
            if not ours and waited >= GRACE_SECONDS:
                self._take_fresh()
                return
            sleep(POLL_SECONDS)
        self._write_note()

    def release(self) -> None:
        with suppress(OSError):
            remove(self._note, missing_ok=True)
        self._lock.release()

    def _take(self) -> bool:
        for put_aside in (False, True):
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                return False
            except OSError:
                # Of another account, or no file at all: what can't be opened can't be ours.
                if put_aside or not is_there(self._path):
                    raise
                self._put_aside()
            else:
                return True
        return False

    def _put_aside(self) -> None:
        aside = self._path.with_name(f"{self._path.name}.foreign-{os.getpid()}-{id(self):x}")
        log.warning("%s is none of ours and is put aside as %s", self._path.name, aside.name)
        replace(self._path, aside)
        with suppress(OSError):
            remove(aside)

    def _take_fresh(self) -> None:
        """Windows moves no file that somebody has open: the lock counts as held there."""
        log.warning(
            "%s is held by a process that is none of ours; a new one takes its place", self._path.name
        )
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        lock = FileLock(fresh)
        lock.acquire(timeout=0)
        try:
            self._lock = lock
            self._write_note()
            replace(fresh, self._path)
        except OSError as error:
            self.release()
            with suppress(OSError):
                remove(fresh)
            raise LockHeldError(self._path.name) from error

    def _write_note(self) -> None:
        import psutil

        me = psutil.Process()
        note = {"host": platform.node(), "pid": me.pid, "began": me.create_time()}
        temporary = self._note.with_name(f"{self._note.name}.{me.pid}")
        temporary.write_text(json.dumps(note), encoding="utf-8")
        replace(temporary, self._note)

    def _is_ours(self) -> bool:
        """Whether a living process of ours has written that it holds the lock."""
        note = self._read_note()
        if note is None or note.get("host") != platform.node():
            return note is not None
        import psutil

        try:
            holder = psutil.Process(int(note["pid"]))
            same = abs(holder.create_time() - float(note["began"])) < SAME_SECONDS
            return same and holder.username() == psutil.Process().username()
        except (psutil.Error, KeyError, TypeError, ValueError, OverflowError):
            return False

    def _read_note(self) -> dict[str, Any] | None:
        """None where there is none, or one that another account has written."""
        try:
            if not is_file(self._note) or (
                sys.platform != "win32" and self._note.stat().st_uid != os.getuid()
            ):
                return None
            with self._note.open("rb") as file:
                note = json.loads(file.read(LONGEST_NOTE))
        except (OSError, ValueError, RecursionError):
            return None
        return note if isinstance(note, dict) else None
