"""What an .xlsx says beside its values: hidden rows, numbers shown with leading zeros, how far it reaches.

The reader of values (python-calamine) tells none of these. Only start tags are looked at.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from config.roster.numberformat import NumberFormat, number_format

Attributes = dict[str, str]
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships id"
MOST_COLUMNS, MOST_FORMULAS = 1000, 200_000


@dataclass
class Marks:
    """Of one sheet; rows and columns count from 1."""

    last_row: int = 0
    last_column: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    """The first MOST_FORMULAS cells that compute their value."""
    formats: dict[tuple[int, int], NumberFormat] = field(default_factory=dict)
    """Only cells whose numbers may be shown with leading zeros or letters."""


def read_marks(data: bytes) -> dict[str, Marks]:
    """Marks per sheet name. Raises what zipfile raises, KeyError, expat.ExpatError."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        targets = _targets(book)
        formats = _formats(book) if "xl/styles.xml" in book.namelist() else {}
        return {
            name: _sheet(book.read(targets[relation]), formats)
            for name, relation in _sheets(book)
            if targets.get(relation) in book.NameToInfo
        }


def _scan(data: bytes, start: Callable[[str, Attributes], None]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    parser.Parse(data, True)


def _sheets(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            relation = attributes.get(RELATION) or attributes.get(STRICT_RELATION, "")
            found.append((attributes.get("name", ""), relation))

    _scan(book.read("xl/workbook.xml"), start)
    return found


def _targets(book: zipfile.ZipFile) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            found[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    _scan(book.read("xl/_rels/workbook.xml.rels"), start)
    return found


def _formats(book: zipfile.ZipFile) -> dict[str, NumberFormat]:
    """Per index of a cell style; only formats that add zeros."""
    codes: dict[str, str] = {}
    styles: list[str] = []
    inside = ""

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal inside
        if tag in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = tag
        elif tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and inside == "cellXfs":
            styles.append(attributes.get("numFmtId", ""))

    _scan(book.read("xl/styles.xml"), start)
    known = {number: number_format(code) for number, code in codes.items()}
    return {str(index): shape for index, number in enumerate(styles) if (shape := known.get(number))}


def _sheet(data: bytes, formats: Mapping[str, NumberFormat]) -> Marks:
    marks, row, column, row_text = Marks(), 0, 0, ""
    numbers: dict[str, int] = {}

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal row, column, row_text
        if tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = _number(attributes.get("min")), _number(attributes.get("max"))
            marks.hidden_columns.update(range(first, min(last, MOST_COLUMNS) + 1))
        elif tag == "f" and len(marks.formulas) < MOST_FORMULAS:
            marks.formulas.add((row, column))
        elif tag == "row":
            row, column = _number(attributes.get("r")) or row + 1, 0
            row_text = str(row)
            marks.last_row = max(marks.last_row, row)
            if attributes.get("hidden") in ("1", "true"):
                marks.hidden_rows.add(row)
        elif tag == "c":
            place = attributes.get("r", "")
            letters = place.rstrip("0123456789")
            if letters not in numbers:
                numbers[letters] = column_number(letters) if CELL.fullmatch(f"{letters}1") else 0
            column = numbers[letters] or column + 1
            digits = place[len(letters) :]
            at_row = _number(digits) or row if digits != row_text else row
            if at_row > marks.last_row:
                marks.last_row = at_row
            if column > marks.last_column:
                marks.last_column = column
            shape = formats.get(attributes.get("s", ""))
            if shape is not None and attributes.get("t", "n") == "n":
                marks.formats[at_row, column] = shape

    _scan(data, start)
    return marks


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 7 else 0


def column_number(letters: str) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """The inverse of `column_number`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
