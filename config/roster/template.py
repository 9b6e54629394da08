"""An empty list of pupils for Excel: every cell is text, so that no number loses its zeros."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEADING = ("学号", "姓名", "班级", "性别")
WIDTHS = (22, 16, 16, 10)
SEXES = "男,女"
ROWS = 1000
"""So many rows offer the sexes to choose from."""
PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="12"/><name val="Calibri"/></font>'
    '<font><b/><sz val="12"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>'
)
TEXT, BOLD = 1, 2
"""Cell styles; 49 is Excel's own format of text."""


def write_template(path: Path, names: tuple[str, str], help_lines: Sequence[str]) -> None:
    """`names` of the two sheets: the list and the help. Raises OSError, FileExistsError where it is there."""
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            [
                ("worksheet", "worksheets/sheet1.xml"),
                ("worksheet", "worksheets/sheet2.xml"),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": _list(),
        "xl/worksheets/sheet2.xml": _help(help_lines),
    }
    with path.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, PROLOG + text)


def _content_types() -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{KIND}.worksheet+xml"/>'
        for number in (1, 2)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{sheets}</Types>'
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _list() -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" style="{TEXT}" customWidth="1"/>'
        for number, width in enumerate(WIDTHS, start=1)
    )
    cells = "".join(_cell(f"{letter}1", word, BOLD) for letter, word in zip("ABCD", HEADING, strict=True))
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>'
        f'<cols>{columns}</cols><sheetData><row r="1">{cells}</row></sheetData>'
        f'<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="D2:D{ROWS}">'
        f'<formula1>"{SEXES}"</formula1></dataValidation></dataValidations></worksheet>'
    )


def _help(lines: Sequence[str]) -> str:
    rows = "".join(
        f'<row r="{number}">{_cell(f"A{number}", line, TEXT)}</row>'
        for number, line in enumerate(lines, start=1)
    )
    return (
        f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="1" width="90" customWidth="1"/></cols>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _cell(place: str, text: str, style: int) -> str:
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
