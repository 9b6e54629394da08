"""Sentences for people, made anywhere and translated at the edge.

1. Every sentence that a person may read is a `Message`: an English template, which is the
   gettext id, and its values. `str()` gives the English; `station.words.i18n.render` the chosen language.
2. `say()` is also the mark that the extraction of translations looks for: call it with a literal.
3. No pupil's name, no token and no full path of a home folder belongs into a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Sentence = TypeVar("Sentence")


@dataclass(frozen=True)
class Message:
    """One sentence: an English template and the values of its {fields}."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.params)

    @staticmethod
    def labelled(label: Message | str, value: object) -> Message:
        """A label and what stands behind it, with the colon of the language."""
        return say("{label}: {value}", label=label, value=value)


def say(template: str, **params: object) -> Message:
    """Make a message from a literal English template with {fields}."""
    return Message(template, params)


def by_count(count: int, one: Sentence, many: Sentence) -> Sentence:
    """The sentence of one thing or that of several; both are written out, so that both are translated."""
    return one if count == 1 else many


def shown(value: object, limit: int = 60) -> str:
    """Text from a file or another program, fit to be shown: one line, no control characters, not long."""
    text = " ".join("".join(char if char.isprintable() else " " for char in str(value)).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
