"""Commands and events as JSON lines.

1. One line each, ASCII only, with the protocol version; a line of another version is refused.
2. Fields that this side does not know are ignored, so that a newer side may add some.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, get_args

from audio.protocol import messages
from config.base import record
from config.takes import Assignment, DeviceName, Loss

VERSION = 1
_ENCODER = json.JSONEncoder(default=vars)
"""What is nested are dataclasses, too."""
_KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (*get_args(messages.Command), *get_args(messages.Event))
}
_NESTED: dict[str, type] = {"input": DeviceName, "output": DeviceName, "facts": Assignment, "loss": Loss}


def encode(message: messages.Command | messages.Event) -> str:
    """One line, without the line end."""
    return _ENCODER.encode({"v": VERSION, "kind": type(message).__name__, **vars(message)})


def decode(line: str) -> Any:
    """The command or event of one line. Raises ValueError for anything else."""
    body = json.loads(line)
    if not isinstance(body, dict) or body.pop("v", None) != VERSION:
        raise ValueError(f"not a line of protocol {VERSION}: {line[:80]!r}")
    kind = _KINDS.get(str(body.pop("kind", "")))
    if kind is None:
        raise ValueError(f"unknown kind: {line[:80]!r}")
    try:
        return _build(kind, {name: _value(name, value) for name, value in body.items()})
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"incomplete: {line[:80]!r}") from error


def _build(kind: type[Any], values: dict[str, Any]) -> Any:
    """A dataclass from the values that it knows. Raises TypeError where one is missing."""
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in known})


def _value(name: str, value: Any) -> Any:
    if name == "devices":
        return tuple(_build(messages.DeviceInfo, device) for device in value)
    nested = _NESTED.get(name)
    return record(nested, value) if nested is not None and isinstance(value, dict) else value
