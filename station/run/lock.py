"""One station per data folder: `run`, `record` and `queue run` hold the lock while they work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.access import LockHeldError, StationLock, close_to_others, make_private
from config.base import AlreadyRunningError, DiskError, reason_of, say
from config.disk import DataDir
from station.words import talk


@contextmanager
def only_station(data: DataDir, roster: Path | None = None) -> Iterator[None]:
    """Hold the lock of the data folder and keep other accounts out of it, and out of the roster.

    Raises AlreadyRunningError, DiskError.
    """
    lock = StationLock(data.lock)
    try:
        close_to_others()
        lock.acquire()
        try:
            mended = make_private(data, roster)
        except OSError:
            lock.release()
            raise
    except LockHeldError as error:
        raise AlreadyRunningError(
            say("The station is already running on this data folder."),
            say("Go to its window, or close it there before you start it again."),
        ) from error
    except OSError as error:
        raise DiskError(
            say("The data folder can't be written: {detail}", detail=reason_of(error)),
            say("Choose another folder under [data] dir in station.toml, or free some space."),
        ) from error
    try:
        if mended:
            talk.tell(
                say(
                    "Other users of this computer could read {count} files and folders of the recordings;"
                    " from now on they can't.",
                    count=mended,
                )
            )
        yield
    finally:
        lock.release()
