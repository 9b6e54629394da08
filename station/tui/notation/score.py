"""A song cut into pages for the room that there is, and which page is read at a moment.

A page holds whole lines. Where several fit, the last line of a page is the first of the next one, and the
page turns in its middle: who sings a little faster or slower still sees the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from config.kit import Item, NotationError, Sign, Tonality, parse_key, parse_lines
from station.tui.notation.numbered import aligned
from station.tui.notation.staff import drawn, range_of

TEMPO = 80.0
"""Quarter notes a minute where the kit does not say: a school song, andante."""
OVERLAP = 2
"""From so many lines on a page, pages overlap by a line."""


@dataclass(frozen=True)
class Page:
    text: str
    begins: float
    """The part of the song, 0-1, after which this page is shown."""


@dataclass(frozen=True)
class _Block:
    """One line of a song."""

    text: str
    beats: float

    @property
    def rows(self) -> int:
        return self.text.count("\n") + 1


def pages_of(item: Item, rows: int, width: int, *, roomy: int = 0) -> tuple[Page, ...]:
    """At least one page, each of at most `rows` rows where a line has so few.

    `roomy`: rows up to which there may be empty ones between the lines. A staff that needs more rows or cells
    than there are is shown in numbers.
    """
    blocks = _staff(item, width) if item.show == "staff" else []
    if not blocks or blocks[0].rows > rows or any(_wide(block) > width for block in blocks):
        blocks = _numbers(item)
    spaced = "\n\n".join(block.text for block in blocks)
    if spaced.count("\n") + 1 <= roomy:
        return (Page(spaced, 0.0),)
    return _paged(blocks, rows)


def _wide(block: _Block) -> int:
    return max(map(len, block.text.split("\n")[:-1]), default=0)


def _paged(blocks: Sequence[_Block], rows: int) -> tuple[Page, ...]:
    tall = max((block.rows for block in blocks), default=1)
    count = max(1, rows // tall) if sum(block.rows for block in blocks) > rows else len(blocks)
    count = max(1, count)
    step = count - 1 if count >= OVERLAP and count < len(blocks) else count
    total = sum(block.beats for block in blocks) or 1.0
    found: list[Page] = []
    first = 0
    while not found or first + count - step < len(blocks):
        text = "\n".join(block.text for block in blocks[first : first + count])
        before = sum(block.beats for block in blocks[:first])
        middle = blocks[first].beats / 2 if found and step < count else 0.0
        found.append(
            Page(_filled(text, count * tall) if len(blocks) > count else text, (before + middle) / total)
        )
        first += step
    return tuple(found)


def _filled(text: str, rows: int) -> str:
    """Every page has the same height, so that nothing else on the screen moves."""
    return text + "\n" * (rows - text.count("\n") - 1)


def _numbers(item: Item) -> list[_Block]:
    notes, words = _lines(item.notation), _lines(item.lyrics)
    beats = _beats(item.notation)
    pairs = zip_longest(notes, words, fillvalue="")
    return [
        _Block(aligned(line, below), beats[index] if index < len(beats) else 1.0)
        for index, (line, below) in enumerate(pairs)
    ]


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _beats(notation: str) -> list[float]:
    """Of each line; none where the notation can't be read."""
    try:
        return [sum(sign.beats for sign in line) for line in parse_lines(notation)]
    except NotationError:
        return []


def _staff(item: Item, width: int) -> list[_Block]:
    try:
        lines, key = parse_lines(item.notation), parse_key(item.key or "C")
    except ValueError:
        return []
    rows = range_of(lines, key)
    blocks = []
    for line, words in zip_longest(lines, _lines(item.lyrics), fillvalue=None):
        left = (words or "").split()
        for part in _systems(line or (), width, left, key, item.time, rows):
            sung = sum(sign.kind == "note" for sign in part)
            text = drawn(part, left[:sung], key, item.time, rows)
            blocks.append(_Block("\n".join(text), sum(sign.beats for sign in part)))
            left = left[sung:]
    return blocks


def _systems(
    line: Sequence[Sign], width: int, words: Sequence[str], key: Tonality, time: str, rows: tuple[int, int]
) -> list[Sequence[Sign]]:
    """A line in parts that end with a bar and are no wider than the screen."""
    bars: list[list[Sign]] = [[]]
    for sign in line:
        bars[-1].append(sign)
        if sign.kind == "bar":
            bars.append([])
    found: list[list[Sign]] = []
    for bar in filter(None, bars):
        together = [*found[-1], *bar] if found else bar
        if found and max(map(len, drawn(together, (), key, time, rows))) <= width:
            found[-1] = together
        else:
            found.append(bar)
    return _even([bar for bar in bars if bar], found)


def _even(bars: Sequence[Sequence[Sign]], parts: Sequence[Sequence[Sign]]) -> list[Sequence[Sign]]:
    """As many parts with about as many bars each: no bar stands alone where three are above it."""
    count = -(-len(bars) // max(1, len(parts)))
    rows = [bars[begin : begin + count] for begin in range(0, len(bars), count)]
    return [tuple(sign for bar in row for sign in bar) for row in rows]


def seconds_of(item: Item) -> float:
    """How long the song takes, by its tempo."""
    beats = sum(_beats(item.notation))
    return min(item.max_seconds, beats * 60 / (item.tempo or TEMPO)) if beats else item.max_seconds


def page_at(pages: Sequence[Page], part: float) -> int:
    """The page that is read when this part of the song, 0-1, is over."""
    return max(index for index, page in enumerate(pages) if page.begins <= max(0.0, part))
