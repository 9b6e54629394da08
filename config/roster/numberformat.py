"""How Excel shows a whole number by the format of its cell: 101 as 0101 under `0000`.

The grammar is that of ECMA-376 part 1, 18.8.31: up to four sections, which conditions in brackets may choose.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

_PIECE = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|([0#?]+)|(.)')
_END = re.compile(r'("[^"]*"|\\.|[_*].|\[[^\]]*\])|;')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d{1,15}(?:\.\d{0,15})?)\]")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
MOST_PLACES = 40
"""More than any number of a pupil has; Excel itself takes 255 characters."""


@dataclass(frozen=True)
class FormatSection:
    """`"A"000-000`: what stands between digits, and how many places for digits there are before each."""

    literals: tuple[str, ...]
    """One more than there are groups of places."""
    places: tuple[int, ...]
    zeros: int
    """So many digits are always shown."""

    def show(self, value: int) -> str:
        digits = f"{value:0{self.zeros}d}"
        shown, end = self.literals[-1], len(digits)
        for index in range(len(self.places) - 1, -1, -1):
            begin = max(0, end - self.places[index]) if index else 0
            shown = self.literals[index] + digits[begin:end] + shown
            end = begin
        return shown


@dataclass(frozen=True)
class NumberFormat:
    sections: tuple[tuple[Callable[[float], bool], FormatSection | None], ...]
    """When it is used, and None where it shows the number as it is."""

    def show(self, value: int) -> str:
        """As the cell shows a number of at least 0."""
        for fits, section in self.sections:
            if fits(value):
                return str(value) if section is None else section.show(value)
        return str(value)


def number_format(code: str) -> NumberFormat | None:
    """None for a format that never adds zeros or letters to a whole number of at least 0."""
    codes = _END.sub(lambda found: found[1] or "\n", code.replace("\n", " ")).split("\n")[:3]
    uses = (_use(_CONDITION.search(text), at, len(codes)) for at, text in enumerate(codes))
    sections = tuple(zip(uses, map(_section, codes), strict=True))
    return NumberFormat(sections) if any(section for _, section in sections) else None


def _use(condition: re.Match[str] | None, at: int, count: int) -> Callable[[float], bool]:
    """Without conditions: above 0, below 0, all others; the last of fewer than three takes these too."""
    if condition is not None:
        compare, limit = _COMPARE[condition[1]], float(condition[2])
        return lambda value: compare(value, limit)
    if count == 1 or at == 2:
        return lambda _: True
    if at == 0:
        return lambda value: value > 0 or (count == 2 and value == 0)
    return lambda value: value < 0 or count == 2


def _section(code: str) -> FormatSection | None:
    literals, places, zeros = [""], [], 0
    for quoted, escaped, digits, other in _PIECE.findall(code):
        literal = quoted or escaped or (other if other in "- " else "")
        if other and not literal:
            return None
        if digits:
            places.append(len(digits))
            literals.append("")
            # Behind the first zero every place is shown, however it is written.
            zeros += len(digits) if zeros else len(digits.lstrip("#?"))
        literals[-1] += literal
    if not places or sum(places) > MOST_PLACES or (zeros <= 1 and not any(literals)):
        return None
    return FormatSection(tuple(literals), tuple(places), max(1, zeros))
