"""Numbered notation (简谱) as text -> notes.

Digits 1-7 are degrees of the major scale, 0 a rest; `-` holds the note before for one beat more, `.`
after a digit half a beat more, `_` halves the note; `'` is an octave up, `,` an octave down; `|` and
white space only part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DEGREES = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the major scale above its tonic."""
_TOKEN = re.compile(r"(?P<digit>[0-7])(?P<octave>[',]*)(?P<dot>\.?)(?P<half>_*)|(?P<hold>-)|[|\s]+")


@dataclass(frozen=True)
class Note:
    """`pitch`: semitones above the tonic, None for a rest; `beats`: length."""

    pitch: int | None
    beats: float


def parse_notation(text: str) -> tuple[Note, ...]:
    """The notes of a text. Raises ValueError naming the first sign that is not understood."""
    notes: list[Note] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"{text[position]!r} at {position} is no numbered notation")
        position = match.end()
        if match["hold"] and notes:
            notes[-1] = Note(notes[-1].pitch, notes[-1].beats + 1)
        elif match["digit"]:
            notes.append(_note(match))
    return tuple(notes)


def _note(match: re.Match[str]) -> Note:
    degree = int(match["digit"])
    beats = (1.5 if match["dot"] else 1.0) / 2 ** len(match["half"])
    if degree == 0:
        return Note(None, beats)
    octaves = match["octave"].count("'") - match["octave"].count(",")
    return Note(DEGREES[degree - 1] + 12 * octaves, beats)
