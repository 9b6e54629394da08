"""The rows of a table file as schools make them: CSV in their encodings, or Excel.

1. What a file is says its content, not its name: systems export tab-separated text as .xls, and people
   rename .xlsx to .csv.
2. A quotation mark that swallows lines is named; nothing is guessed about where it should have ended.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.base.errors import ConfigError
from config.base.message import Message, say
from config.base.systemerror import reason_of
from config.disk.files import is_file, is_folder, is_there
from config.roster.excel import Sheet, read_sheets
from config.roster.kinds import NEW_EXCEL, OLD_EXCEL, no_table, no_table_text

Row = tuple[int, Sequence[object]]
"""(line number from 1, cells)"""
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t|\uff0c"
MAX_BYTES = 20_000_000
"""A roster of ten thousand pupils has 1 MB."""
MAX_LINES = 200_000
MOST_CELLS = 4_000_000
MOST_COLUMNS = 1000
LINE_ENDS = re.compile(r"\r\n?|\n")


class TableError(ConfigError):
    """A ConfigError that knows its line."""

    def __init__(self, line: int, what: Message) -> None:
        super().__init__(what)
        self.line = line


@dataclass(frozen=True)
class Table:
    """One list that may be the roster: a CSV file, or a sheet."""

    rows: tuple[Row, ...]
    """Those that are not empty and not hidden."""
    sheet: Sheet | None = None
    filled: tuple[tuple[int, int], ...] = ()
    """(column from 0, row) of cells that were merged with one above."""


def read_data(path: Path) -> bytes:
    """The whole file. Raises ConfigError."""
    try:
        # A device or a pipe would never end; a folder says what it is.
        if is_there(path) and not is_file(path) and not is_folder(path):
            raise ConfigError(say("this is no file."))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ConfigError(say("the file is too large for a list of pupils."))
        return data
    except OSError as error:
        raise ConfigError(say("the file can't be read: {detail}", detail=reason_of(error))) from error


def tables_of(data: bytes) -> list[Table]:
    """Every table of the file, hidden sheets among them without rows. Raises ConfigError, TableError."""
    if what := no_table(data):
        raise ConfigError(what)
    if data.startswith((OLD_EXCEL, NEW_EXCEL)):
        return [_of_sheet(sheet) for sheet in read_sheets(data)]
    return [Table(tuple(row for row in _csv_rows(_decode(data)) if _holds(row[1])))]


def _holds(cells: Sequence[object]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def _seen(sheet: Sheet, cells: Sequence[object]) -> list[object]:
    """Without what stands in hidden columns."""
    if not sheet.hidden_columns:
        return list(cells)
    return ["" if column in sheet.hidden_columns else cell for column, cell in enumerate(cells, start=1)]


def _of_sheet(sheet: Sheet) -> Table:
    rows = {
        number: seen
        for number, cells in enumerate(sheet.rows, start=1)
        if number not in sheet.hidden_rows and _holds(seen := _seen(sheet, cells))
    }
    filled = []
    for top, left, bottom, _ in sheet.merged:
        above = sheet.rows[top] if top < len(sheet.rows) else []
        value = above[left] if left < len(above) else ""
        for number in range(top + 2, min(bottom + 1, len(sheet.rows)) + 1) if str(value).strip() else ():
            if (cells := rows.get(number)) is not None:
                cells += [""] * (left + 1 - len(cells))
                cells[left] = value
                filled.append((left, number))
    return Table(tuple(rows.items()), sheet, tuple(filled))


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if what := no_table_text(text):
            raise ConfigError(what)
        if sum(map(text.count, "\r\n")) > 2 * MAX_LINES:
            raise ConfigError(say("the file is too large for a list of pupils."))
        return text
    raise ConfigError(say("the letters can't be read. Save the file as “CSV UTF-8” in Excel."))


def _csv_rows(text: str) -> Iterator[Row]:
    sample = text[:4096]
    delimiter = max(DELIMITERS, key=sample.count)
    if text.count(delimiter) > MOST_CELLS:
        raise ConfigError(say("the file is too large for a list of pupils."))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if '"' in LINE_ENDS.split(text)[line - 1]:
                raise _open_quotation(line) from error
            raise TableError(line, say("the line can't be read: {detail}", detail=str(error))) from error
        if len(cells) > MOST_COLUMNS:
            cells = _trimmed(cells)
            if len(cells) > MOST_COLUMNS:
                raise TableError(line, say("the line has more than {count} cells.", count=MOST_COLUMNS))
        if reader.line_num > line and any(delimiter in cell and LINE_ENDS.search(cell) for cell in cells):
            raise _open_quotation(line)
        yield line, cells


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty cells that programs write up to the last column they know."""
    length = next((place for place in range(len(cells), 0, -1) if cells[place - 1].strip()), 0)
    return cells[:length]


def _open_quotation(line: int) -> TableError:
    return TableError(
        line,
        say('a quotation mark (") begins here that does not end where it should. Remove it, or write two.'),
    )
