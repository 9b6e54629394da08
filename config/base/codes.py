"""What is stored of a sentence: its code, and its values. The words are chosen when it is shown.

codes.json has a code for every say() whose sentence may get into the database. Its first wording gave the
code its name; a sentence that is reworded keeps its code, and what was stored under it is shown in the new
words, in every language. `make messages` adds the codes of new sentences.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from config.base.message import Message

TABLE = Path(__file__).with_name("codes.json")
"""Code -> its sentence, or a list: the sentence and the wordings that it had before."""


def stored(message: Message) -> dict[str, object]:
    """A message as JSON types, to be read by shown_again(); what has no code keeps its words."""
    code = _codes().get(message.template)
    params = {
        name: stored(value) if isinstance(value, Message) else value for name, value in message.params.items()
    }
    named = {"template": message.template} if code is None else {"code": code}
    return {**named, "params": params}


def shown_again(body: object) -> Message | None:
    """The message of what stored() gave, also in versions that stored words; None for anything else.

    A code that this program does not know is shown as it is, with its values.
    """
    if not isinstance(body, Mapping) or not isinstance(body.get("params", {}), Mapping):
        return None
    params = {str(name): _value(value) for name, value in body.get("params", {}).items()}
    words = body.get("template")
    code = body.get("code", _codes().get(words) if isinstance(words, str) else None)
    for template in (_sentences().get(str(code)), words):
        if isinstance(template, str) and _fits(template, params):
            return Message(template, params)
    if code is None and words is None:
        return None
    return Message("{what} {values}", {"what": code or words, "values": ", ".join(map(str, params.values()))})


def _value(value: object) -> object:
    return value if (message := shown_again(value)) is None else message


def _fits(template: str, params: Mapping[str, object]) -> bool:
    """Whether the sentence can be made of these values."""
    try:
        fields = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    except ValueError:
        return False
    return all(_is_filled(field, params) for field in fields)


def _is_filled(field: str, params: Mapping[str, object]) -> bool:
    """A value by its name alone, or words for one and for several of it."""
    name, *words = field.split("|")
    return name in params and (not words or (len(words) == 2 and not set(field) & set(".[]")))


def wordings() -> dict[str, list[str]]:
    """Code -> the sentence of today, then those of before."""
    found = json.loads(TABLE.read_text(encoding="utf-8"))
    return {code: [said] if isinstance(said, str) else said for code, said in found.items()}


@cache
def _sentences() -> dict[str, str]:
    return {code: said[0] for code, said in wordings().items()}


@cache
def _codes() -> dict[str, str]:
    return {template: code for code, said in wordings().items() for template in said}
