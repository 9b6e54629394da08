"""Is the file still the recording that was entered? Asked before an upload can become complete."""

from __future__ import annotations

from config.message import say
from config.systemerror import reason_of
from uploader.errors import Fault, Kind
from uploader.row import Row
from uploader.take import digest_of
from uploader.tus.body import unreadable


def look_at(row: Row) -> int:
    """The file's mtime_ns. Raises Fault: MISSING, or TAKE where the size is another."""
    try:
        stat = row.path.stat()
    except FileNotFoundError as error:
        raise missing(row) from error
    except OSError as error:
        raise unreadable(reason_of(error)) from error
    if stat.st_size != row.size:
        raise changed(row)
    return stat.st_mtime_ns


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


def missing(row: Row) -> Fault:
    return Fault(
        Kind.MISSING,
        say("{file} is not there any more.", file=row.path.name),
        say("Put the file back into its folder, or run “station recover” if the folder was moved."),
    )


def changed(row: Row) -> Fault:
    return Fault(
        Kind.TAKE,
        say("{file} is not the file any more that was recorded.", file=row.path.name),
        say("Do not change recordings. Put the right file back, or let the pupil sing again."),
    )
