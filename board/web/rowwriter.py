"""Lines of the list as parts of a page: those that stand there as they stood are not written again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from board.judge.listline import ListLine
from board.web.phrases import Tongue, Worded, macro


class WrittenRow(NamedTuple):
    line: ListLine
    note: str
    html: Markup


class RowWriter:
    """Keeps what was written last in each language; never used for two lists in the same one at once."""

    def __init__(self, worded: Worded) -> None:
        self._worded = worded
        self._kept: dict[Tongue, Mapping[str, WrittenRow]] = {}

    def written(
        self, lines: Sequence[ListLine], notes: Mapping[str, str], language: Tongue
    ) -> Sequence[Markup]:
        """One for each, in their order."""
        kept, made = self._kept.get(language, {}), dict[str, WrittenRow]()
        row_of = macro("row.html", "row_of", language, self._worded)
        for line in lines:
            note, row = notes.get(line.station, ""), kept.get(line.station)
            if row is None or row.line is not line or row.note != note:
                row = WrittenRow(line, note, row_of(line, note))
            made[line.station] = row
        self._kept[language] = made
        return [row.html for row in made.values()]
