"""Text that is drawn where it says something else than before, and only there."""

from __future__ import annotations

import unicodedata

from textual.visual import VisualType

from station.tui.widgets.wrapped import Sentences

EVEN = str.maketrans(
    {
        "\u00b7": "\uff65",  # the point in 阿里木·买买提: its half-width twin is one cell everywhere
        "\u2022": "\uff65",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2015": "-",
        "\u00d7": "x",
        "\u2606": "*",
        "\u2605": "*",
        "\u203b": "*",
    }
)
KEPT = "\u2026"


def even(text: str) -> str:
    """`text` without signs that are one cell wide in some terminals and two in others (UAX #11, class A).

    Letters stay as they are: a name in Cyrillic letters is worth more than a column.
    """
    return "".join(map(_even, text.translate(EVEN)))


def _even(char: str) -> str:
    if unicodedata.east_asian_width(char) != "A" or char == KEPT or unicodedata.category(char)[0] in "LM":
        return char
    plain = unicodedata.normalize("NFKD", char)
    return plain if len(plain) == 1 and plain.isascii() else "?"


class Words(Sentences):
    """Static draws at every update(), and screens tell their texts what they say twelve times a second."""

    def __init__(self, name: str) -> None:
        """`name`: by which the style sheet and the screen know it."""
        super().__init__(name=name)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        if isinstance(content, str):
            content = even(content)
        if content != self.content:
            super().update(content, layout=layout)
