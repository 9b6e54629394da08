"""Is the file still the recording that was entered? Asked before an upload can become complete."""

from __future__ import annotations

import math
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

from config.base import DiskError, reason_of, say
from config.disk import digest_of, is_there
from config.takes import sidecar_path
from uploader.faults import Kind, UploadFault
from uploader.prove.changetime import change_time_ns
from uploader.queue.row import Row
from uploader.queue.take import FinishedTake
from uploader.tus.body import unreadable

IDENTITY = ("take_id", "student_id", "item", "attempt", "session", "station", "sha256")
FRESH_SECONDS = 600.0
"""So long a reading counts; on an afternoon takes are sent within minutes."""


@dataclass(frozen=True)
class Stamp:
    """By which a file that was changed or put in another's place is known, whatever its date says."""

    mtime_ns: int
    ctime_ns: int | None
    """None where the system does not note it."""
    inode: int

    @property
    def changed_at(self) -> float:
        """Unix time; later than any time where the system does not tell."""
        return math.inf if self.ctime_ns is None else self.ctime_ns / 1e9


def look_at(row: Row) -> Stamp:
    """Raises Fault: MISSING, or TAKE where the size is another."""
    try:
        stat, ctime_ns = row.path.stat(), change_time_ns(row.path)
    except FileNotFoundError as error:
        raise missing(row) from error
    except OSError as error:
        raise unreadable(reason_of(error)) from error
    if stat.st_size != row.size:
        raise changed(row)
    return Stamp(stat.st_mtime_ns, ctime_ns, stat.st_ino)


def check_file(row: Row) -> None:
    """Read every byte. Raises Fault: MISSING, or TAKE where the bytes are others."""
    look_at(row)
    try:
        same = digest_of(row.path) == row.sha256
    except FileNotFoundError as error:
        raise missing(row) from error
    except OSError as error:
        raise unreadable(reason_of(error)) from error
    if not same:
        raise changed(row)


def check_owner(row: Row) -> None:
    """Whether queue and facts name the same pupil and take. Raises Fault: TAKE where they do not.

    A take whose facts are gone is judged by its bytes alone.
    """
    sidecar = sidecar_path(row.path)
    try:
        if not is_there(sidecar):
            return
        facts = FinishedTake.from_sidecar(sidecar)
    except OSError as error:
        raise unreadable(reason_of(error)) from error
    except DiskError as error:
        raise UploadFault(Kind.TAKE, error.what, error.todo) from error
    if any(getattr(facts, name) != getattr(row, name) for name in IDENTITY):
        raise UploadFault(
            Kind.TAKE,
            say(
                "{file}: the queue and the facts beside the recording do not name the same take.",
                file=row.path.name,
            ),
            say("It is not sent. Keep all files as they are and ask the district's technician."),
        )


class Sameness:
    """Whether the file is what was recorded, found out while the first pieces travel.

    A file that was read a moment before it was entered, and that nobody wrote to since, is not read again.
    """

    def __init__(self, row: Row, stamp: Stamp, *, resumed: bool) -> None:
        """`stamp`: of the file now."""
        self._row = row
        self._stamp = stamp
        fresh = (
            0 <= time.time() - row.compared_at < FRESH_SECONDS
            and stamp.mtime_ns == row.mtime_ns
            and stamp.changed_at < row.compared_at
        )
        self._pool = None if fresh and not resumed else ThreadPoolExecutor(1, "identity")
        self._found: Future[None] | None = self._pool.submit(check_file, row) if self._pool else None

    def __enter__(self) -> Sameness:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    @property
    def known(self) -> bool:
        """confirm() would not wait."""
        return self._found is not None and self._found.done()

    def confirm(self) -> None:
        """Raises Fault: MISSING, or TAKE where the bytes are others."""
        if self._found is not None:
            self._found.result()
        if look_at(self._row) != self._stamp:
            check_file(self._row)


def missing(row: Row) -> UploadFault:
    return UploadFault(
        Kind.MISSING,
        say("{file} is not there any more.", file=row.path.name),
        say("Put the file back into its folder, or run “station recover” if the folder was moved."),
    )


def changed(row: Row) -> UploadFault:
    return UploadFault(
        Kind.TAKE,
        say("{file} is not the file any more that was recorded.", file=row.path.name),
        say("Do not change recordings. Put the right file back, or let the pupil sing again."),
    )
