"""The forms as one Excel file: a sheet each, every cell a text.

A name or a note that begins with `=`, `+`, `-` or `@` stays what was written: it is stored as a string and is
never computed, and no text becomes a link or a number.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from station.forms.form import Form, FormTable
from station.words.present import cells

LONGEST_CELL = 32_767
"""Characters that Excel takes in a cell."""
SHEET_NAME = 31
"""Characters of a sheet's name."""
MOST_WIDTH, LEAST_WIDTH = 40, 6
"""Cells of a column."""
A4 = 9
"""Excel's number of the paper."""
TEXT_FORMAT = "@"


def workbook_of(forms: Sequence[Form], at: datetime) -> bytes:
    """The bytes of an .xlsx; the same forms at the same time give the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        looks = _looks(book)
        for form in forms:
            _Sheet(book.add_worksheet(sheet_name(form.title)), looks).write(form)
    return buffer.getvalue()


def sheet_name(title: str) -> str:
    """A title without the signs that Excel does not take there."""
    return "".join(char for char in title if char not in "[]:*?/\\'")[:SHEET_NAME]


def _looks(book: Any) -> dict[str, Any]:
    plain = {"num_format": TEXT_FORMAT, "valign": "top"}
    boxed = {**plain, "border": 1, "text_wrap": True}
    return {
        "plain": book.add_format(plain),
        "title": book.add_format({**plain, "bold": True, "font_size": 14}),
        "bold": book.add_format({**plain, "bold": True}),
        "head": book.add_format({**boxed, "bold": True, "bg_color": "#EEEEEE"}),
        "cell": book.add_format(boxed),
        "code": book.add_format({**plain, "bold": True, "font_size": 16}),
    }


class _Sheet:
    """Writes one form from top to bottom."""

    def __init__(self, sheet: Any, looks: dict[str, Any]) -> None:
        self._sheet = sheet
        self._looks = looks
        self._row = 0
        self._widths: dict[int, int] = {}
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.5)

    def write(self, form: Form) -> None:
        self._line("title", form.title)
        for text in filter(None, (form.warning,)):
            self._line("bold", text)
        for label, value in form.facts:
            self._line("plain", label, value)
        if form.code:
            self._line("code", form.code)
        for text in form.sums:
            self._line("bold", text)
        for table in form.tables:
            self._table(table)
        self._row += 1
        for text in form.notes:
            self._line("plain", text)
        for sign in form.signs:
            self._row += 1
            self._line("plain", sign, "_" * 24)
        for column, width in self._widths.items():
            self._sheet.set_column(column, column, min(MOST_WIDTH, max(LEAST_WIDTH, width + 2)))

    def _table(self, table: FormTable) -> None:
        self._row += 1
        if table.title:
            self._line("bold", table.title)
        if not table.rows and table.empty:
            self._line("plain", table.empty)
            return
        for look, row in (("head", table.heading), *(("cell", row) for row in table.rows)):
            for column, text in enumerate(row):
                longest = max(map(cells, text.split("\n")))
                self._widths[column] = max(self._widths.get(column, 0), longest)
            self._line(look, *row)

    def _line(self, look: str, *texts: str) -> None:
        for column, text in enumerate(texts):
            self._sheet.write_string(self._row, column, text[:LONGEST_CELL], self._looks[look])
        self._row += 1
