"""Is the file still the recording that was entered? Asked before anything is sent or resumed."""

from __future__ import annotations

from config.message import say
from uploader.errors import Fault, Kind
from uploader.row import Row
from uploader.take import digest_of
from uploader.tus.body import unreadable


def check_file(row: Row, *, thoroughly: bool) -> int:
    """The file's mtime_ns. `thoroughly` reads every byte, else only when size or time differ.

    Raises Fault: MISSING, or TAKE where the bytes are others.
    """
    try:
        stat = row.path.stat()
        unchanged = stat.st_size == row.size and stat.st_mtime_ns == row.mtime_ns
        if (thoroughly or not unchanged) and (stat.st_size != row.size or digest_of(row.path) != row.sha256):
            raise Fault(
                Kind.TAKE,
                say("{file} is not the file any more that was recorded.", file=row.path.name),
                say("Do not change recordings. Put the right file back, or let the pupil sing again."),
            )
    except FileNotFoundError as error:
        raise Fault(
            Kind.MISSING,
            say("{file} is not there any more.", file=row.path.name),
            say("Put the file back into its folder, or run “station recover” if the folder was moved."),
        ) from error
    except OSError as error:
        raise unreadable(error.strerror or "?") from error
    return stat.st_mtime_ns
