"""One station per data folder: `run`, `record` and `queue run` hold the lock while they work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from config.base import AlreadyRunningError, DiskError, reason_of, say
from config.disk import DataDir


@contextmanager
def only_station(data: DataDir) -> Iterator[None]:
    """Hold the lock of the data folder. Raises AlreadyRunningError, DiskError."""
    try:
        data.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data.lock)
        lock.acquire(timeout=0)
    except Timeout as error:
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
        yield
    finally:
        lock.release()
