"""What the system and the TOML reader say, in sentences that can be translated."""

from __future__ import annotations

import errno
import re

from config.base.message import Message, say, shown

REASONS = {
    errno.ENOENT: say("it is not there"),
    # Windows says this of a list that is open in Excel, too.
    errno.EACCES: say("no permission, or another program has it open"),
    errno.EPERM: say("no permission"),
    errno.EISDIR: say("it is a folder"),
    errno.ENOTDIR: say("a part of its path is a file"),
    errno.EEXIST: say("a file of this name is there already"),
    errno.ENOSPC: say("the disk is full"),
    errno.EROFS: say("the drive is write-protected"),
    errno.EIO: say("the drive has an error"),
    errno.ENAMETOOLONG: say("its name is too long"),
    errno.EMFILE: say("too many files are open"),
}
TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
BACKSLASH = re.compile(r'"[^"\\]*\\')
"""In text between double quotation marks, where TOML takes it for the beginning of a special sign."""


def reason_of(error: OSError) -> Message | str:
    """Why a file or folder can't be used; in the system's own words where these are not known."""
    known = REASONS.get(error.errno) if error.errno is not None else None
    return known or error.strerror or shown(error)


def toml_fault(name: str, error: Exception, text: str = "") -> Message:
    """Where file `name` can't be read. Only the place is told: the reader's words are for programmers."""
    place = TOML_PLACE.search(str(error))
    if place is None and isinstance(error, ValueError) and "int" in str(error):
        return say("{file} has a number that is far too long.", file=name)
    lines = text.split("\n")
    if place is not None and BACKSLASH.search(lines[min(int(place[1]), len(lines)) - 1]):
        return say(
            "{file}, line {line}: a backslash has a meaning of its own between double quotation marks. Write"
            " / instead of it, or put the path between single ones: 'C:\\folder'.",
            file=name,
            line=place[1],
        )
    if place is None:
        return say("{file} ends too early: a quote or a bracket is missing.", file=name)
    line, column = place.groups()
    return say(
        "{file} has a typing error in line {line}, column {column}: check quotes, brackets and names there.",
        file=name,
        line=line,
        column=column,
    )
