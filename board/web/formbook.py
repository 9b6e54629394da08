"""The district's forms as one Excel file: a sheet each. Texts stay texts, whatever they begin with."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from board.judge.districtforms import Cell, DistrictForm, DistrictTable
from config.base import Message

SHEET_NAME = 31
"""Characters that Excel takes for a sheet's name."""
WIDTH = 16
SAFE = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def workbook_of(
    forms: Sequence[DistrictForm], text: Callable[[Message], str], district: str, at: datetime
) -> bytes:
    """The bytes of an .xlsx."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **SAFE}) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})
        bold, boxed = book.add_format({"bold": True}), book.add_format({"border": 1, "text_wrap": True})
        for form in forms:
            sheet = book.add_worksheet(_sheet_name(text(form.title)))
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.set_column(0, 20, WIDTH)
            sheet.write_string(0, 0, f"{text(form.title)} {district} {at:%Y-%m-%d %H:%M}", bold)
            line = 2
            for table in form.tables:
                line = _write(sheet, line, table, text, bold, boxed)
            for sign in form.signs:
                sheet.write_string(line, 0, text(sign))
                sheet.write_string(line, 1, "_" * WIDTH)
                line += 2
    return buffer.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in "[]:*?/\\'")[:SHEET_NAME]


def _write(
    sheet: Any, line: int, table: DistrictTable, text: Callable[[Message], str], bold: Any, boxed: Any
) -> int:
    """The first free line behind the table."""
    if table.title is not None:
        sheet.write_string(line, 0, text(table.title), bold)
        line += 1
    for row in (table.heading, *table.rows):
        for column, cell in enumerate(row):
            _cell(sheet, line, column, cell, text, boxed)
        line += 1
    return line + 1


def _cell(sheet: Any, line: int, column: int, cell: Cell, text: Callable[[Message], str], boxed: Any) -> None:
    if isinstance(cell, int):
        sheet.write_number(line, column, cell, boxed)
    else:
        sheet.write_string(line, column, text(cell) if isinstance(cell, Message) else cell, boxed)
