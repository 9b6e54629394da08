"""Staff notation (五线谱) in characters of one cell, a row for each line and each space.

Heads: `@` is black (quarter and shorter), `O` is open (half; without a stem: whole). A flag `)` at the end of
the stem is an eighth, two are a sixteenth; `.` lengthens by half. Rests stand on the middle line: `z` a
quarter, `7` an eighth, `=` longer ones. Before a head: `#`, `b`, or `n` for natural.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.kit import DEGREES, LETTERS, Sign, Tonality
from station.words.present import cells, pad

LINES = (30, 32, 34, 36, 38)
"""E4, G4, B4, D5, F5: steps of the white keys, C0 being 0."""
BOTTOM, MIDDLE, TOP = LINES[0], LINES[2], LINES[-1]
STEM = 3
"""Rows."""
NARROWEST = 4
"""Cells of a note: accidental, head, stem or dot, and a gap."""
SHARPS, FLATS = "FCGDAEB", "BEADGCF"
"""The order in which key signatures add them."""
SHARP_STEPS, FLAT_STEPS = (38, 35, 39, 36, 33, 37, 34), (34, 37, 33, 36, 32, 35, 31)
"""Where they stand."""


def key_signature(key: Tonality) -> dict[str, int]:
    """Letter -> +1 or -1 in the major scale on this tonic; naturals left out."""
    start = LETTERS.index(key.letter)
    found = {}
    for degree, semitones in enumerate(DEGREES):
        letter = LETTERS[(start + degree) % 7]
        natural = DEGREES[(start + degree) % 7] + 12 * ((start + degree) // 7)
        alteration = key.midi % 12 + semitones - natural
        alteration = (alteration + 6) % 12 - 6
        if alteration:
            found[letter] = alteration
    return found


def step_of(sign: Sign, key: Tonality) -> int:
    """The line or space of a note, in white keys above C0."""
    return 7 * key.octave + LETTERS.index(key.letter) + sign.degree - 1 + 7 * sign.octave


class _System:
    """A grid of cells: one row for each step from `top` down to `bottom`."""

    def __init__(self, top: int, bottom: int, width: int) -> None:
        self.top = top
        self.rows = {step: [self._empty(step)] * width for step in range(bottom, top + 1)}

    @staticmethod
    def _empty(step: int) -> str:
        return "-" if step in LINES else " "

    def put(self, step: int, column: int, text: str) -> None:
        row = self.rows.get(step)
        if row is not None:
            row[column : column + len(text)] = list(text)

    def text(self) -> list[str]:
        return ["".join(self.rows[step]).rstrip() for step in sorted(self.rows, reverse=True)]


def accidental_of(sign: Sign, key: Tonality) -> str:
    """What stands before the head: nothing where the key signature says it already."""
    if not sign.alteration:
        return ""
    letter = LETTERS[step_of(sign, key) % 7]
    raised = {"#": 1, "b": -1, "n": 0}[sign.alteration]
    now = key_signature(key).get(letter, 0) + raised
    return {1: "#", -1: "b", 0: "n", 2: "x", -2: "d"}[now]


def range_of(lines: Sequence[Sequence[Sign]], key: Tonality) -> tuple[int, int]:
    """Highest and lowest row that all lines of a song need, so that its pages have the same height."""
    steps = [step_of(sign, key) for line in lines for sign in line if sign.kind == "note"]
    return max([TOP, *steps]), min([BOTTOM, *steps])


def drawn(
    line: Sequence[Sign], words: Sequence[str], key: Tonality, time: str, rows: tuple[int, int]
) -> list[str]:
    """One system: a row for each step from rows[0] down to rows[1], and a row of words below."""
    signature = key_signature(key)
    head = 3 + len(signature) + (3 if time else 0)
    places, at, left = [], head, list(words)
    below = ""
    for index, sign in enumerate(line):
        word = left.pop(0) if sign.kind == "note" and left else ""
        width = 2 if sign.kind == "bar" else max(NARROWEST, cells(word) + 2)
        held = len(_holds(line[index + 1 :])) if sign.kind in ("note", "rest") else 0
        places.append((sign, at, held))
        below = pad(below, at + 1) + word if word else below
        at += width
    system = _System(rows[0], rows[1], at + 1)
    _clef(system, signature, time)
    for sign, column, held in places:
        _draw(system, sign, column, held, key)
    more = " " + " ".join(left) if left else ""
    return [*system.text(), (below + more).rstrip()]


def _holds(signs: Sequence[Sign]) -> list[Sign]:
    """The holds right behind a note."""
    found = []
    for sign in signs:
        if sign.kind != "hold":
            break
        found.append(sign)
    return found


def _clef(system: _System, signature: dict[str, int], time: str) -> None:
    """G on its line, sharps or flats, and the time above and below the middle."""
    system.put(32, 1, "G")
    sharp = 1 in signature.values()
    steps = SHARP_STEPS if sharp else FLAT_STEPS
    for number, step in enumerate(steps[: len(signature)]):
        system.put(step, 3 + number, "#" if sharp else "b")
    if time:
        above, _, under = time.partition("/")
        system.put(36, 3 + len(signature), above)
        system.put(32, 3 + len(signature), under)


def _draw(system: _System, sign: Sign, column: int, held: int, key: Tonality) -> None:
    if sign.kind == "bar":
        for step in range(BOTTOM, TOP + 1):
            system.put(step, column, sign.text[0])
    elif sign.kind == "rest":
        beats = sign.beats + held
        system.put(MIDDLE, column + 1, "=" if beats >= 2 else "z" if beats >= 1 else "7")
    elif sign.kind == "note":
        _note(system, sign, column, held, key)


def _note(system: _System, sign: Sign, column: int, held: int, key: Tonality) -> None:
    step, beats = step_of(sign, key), sign.beats + held
    for ledger in (*range(BOTTOM - 2, step - 1, -2), *range(TOP + 2, step + 1, 2)):
        system.put(ledger, column, "---")
    system.put(step, column, accidental_of(sign, key))
    system.put(step, column + 1, "O" if beats >= 2 else "@")
    if beats in (0.75, 1.5, 3.0, 6.0):
        system.put(step, column + 2, ".")
    if beats >= 4:
        return
    # Up from below the middle line, down from it and above; the stem is beside the head.
    up = step < MIDDLE
    side = column + 2 if up else column
    flags = ")" * (2 if beats < 0.5 else 1 if beats < 1 else 0)
    for away in range(1, STEM + 1):
        system.put(step + away if up else step - away, side, "|")
    if flags:
        system.put(step + STEM if up else step - STEM, side, ("|" + flags)[: NARROWEST - (2 if up else 0)])
