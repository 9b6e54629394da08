"""Patterns and bounds of a status, alike for who writes one and for who reads it."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from config.base.errors import StationError
from config.roster import MARK_DIGITS, MAX_DIGITS

HEAD = "S1"
"""First word of the line for a chat."""
KIND = "status"
"""What a tus creation says that brings no recording."""
VERSION = 1
"""Fields are only ever added; who reads ignores those that it does not know."""
MAX_JSON_BYTES = 4000
"""As base64 5.4 kB: the whole request stays below the 8 kB that common proxies take for a header."""
MAX_MISSING = 24
MAX_KINDS = 20
"""Different reasons, failed checks or sorts of incidents that are named."""
MAX_COUNT = 99_999
MAX_SEQ = 2**53 - 1
"""The largest whole number that every reader of JSON keeps."""
MAX_BYTES = 10**15

Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,31}$")]
"""A word of the program for a reason; people read its sentence."""
Ident = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""A station, session, pupil or item; ASCII, so that it is the same in every font and every log."""
Release = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]{0,39}$")]
SealCode = Annotated[str, Field(pattern=r"^([0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4})?$")]
"""Five groups of four of Crockford's letters."""
RosterMark = Annotated[str, Field(pattern=rf"^([0-9a-f]{{{MARK_DIGITS}}})?$")]
SungBits = Annotated[str, Field(pattern=r"^[0-9a-f]*$", max_length=MAX_DIGITS)]
Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


def ident(text: str) -> str:
    """Letters, digits, dot, dash and underscore; everything else becomes a dash."""
    found = re.sub(r"[^A-Za-z0-9._-]", "-", text)[:64]
    return found if re.match(r"[A-Za-z0-9]", found) else f"x{found}"[:64]


class StatusError(StationError):
    """What came is no status: who sent it must not be believed, or the text was changed on its way."""


class Stage(StrEnum):
    """How far a session is."""

    INSTALLED = "installed"
    """The program runs, nobody has sung."""
    RUNNING = "running"
    FINISHED = "finished"
    """Nobody is left to sing."""
    CLOSED = "closed"
    """The program was closed: no word is to be expected."""


def _moment(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not text.isascii() or not 2000 <= found.year <= 2099:
        raise PydanticCustomError("moment", "no time with its distance from UTC")
    return text


def _plain(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise PydanticCustomError("plain", "not one line of plain text")
    return text


Moment = Annotated[str, Field(max_length=32), AfterValidator(_moment)]
"""ISO 8601 with the distance from UTC."""
Plain = Annotated[str, Field(max_length=60), AfterValidator(_plain)]
