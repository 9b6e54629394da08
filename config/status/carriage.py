"""How a status travels: as a tus creation without bytes, and what the board answers. Pure.

`Upload-Metadata: kind c3RhdHVz,station …,session …,seq …,status …`: `kind` comes first, so that a proxy
can tell it from a recording by the beginning of the header.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from config.base.message import say, shown
from config.status.grammar import KIND, MAX_JSON_BYTES, MAX_SEQ, StatusError
from config.status.record import Status, from_json
from config.status.sharing import Beside

BOARD, WORD = "Station-Board", "Station-Word"
"""Headers of the board's answer."""
MAX_HEADER = 7000
MAX_WORD_HEADER = 2000
_OTHERS = TypeAdapter(Annotated[tuple[Beside, ...], Field(max_length=Beside.MOST)])
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
    beside: tuple[Beside, ...] = ()
    """What other stations with the same roster have said last."""


def metadata_of(status: Status) -> dict[str, str]:
    """The pairs of Upload-Metadata, in their order."""
    return {
        "kind": KIND,
        "station": status.station,
        "session": status.session,
        "seq": str(status.seq),
        "status": status.to_json(),
    }


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


def answer_headers(
    acknowledged: int, word: str = "", number: int = 0, beside: Sequence[Beside] = ()
) -> dict[str, str]:
    """The headers with which a board answers; of the other stations as many as there is room for."""
    body: dict[str, object] = {"ack": acknowledged}
    if word:
        body |= {"id": number, "text": shown(word, MAX_WORD_CHARS)}
    for count in range(min(len(beside), Beside.MOST), -1, -1):
        others = [found.model_dump(mode="json") for found in beside[:count]]
        text = _encoded(_dumped(body | ({"beside": others} if others else {})))
        if len(text) <= MAX_WORD_HEADER:
            break
    return {BOARD: "1", WORD: text}


def _dumped(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


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
    said = words if number else ""
    return BoardAnswer(
        True, _whole(body.get("ack")), said, number if words else 0, _beside(body.get("beside"))
    )


def _beside(value: object) -> tuple[Beside, ...]:
    """All of it, or nothing where something is wrong with it."""
    try:
        return _OTHERS.validate_python(value if value is not None else [])
    except ValidationError:
        return ()


def _whole(value: object) -> int:
    return value if type(value) is int and 0 < value <= MAX_SEQ else 0


def _encoded(text: str) -> str:
    assert len(text) <= MAX_JSON_BYTES
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
