"""A status as one line of text, for a chat or a text message where a school has no network.

`S1 station=310105-017-A seq=7 … missing=0112/song2/1/network check=K7QX2M`: words of ASCII letters between
spaces; a value in a group has a dot in its name, values of one entry are joined by `/`, entries by `,`. The
check word is made of all words before it, so that a letter lost on the way is noticed. The name of the
school stays out: the board knows it by the station.
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config.base.message import say
from config.status.grammar import HEAD, MAX_JSON_BYTES, StatusError
from config.status.record import Incident, MissingTake, Status, WaitReason, from_json

CHECK_LETTERS = 6
"""30 bits: of a thousand million changed lines one passes."""
GROUPS = ("selftest", "pupils", "takes", "ahead")
LISTS: Mapping[str, Sequence[str]] = {
    name: tuple(kind.model_fields)
    for name, kind in (("why", WaitReason), ("missing", MissingTake), ("incidents", Incident))
}
UNSAID = ("v", "school", "kit")
"""The head word is the version; the others have letters of any kind."""


def as_text(status: Status) -> str:
    """The line."""
    body = json.loads(status.to_json())
    words = [HEAD, *(f"{name}={value}" for name, value in _flat(body) if value)]
    return " ".join([*words, f"check={check_word(words)}"])


def _flat(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        if name in LISTS:
            rows = ("/".join(_word(row.get(key, 0)) for key in LISTS[name]) for row in value)
            yield name, ",".join(rows)
        elif name in GROUPS:
            yield from ((f"{name}.{key}", _word(inner)) for key, inner in value.items())
        elif name not in UNSAID:
            yield name, _word(value)


def _word(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(int(value)) if isinstance(value, bool) else str(value)


def check_word(words: Sequence[str]) -> str:
    """Letters and digits that nobody takes for one another."""
    digest = hashlib.sha256(" ".join(words).encode("utf-8")).digest()
    return base64.b32encode(digest).decode("ascii")[:CHECK_LETTERS]


def from_text(text: str) -> Status:
    """A status from a pasted line, in whatever a chat has put around it. Raises StatusError."""
    if len(text) > 2 * MAX_JSON_BYTES:
        raise StatusError(say("This status is too long."))
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    words = unicodedata.normalize("NFKC", seen).split()
    if HEAD not in words:
        raise StatusError(say("This is no line of “station status --text”."))
    words = words[words.index(HEAD) :]
    end = next((place for place, word in enumerate(words) if word.startswith("check=")), None)
    if end is None:
        raise StatusError(say("The end of the line is missing: its last word begins with “check=”."))
    if words[end] != f"check={check_word(words[:end])}":
        raise StatusError(say("The line was changed on its way: its check word does not fit. Copy it again."))
    return from_json(json.dumps(_nested(words[1:end])))


def _nested(words: Sequence[str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        group, dot, key = name.partition(".")
        if name in LISTS:
            rows = (dict(zip(LISTS[name], row.split("/"), strict=False)) for row in value.split(","))
            body[name] = list(rows)
        elif dot:
            body.setdefault(group, {})[key] = value.split(",") if key == "failed" else value
        else:
            body[name] = value
    return body
