"""Excel files made by hand, as small as Excel itself accepts them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HIDDEN_SHEET, _HIDDEN_ROW = ' state="hidden"', ' hidden="1"'
DATE_STYLE = 1
"""Index of the cell style that shows a number as a date."""
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/></cellXfs></styleSheet>',
}


class Date(float):
    """A number that Excel shows as a date."""


def write_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A workbook with one sheet; None leaves a cell out, a str becomes text, a number stays one."""
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(column, number, value) for column, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return write_sheet(path, lines)


def write_sheet(path: Path, rows_xml: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in PARTS.items():
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
        sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows_xml}</sheetData></worksheet>'
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def _cell(column: int, row: int, value: object) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    style = f' s="{DATE_STYLE}"' if isinstance(value, Date) else ""
    return f'<c r="{place}"{style}><v>{value}</v></c>'


@dataclass(frozen=True)
class Workbook:
    """Several sheets: name -> rows, whose cells are as in `write_xlsx`, or (number, format)."""

    sheets: Mapping[str, Sequence[Sequence[object]]]
    hidden: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    merged: Sequence[str] = ()

    def write(self, path: Path, *, sheet_xml: str | None = None, prolog: str = "") -> Path:
        """`sheet_xml` instead of every sheet's rows; `prolog` before the sheets."""
        formats = sorted(
            {
                cell[1]
                for rows in self.sheets.values()
                for row in rows
                for cell in row
                if isinstance(cell, tuple)
            }
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            for name, text in {**PARTS, **self._book(), "xl/styles.xml": _styles(formats)}.items():
                book.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
            for number, rows in enumerate(self.sheets.values(), start=1):
                book.writestr(
                    f"xl/worksheets/sheet{number}.xml", prolog + self._sheet(rows, formats, sheet_xml)
                )
        return path

    def _book(self) -> dict[str, str]:
        sheets = "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"'
            f"{_HIDDEN_SHEET if name in self.hidden else ''}/>"
            for number, name in enumerate(self.sheets, start=1)
        )
        relations = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(self.sheets) + 1)
        )
        styles = f'<Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        return {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
            f"{relations}{styles}</Relationships>",
        }

    def _sheet(self, rows: Sequence[Sequence[object]], formats: Sequence[str], xml: str | None) -> str:
        lines = "".join(
            f'<row r="{number}"{_HIDDEN_ROW if number in self.hidden_rows else ""}>'
            f"{''.join(_shown(column, number, cell, formats) for column, cell in enumerate(row))}</row>"
            for number, row in enumerate(rows, start=1)
        )
        merged = "".join(f'<mergeCell ref="{area}"/>' for area in self.merged)
        merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
        return f'<worksheet xmlns="{_MAIN}"><sheetData>{xml or lines}</sheetData>{merged}</worksheet>'


def _shown(column: int, row: int, cell: object, formats: Sequence[str]) -> str:
    if not isinstance(cell, tuple):
        return _cell(column, row, cell)
    return f'<c r="{chr(ord("A") + column)}{row}" s="{2 + formats.index(cell[1])}"><v>{cell[0]}</v></c>'


def _styles(formats: Sequence[str]) -> str:
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for number, code in enumerate(formats, start=164)
    )
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in range(164, 164 + len(formats)))
    count = 2 + len(formats)
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(formats)}">{codes}</numFmts>'
        f'<cellXfs count="{count}"><xf numFmtId="0"/><xf numFmtId="14"/>{styles}</cellXfs></styleSheet>'
    )
