"""How a status travels: as a tus creation without bytes, and what the board answers. Pure.

`Upload-Metadata: kind c3RhdHVz,station …,session …,seq …,status …`: `kind` comes first, so that a proxy
can tell it from a recording by the beginning of the header.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from config.base.message import say, shown
from config.status.grammar import MAX_JSON_BYTES, MAX_SEQ, StatusError
from config.status.record import Status, from_json

KIND = "status"
BOARD, WORD = "Station-Board", "Station-Word"
"""Headers of the board's answer."""
MAX_HEADER = 7000
MAX_WORD_HEADER = 2000
MAX_WORD_CHARS = 120
"""One line of the proctor's screen."""


@dataclass(frozen=True)
class BoardAnswer:
    """What came back."""

    board: bool = False
    """A board has read it; False where a plain server has kept it."""
    acknowledged: int = 0
    """`seq` of the status that the board has; 0 where it does not say."""
    word: str = ""
    """Words from the district for the proctor: one line, plain."""
    number: int = 0
    """Number of the words; 0 where there are none."""


def metadata_of(status: Status) -> dict[str, str]:
    """The pairs of Upload-Metadata, in their order."""
    return {
        "kind": KIND,
        "station": status.station,
        "session": status.session,
        "seq": str(status.seq),
        "status": status.to_json(),
    }


def is_status(header: str) -> bool:
    """Whether an Upload-Metadata header begins as that of a status."""
    return header.strip().split(",")[0].split() == ["kind", _encoded(KIND)]


def header_status(header: str) -> Status:
    """The status of an Upload-Metadata header. Raises StatusError."""
    if len(header) > MAX_HEADER:
        raise StatusError(say("This status is too long."))
    pairs: dict[str, str] = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        pairs[name] = value.strip()
    try:
        status = from_json(base64.b64decode(pairs.get("status", ""), validate=True))
        named = base64.b64decode(pairs.get("station", ""), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise StatusError(say("This is no status: {detail}", detail="base64")) from error
    if named != status.station:
        raise StatusError(say("This is no status: {detail}", detail="station"))
    return status


def answer_headers(acknowledged: int, word: str = "", number: int = 0) -> dict[str, str]:
    """The headers with which a board answers."""
    body: dict[str, object] = {"ack": acknowledged}
    if word:
        body |= {"id": number, "text": shown(word, MAX_WORD_CHARS)}
    return {BOARD: "1", WORD: _encoded(json.dumps(body, ensure_ascii=False, separators=(",", ":")))}


def answer_of(headers: Mapping[str, str]) -> BoardAnswer:
    """What the headers say; whatever is wrong with the words is as if there were none."""
    if headers.get(BOARD, "").strip() != "1":
        return BoardAnswer()
    text = headers.get(WORD, "")
    try:
        body = json.loads(base64.b64decode(text, validate=True)) if len(text) <= MAX_WORD_HEADER else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return BoardAnswer(board=True)
    words = shown(body["text"], MAX_WORD_CHARS) if isinstance(body.get("text"), str) else ""
    number = _whole(body.get("id"))
    return BoardAnswer(True, _whole(body.get("ack")), words if number else "", number if words else 0)


def _whole(value: object) -> int:
    return value if type(value) is int and 0 < value <= MAX_SEQ else 0


def _encoded(text: str) -> str:
    assert len(text) <= MAX_JSON_BYTES
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
