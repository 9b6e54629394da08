"""One thing that is wrong (or was put right) in a file that a person wrote."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from config.base.errors import ConfigError
from config.base.message import Message, say, shown

Severity = Literal["error", "warning", "repaired"]

EXAMPLE_TIME = "2026-11-25T13:30:00"
BOUNDS = {
    "ge": say("“{key}” must be at least {limit}."),
    "gt": say("“{key}” must be more than {limit}."),
    "le": say("“{key}” must be at most {limit}."),
    "lt": say("“{key}” must be less than {limit}."),
}
OWN_KINDS = {
    "bandwidth": say(
        "“{key}” can't be understood. Write “500k”, “2M”, “off”, or times with rates: “13:30,200k 16:30,off”."
    ),
    "folder_name": say("“{key}” is not a name that a folder of Windows can have."),
    "origin": say("“{key}” must be the beginning of an address, like “https://store.example.org”."),
    "far_away": say("“{key}” must be a day between 2000 and 2099."),
    "opens_late": say("“{key}.opens” must not be later than “{key}.starts” and “{key}.ends”."),
    "ends_first": say("“{key}.ends” must be later than “{key}.starts”."),
    "release": say("“{key}” must be the 64 digits of a SHA-256, as “station doctor” prints them."),
    "variable": say(
        "“{key}” must be the name of an environment variable, such as STATION_TOKEN; never the token itself."
    ),
    "receipt_url": say(
        "“{key}” must contain “{{upload_id}}”: it stands for the upload's id, as in "
        "https://server/receipts/{{upload_id}}.json"
    ),
}
"""What the validators of our own find (config.settings)."""


@dataclass(frozen=True)
class Problem:
    """Where, what, and what to do; `line` and `column` count from 1."""

    severity: Severity
    file: str
    message: Message
    line: int | None = None
    column: int | None = None

    @property
    def place(self) -> str:
        """`file`, `file:line` or `file:line:column`."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def sentence(self) -> Message:
        return say("{place}: {message}", place=self.place, message=self.message)

    def as_json(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": str(self.message),
        }


def raise_first(problems: Iterable[Problem]) -> None:
    """Raise ConfigError for the first error; warnings and repairs pass."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise ConfigError(errors[0].sentence(), more_than(errors))


def more_than(problems: Sequence[Problem]) -> Message | None:
    """A sentence about all problems but the first; None where there is one only."""
    count = len(problems) - 1
    if count == 1:
        return say("There is one more problem in this file.")
    return say("There are {count} more problems in this file.", count=count) if count else None


def of_validation(error: ValidationError, file: str, known: Iterable[str]) -> list[Problem]:
    """One problem per finding of pydantic; `known` are the dotted keys that exist."""
    # A misspelt key makes two findings: the unknown one comes first, it names the cure.
    found = sorted(error.errors(include_input=False), key=lambda one: one["type"] != "extra_forbidden")
    return [Problem("error", file, _sentence(dict(one), list(known))) for one in found]


def _sentence(found: dict[str, Any], known: list[str]) -> Message:
    key = ".".join(shown(part) for part in found["loc"])
    kind, context = found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(_shape(key), known, n=1, cutoff=0.5)
        if near:
            return say("unknown key “{key}”; did you mean “{near}”?", key=key, near=near[0])
        return say("unknown key “{key}”.", key=key)
    if kind == "missing":
        return say("“{key}” is missing.", key=key)
    if kind == "literal_error":
        return say(
            "“{key}” must be one of: {allowed}.", key=key, allowed=context["expected"].replace(" or ", ", ")
        )
    if kind == "string_pattern_mismatch":
        return say(
            "“{key}” may only have letters a-z, digits, dot and dash, and must not be too long.", key=key
        )
    if kind.startswith(("int_", "float_")):
        return say("“{key}” must be a number.", key=key)
    if kind in ("string_type", "path_type"):
        return say("“{key}” must be text in quotation marks.", key=key)
    if kind == "string_too_long":
        return say("“{key}” is too long: at most {limit} letters.", key=key, limit=context["max_length"])
    if kind == "too_long":
        return say("“{key}” has too many entries: at most {limit}.", key=key, limit=context["max_length"])
    if kind == "finite_number":
        return say("“{key}” must be a number.", key=key)
    if kind.startswith("datetime_"):
        return say("“{key}” must be a date and time, such as {example}.", key=key, example=EXAMPLE_TIME)
    if kind in ("model_type", "dict_type"):
        return say("“{key}” must be a section of its own: [{key}].", key=key)
    if kind in OWN_KINDS:
        return Message(OWN_KINDS[kind].template, {"key": key})
    for bound, sentence in BOUNDS.items():
        if bound in context:
            return Message(sentence.template, {"key": key, "limit": context[bound]})
    return say("“{key}” is not right: {detail}", key=key, detail=shown(found["msg"]))


def _shape(key: str) -> str:
    """The key without list indices, as in the list of known keys."""
    return ".".join(part for part in key.split(".") if not part.isdigit())
