"""Numbered notation (简谱) as text: one source for what pupils read, as numbers or on a staff, for the start
tone, and for the melody that a take is compared with.

The grammar stands in docs/kit.md. A line of text is a line of the song.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from config.base.message import Message, say

DEGREES = (0, 2, 4, 5, 7, 9, 11)
"""Semitones of the major scale above its tonic."""
LETTERS = "CDEFGAB"
ALTERATIONS = {"": 0, "#": 1, "b": -1, "n": 0}
_KEY = re.compile(r"(?:1=)?(?P<before>[#b]?)(?P<letter>[A-G])(?P<after>[#b]?)(?P<octave>[2-6]?)")
_TIME = re.compile(r"([1-9]|1[0-6])/(2|4|8|16)")
_TOKEN = re.compile(
    r"(?P<sign>[#bn]?)(?P<digit>[0-7])(?P<octave>'{1,3}|,{0,3})(?P<dot>\.?)(?P<half>_{0,4})"
    r"|(?P<hold>-)|(?P<bar>\|\|?)|(?P<slur>[()])|\s+"
)


class NotationError(ValueError):
    """A sign that is not understood; `line` and `column` count from 1."""

    def __init__(self, line: int, column: int, sign: str) -> None:
        super().__init__(f"line {line}, column {column}: {sign!r} is no numbered notation")
        self.line, self.column, self.sign = line, column, sign


@dataclass(frozen=True)
class Note:
    """`pitch`: semitones above the tonic, None for a rest; `beats`: length."""

    pitch: int | None
    beats: float


@dataclass(frozen=True)
class Sign:
    """One sign of a line as it is written."""

    kind: Literal["note", "rest", "hold", "bar"]
    text: str
    column: int
    """From 1."""
    degree: int = 0
    """1-7; 0 for what is no note."""
    octave: int = 0
    alteration: str = ""
    """`#`, `b` or `n` before the digit."""
    beats: float = 0.0

    @property
    def pitch(self) -> int | None:
        """Semitones above the tonic; None for a rest."""
        if self.kind != "note":
            return None
        return DEGREES[self.degree - 1] + ALTERATIONS[self.alteration] + 12 * self.octave


@dataclass(frozen=True)
class Tonality:
    """Where 1 is: letter, alteration and octave in scientific pitch notation (C4 is middle C)."""

    letter: str = "C"
    alteration: int = 0
    octave: int = 4

    @property
    def midi(self) -> int:
        """Of its tonic; 60 is C4."""
        return 12 * (self.octave + 1) + DEGREES[LETTERS.index(self.letter)] + self.alteration

    @property
    def name(self) -> str:
        """As in a song book: `1=bB`."""
        return "1=" + {1: "#", 0: "", -1: "b"}[self.alteration] + self.letter


def parse_key(text: str) -> Tonality:
    """`C`, `1=G`, `bB`, `F#`, `A3`. Without an octave C to G begin at middle C, A and B below it.

    Raises ValueError.
    """
    found = _KEY.fullmatch(text.strip())
    if found is None or (found["before"] and found["after"]):
        raise ValueError(f"{text!r} is no key")
    alteration = ALTERATIONS[found["before"] or found["after"]]
    octave = int(found["octave"]) if found["octave"] else (3 if found["letter"] in "AB" else 4)
    return Tonality(found["letter"], alteration, octave)


def beats_of(time: str) -> float:
    """Beats of a bar, a beat being a quarter: 4 for `4/4`, 3 for `6/8`. Raises ValueError."""
    found = _TIME.fullmatch(time.strip())
    if found is None:
        raise ValueError(f"{time!r} is no time signature")
    return int(found[1]) * 4 / int(found[2])


def parse_lines(text: str) -> tuple[tuple[Sign, ...], ...]:
    """Every sign of every line, empty lines left out. Raises NotationError for the first unknown one."""
    lines = enumerate(text.splitlines(), start=1)
    return tuple(_line(number, line) for number, line in lines if line.strip())


def _line(number: int, line: str) -> tuple[Sign, ...]:
    signs: list[Sign] = []
    position = 0
    while position < len(line):
        match = _TOKEN.match(line, position)
        if match is None:
            raise NotationError(number, position + 1, line[position])
        if match["digit"]:
            signs.append(_note(match, position + 1))
        elif match["hold"]:
            signs.append(Sign("hold", "-", position + 1, beats=1.0))
        elif match["bar"]:
            signs.append(Sign("bar", match["bar"], position + 1))
        position = match.end()
    return tuple(signs)


def _note(match: re.Match[str], column: int) -> Sign:
    degree = int(match["digit"])
    beats = (1.5 if match["dot"] else 1.0) / 2 ** len(match["half"])
    octave = match["octave"].count("'") - match["octave"].count(",")
    kind: Literal["note", "rest"] = "note" if degree else "rest"
    return Sign(kind, match[0], column, degree, octave, match["sign"], beats)


def parse_notation(text: str) -> tuple[Note, ...]:
    """The notes of a text, holds added to the note before. Raises NotationError."""
    notes: list[Note] = []
    for line in parse_lines(text):
        for sign in line:
            if sign.kind == "hold" and notes:
                notes[-1] = replace(notes[-1], beats=notes[-1].beats + sign.beats)
            elif sign.kind in ("note", "rest"):
                notes.append(Note(sign.pitch, sign.beats))
    return tuple(notes)


def wrong_bars(text: str, time: str) -> list[tuple[int, int, Message]]:
    """Line, column and what is wrong of bars that are not full, or too full; the first and the last may be
    short (an upbeat). Raises ValueError."""
    wanted = beats_of(time)
    bars: list[tuple[int, int, float]] = []
    begun: tuple[int, int, float] | None = None
    numbers = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for number, line in zip(numbers, parse_lines(text), strict=True):
        for sign in line:
            if sign.kind == "bar":
                bars += [begun] if begun is not None else []
                begun = None
            else:
                at = begun or (number, sign.column, 0.0)
                begun = (at[0], at[1], at[2] + sign.beats)
    bars += [begun] if begun is not None else []
    ends = (0, len(bars) - 1)
    return [
        (line, column, _wrong(beats, wanted))
        for index, (line, column, beats) in enumerate(bars)
        if beats > wanted or (beats < wanted and index not in ends)
    ]


def _wrong(beats: float, wanted: float) -> Message:
    return say("the bar has {beats} beats instead of {wanted}.", beats=f"{beats:g}", wanted=f"{wanted:g}")
