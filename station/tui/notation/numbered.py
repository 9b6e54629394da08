"""Numbered notation above its words, column by column: Chinese characters are two cells wide."""

from __future__ import annotations

from itertools import zip_longest

from station.words.present import cells, pad

WIDTH = 4
"""Cells per note: room for `1'.` and for a character."""


def aligned(notation: str, lyrics: str, *, spaced: bool = False) -> str:
    """Lines of notation with the line of words below each; words stand under notes, not under bars,
    holds and rests. `spaced`: an empty line between them."""
    pairs = []
    for notes, words in zip_longest(_lines(notation), _lines(lyrics), fillvalue=""):
        pair = _pair(notes.split(), words.split())
        pairs.append("\n".join(line for line in pair if line.strip()))
    return ("\n\n" if spaced else "\n").join(pairs)


def _lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line.strip()]


def _pair(notes: list[str], words: list[str]) -> tuple[str, str]:
    top, bottom, rest = "", "", list(words)
    for note in notes:
        if note == "|":
            top, bottom = top + "| ", bottom + "  "
            continue
        word = rest.pop(0) if note[0] in "1234567" and rest else ""
        width = max(WIDTH, cells(note) + 1, cells(word) + 1)
        top, bottom = top + pad(note, width), bottom + pad(word, width)
    return top.rstrip(), (bottom + " ".join(rest)).rstrip()
