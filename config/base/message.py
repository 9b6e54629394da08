"""Sentences for people, made anywhere and translated at the edge.

1. Every sentence that a person may read is a `Message`: an English template, which is the
   gettext id, and its values. `str()` gives the English; `station.words.i18n.render` the chosen language.
2. `say()` is also the mark that the extraction of translations looks for: call it with a literal.
3. English has other words for one than for several: `{count} {count|pupil is|pupils are} to do`. Other
   languages write what they need.
4. No pupil's name, no token and no full path of a home folder belongs into a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter


class _Counting(Formatter):
    """Formats `{count|one word|other words}`: the first where the value is 1."""

    def get_value(self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        name, *words = str(key).split("|")
        if len(words) != 2:
            return super().get_value(key, args, kwargs)
        return words[str(kwargs[name]) != "1"]


_COUNTING = _Counting()


class Counted(str):
    """A text whose format() knows the words for one and for several."""

    __slots__ = ()

    def format(self, *args: object, **kwargs: object) -> str:
        return _COUNTING.vformat(self, args, kwargs)


@dataclass(frozen=True)
class Message:
    """One sentence: an English template and the values of its {fields}."""

    template: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.counted(self.template).format(**self.params)

    @staticmethod
    def counted(text: str) -> str:
        """`text`, whose format() also fills in `{count|one|several}`."""
        return Counted(text) if "|" in text else text

    @staticmethod
    def labelled(label: Message | str, value: object) -> Message:
        """A label and what stands behind it, with the colon of the language."""
        return say("{label}: {value}", label=label, value=value)

    @staticmethod
    def sentences(values: Iterable[Message | str]) -> Message:
        """One behind the other, with the blank between them that the language wants."""
        whole, *more = [*values] or [""]
        for one in more:
            whole = say("{what} {todo}", what=whole, todo=one)
        return whole if isinstance(whole, Message) else Message("{text}", {"text": whole})

    @staticmethod
    def listed(values: Iterable[Message | str], most: int | None = None) -> Message:
        """Names or words in a row, with the comma of the language; "…" where there are more than `most`."""
        named = list(values)
        found, *more = named[:most] or [""]
        whole = found if isinstance(found, Message) else Message("{name}", {"name": found})
        for one in more:
            whole = say("{list}, {more}", list=whole, more=one)
        return say("{list}…", list=whole) if most is not None and len(named) > most else whole


def say(template: str, **params: object) -> Message:
    """Make a message from a literal English template with {fields}."""
    return Message(template, params)


def shown(value: object, limit: int = 60) -> str:
    """Text from a file or another program, fit to be shown: one line, no control characters, not long."""
    text = " ".join("".join(char if char.isprintable() else " " for char in str(value)).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
