"""The rows of a table file as schools make them: CSV in their encodings, or Excel.

1. What a file is says its content, not its name: systems export tab-separated text as .xls, and people
   rename .xlsx to .csv.
2. Excel files are measured before they are opened: one stray cell in the far corner would make the reader
   ask for more memory than there is.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.base.errors import ConfigError
from config.base.message import say
from config.base.systemerror import reason_of
from config.roster.excel import read_rows

Row = tuple[int, Sequence[object]]
"""(line number from 1, cells)"""
ENCODINGS = ("utf-8-sig", "gb18030")
DELIMITERS = ",;\t\uff0c"
MAX_BYTES = 20_000_000
"""A roster of ten thousand pupils has 1 MB."""
MAX_UNPACKED = 50_000_000
MAX_CELLS = 2_000_000
"""Bytes of memory for each cell of the rectangle that holds all others: about 32."""
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
NEW_EXCEL = b"PK\x03\x04"
BROKEN_ZIP = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What zipfile raises on damaged archives, and on those with a password (RuntimeError)."""
_CELL = re.compile(rb'<c [^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb'<row [^>]{0,200}?\br="(\d{1,7})"')


def read_data(path: Path) -> bytes:
    """The whole file. Raises ConfigError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(say("the file is too large for a list of pupils."))
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(say("the file can't be read: {detail}", detail=reason_of(error))) from error


def rows_of(data: bytes) -> Iterator[Row]:
    """All rows that are not empty. Raises ConfigError."""
    rows = _excel_rows(data) if data.startswith((OLD_EXCEL, NEW_EXCEL)) else _csv_rows(_decode(data))
    for number, cells in rows:
        if any(str(cell).strip() for cell in cells):
            yield number, cells


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip()[:1] == "<":
            raise ConfigError(say("this is a web page, not a table. Open it in Excel and save it as .xlsx."))
        return text
    raise ConfigError(say("the letters can't be read. Save the file as “CSV UTF-8” in Excel."))


def _csv_rows(text: str) -> Iterator[Row]:
    sample = text[:4096]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=sample.count))
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ConfigError(
                say("line {line} can't be read: {detail}", line=line, detail=str(error))
            ) from error
        yield line, cells


def _excel_rows(data: bytes) -> Iterator[Row]:
    try:
        if data.startswith(NEW_EXCEL):
            _measure(data)
    except BROKEN_ZIP as error:
        raise _unreadable() from error
    rows = read_rows(data)
    if rows is None:
        raise _unreadable()
    yield from enumerate(rows, start=1)


def _unreadable() -> ConfigError:
    return ConfigError(
        say("the Excel file can't be read. Open it in Excel and save it as .xlsx, without a password.")
    )


def _measure(data: bytes) -> None:
    """Refuse an .xlsx whose sheets would not fit into memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if sum(entry.file_size for entry in book.infolist()) > MAX_UNPACKED:
            raise ConfigError(say("the file is too large for a list of pupils."))
        sheets = [name for name in book.namelist() if name.lower().startswith("xl/worksheets/")]
        for sheet in map(book.read, sheets):
            cells = _CELL.findall(sheet)
            last_row = max(map(int, [row for _, row in cells] + _ROW.findall(sheet)), default=0)
            last_column = max({letters for letters, _ in cells}, key=_column, default=b"A")
            if last_row * _column(last_column) > MAX_CELLS:
                cell = f"{last_column.decode('ascii')}{last_row}"
                raise ConfigError(
                    say(
                        "the sheet reaches as far as cell {cell}. Copy the list of pupils into a new "
                        "Excel file.",
                        cell=cell,
                    )
                )


def _column(letters: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
