"""Reads an Excel file in a process of its own: `python -m config.roster.workbook <FILE >SHEETS`.

The reader is native code that ends the process on some damaged files, and asks for gigabytes on others; the
station must outlive both. One JSON document on stdout: {"sheets": [...]} as `config.roster.excel` takes it,
or {"refused": reason}.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from datetime import date, time, timedelta
from typing import Any

from config.access.bounds import limit_this_process
from config.roster.marks import Marks, column_letters, read_marks
from config.roster.oldmarks import PasswordSetError, read_old_marks

MEMORY_BYTES = 260_000_000
CPU_SECONDS = 5
"""A hundred thousand pupils take less than three."""
MAX_UNPACKED = 50_000_000
MAX_CELLS = 2_000_000
"""Of the rectangle that holds all others: about 32 bytes each, and that twice."""
MAX_SHEETS = 100
NEW_EXCEL = b"PK\x03\x04"


class UnfitBookError(Exception):
    """The name of a reason, and what belongs to it."""


def main() -> None:
    limit_this_process(MEMORY_BYTES, CPU_SECONDS)
    try:
        answer: dict[str, Any] = {"sheets": _sheets(sys.stdin.buffer.read())}
    except UnfitBookError as error:
        answer = {"refused": list(error.args)}
    sys.stdout.buffer.write(json.dumps(answer, default=_as_json).encode("utf-8", "surrogatepass"))


def _sheets(data: bytes) -> list[dict[str, Any]]:
    import python_calamine

    try:
        marks = _marks(data) if data.startswith(NEW_EXCEL) else read_old_marks(data)
    except PasswordSetError as error:
        raise UnfitBookError("password") from error
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise UnfitBookError("password") from error
    found = []
    for about in book.sheets_metadata[:MAX_SHEETS]:
        visible = about.visible == python_calamine.SheetVisibleEnum.Visible
        if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden: dict[str, Any] = {"hidden_rows": [], "hidden_columns": [], "merged": [], "rows": []}
        found.append({"name": about.name, "visible": visible, **hidden})
        if visible:
            sheet = book.get_sheet_by_name(about.name)
            found[-1] |= _content(sheet, marks.get(about.name, Marks()), known=bool(marks))
    return found


def _marks(data: bytes) -> dict[str, Marks]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = set(book.namelist())
        if sum(entry.file_size for entry in book.infolist()) > MAX_UNPACKED:
            raise UnfitBookError("large")
    if "xl/workbook.xml" not in names:
        # A spreadsheet of another program: its values can be read, how they are shown can't.
        if "content.xml" in names or "xl/workbook.bin" in names:
            return {}
        raise UnfitBookError("document" if "word/document.xml" in names else "archive")
    marks = read_marks(data)
    for sheet in marks.values():
        if sheet.last_row * sheet.last_column > MAX_CELLS:
            raise UnfitBookError("far", f"{column_letters(sheet.last_column)}{sheet.last_row}")
    return marks


def _content(sheet: Any, marks: Marks, *, known: bool) -> dict[str, Any]:
    rows = []
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        while cells and cells[-1] == "" and (number, len(cells)) not in marks.formulas:
            cells.pop()
        rows.append(cells)
        if not (marks.formats or marks.formulas):
            continue
        for column, value in enumerate(cells, start=1):
            shape = marks.formats.get((number, column))
            if value == "" and (number, column) in marks.formulas:
                cells[column - 1] = {"formula": True}
            elif shape and isinstance(value, float | int) and value >= 0 and value == int(value):
                plain, seen = str(int(value)), shape.show(int(value))
                cells[column - 1] = {"shown": seen, "value": plain} if seen != plain else value
    return {
        "rows": rows,
        "hidden_rows": sorted(marks.hidden_rows),
        "hidden_columns": sorted(marks.hidden_columns),
        "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
        "formats_known": known,
    }


def _as_json(value: object) -> dict[str, str]:
    assert isinstance(value, date | time | timedelta)
    return {"date": str(value)}


if __name__ == "__main__":
    main()
