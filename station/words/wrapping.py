"""Lines as both languages break them: English at blanks, Chinese between any two characters.

No line begins with a sign that closes, none ends with one that opens (GB/T 15834-2011, 5.1; W3C,
“Requirements for Chinese Text Layout”, 3.1.3), and a number stays with what it counts: 30 名学生.
"""
# ruff: noqa: RUF001 - the signs of both scripts

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import east_asian_width

from station.words.present import cells

OPENS = frozenset("（「『《〈【〔“‘([{")
ROW = re.compile(r" {2,}(?:\S+(?: \S+)* {2,})+")
"""The columns of a row before its last one."""
CLOSES = frozenset("，。、；：？！）」』》〉】〕”’…·％%‰℃,.;:?!)]}")


def _wide(char: str) -> bool:
    return east_asian_width(char) in "WF"


def _may_end(text: str, at: int) -> bool:
    """Whether a line may end right before text[at]."""
    before, after = text[at - 1], text[at]
    if after == " " or after in CLOSES or before in OPENS:
        return False
    if before == " ":
        kept = text[:at].rstrip()[-1:]
        return not (kept.isdigit() and _wide(after)) and kept not in OPENS
    return (_wide(before) or _wide(after)) and not (before.isdigit() and _wide(after))


def _pieces(line: str) -> list[str]:
    """What no line break parts; blanks stand behind a piece."""
    found, begin = [], 0
    for at in range(1, len(line)):
        if _may_end(line, at):
            found.append(line[begin:at])
            begin = at
    return [*found, line[begin:]]


def _folded(piece: str, width: int) -> list[str]:
    """A piece; in parts if it is wider than any line."""
    lines = [""]
    for char in piece.rstrip():
        if lines[-1] and cells(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return [*lines[:-1], lines[-1] + piece[len(piece.rstrip()) :]]


@lru_cache(256)
def wrapped(text: str, width: int) -> str:
    """`text` with line breaks, so that no line is wider than `width` cells; blanks at the breaks are gone."""
    return "\n".join(part for line in text.split("\n") for part in _wrapped_line(line, width))


def _lead(line: str, width: int) -> str:
    """What the lines after the first stand behind: the columns of a row, or blanks."""
    row, blanks = ROW.match(line), line[: len(line) - len(line.lstrip())]
    if row is not None and cells(row[0]) <= width // 2:
        return row[0]
    return blanks if len(blanks) <= width // 4 else ""


def _wrapped_line(line: str, width: int) -> list[str]:
    """The lines after the first stand below its text, or below the last column of a row."""
    if cells(line) <= width:
        return [line]
    lead = _lead(line, width)
    indent, lines = " " * cells(lead), [lead]
    for piece in _pieces(line[len(lead) :].lstrip()):
        if cells((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
        else:
            lines += [indent + part for part in _folded(piece, width - len(indent))]
    return [part.rstrip() for part in lines if part.strip()] or [""]
