"""Excel files at the edge of a rule, and every book of ours once more without a process for each."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from config.roster import workbook
from config.roster.rosterfile import check_roster
from tests.config.roster.test_books import BOOKS, EXPECTED, check
from tests.config.roster.test_kinds import read
from tests.config.sheets import Date, Workbook, write_sheet, write_xlsx

pytestmark = pytest.mark.usefixtures("read_at_once")
Rows = list[list[object]]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_book_is_read_as_it_is_meant(name: str) -> None:
    check(BOOKS / name, *EXPECTED[name])


def classes(path: Path) -> list[str]:
    roster, _ = check_roster(path)
    return [] if roster is None else [pupil.class_name for pupil in roster.pupils]


def test_a_merged_class_reaches_rows_that_end_before_its_column(tmp_path: Path) -> None:
    rows: Rows = [["学号", "班级"], ["0101", "四1"], ["0102"], ["0103", "四2"]]
    assert classes(Workbook({"S": rows}, merged=["B2:B3"]).write(tmp_path / "r.xlsx")) == [
        "四1",
        "四1",
        "四2",
    ]


def test_merged_cells_with_nothing_in_them_fill_nothing(tmp_path: Path) -> None:
    rows: Rows = [["学号", "班级"], ["0101"], ["0102"], ["0103", "四2"]]
    path = Workbook({"S": rows}, merged=["B2:B3", "B5:B6"]).write(tmp_path / "r.xlsx")
    assert classes(path) == ["", "", "四2"]


@pytest.mark.parametrize(
    ("result", "pupils", "said"),
    [
        ("<v>102</v>", ["101", "102"], []),
        ("", [], ["error F:3:2: here is a formula without its result"]),
    ],
)
def test_a_formula_is_as_good_as_its_result(
    tmp_path: Path, result: str, pupils: list[str], said: list[str]
) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>学号</t></is></c></row>'
        '<row r="2"><c r="B2"><v>101</v></c></row>'
        f'<row r="3"><c r="A3" t="inlineStr"><is><t>陈</t></is></c><c r="B3"><f>B2+1</f>{result}</c></row>'
    )
    numbers, found = read(write_sheet(tmp_path / "r.xlsx", rows))
    assert numbers == pupils
    assert [sentence.partition(". ")[0] for sentence in found if "姓名" not in sentence] == said


def test_of_two_columns_that_were_filled_each_is_named_with_its_own_line(tmp_path: Path) -> None:
    rows: Rows = [["班级", "学号", "性别"], ["四1", "0101", "男"], [None, "0102", "女"], ["四2", "0103"]]
    path = Workbook({"S": rows}, merged=["A2:A3", "C3:C4"]).write(tmp_path / "r.xlsx")
    assert read(path) == (
        ["0101", "0102", "0103"],
        [
            "repaired F:3:1: merged cells of the column “班级” were filled down.",
            "repaired F:4:3: merged cells of the column “性别” were filled down.",
        ],
    )


def test_the_day_of_printing_below_the_numbers_is_nobody(tmp_path: Path) -> None:
    rows: Rows = [["学号", "姓名"], ["0101", "陈"], [Date(45000), None]]
    numbers, [said] = read(write_xlsx(tmp_path / "r.xlsx", rows))
    assert numbers == ["0101"]
    assert said.startswith("warning F:3: this row has neither a number nor a name and was left out: 2023-03")


def test_a_book_is_read_up_to_its_bounds_and_not_beyond_them(tmp_path: Path) -> None:
    path = Workbook({"S": [["学号"], ["0101"]]}).write(tmp_path / "r.xlsx")
    with zipfile.ZipFile(path) as book:
        unpacked = sum(entry.file_size for entry in book.infolist())
    for bound, most in (("MAX_UNPACKED", unpacked), ("MAX_CELLS", 2)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workbook, bound, most)
            assert read(path)[0] == ["0101"]
            patch.setattr(workbook, bound, most - 1)
            assert read(path)[0] == [], bound


def test_a_table_of_another_program_is_read_and_its_zeros_may_be_lost(tmp_path: Path) -> None:
    values = [
        'office:value-type="string"',
        *(f'office:value-type="float" office:value="{number}"' for number in (101, 102)),
    ]
    cells = "".join(
        f"<table:table-row><table:table-cell {value}><text:p>学号</text:p></table:table-cell>"
        "</table:table-row>"
        for value in values
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(tmp_path / "r.ods", "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    numbers, [said] = read(tmp_path / "r.ods")
    assert numbers == ["101", "102"]
    assert said.startswith("warning F:2:1: in this kind of file it can't be seen")


def test_a_row_of_sums_below_a_merged_class_is_no_pupil(tmp_path: Path) -> None:
    rows: Rows = [["班级", "学号", "姓名"], ["四1", "0101", "陈"], [None, "合计", "1"]]
    path = Workbook({"S": rows}, merged=["A2:A3"]).write(tmp_path / "r.xlsx")
    numbers, found = read(path)
    assert numbers == ["0101"]
    assert "repaired F:3: this row is no pupil and was left out: 合计" in found


def test_a_sheet_that_is_a_chart_hides_no_list_behind_it(tmp_path: Path) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chartsheet"
    place = f'<Relationship Id="rId9" Type="{kind}" Target="chartsheets/sheet1.xml"/>'
    with zipfile.ZipFile(write_xlsx(tmp_path / "a.xlsx", [["学号"], ["0101"]])) as plain:
        parts = {name: plain.read(name).decode("utf-8") for name in plain.namelist()}
    first = '<sheets><sheet name="图" sheetId="9" r:id="rId9"/>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheets>", first)
    relations = parts["xl/_rels/workbook.xml.rels"].replace("</Relationships>", f"{place}</Relationships>")
    parts |= {"xl/_rels/workbook.xml.rels": relations, "xl/chartsheets/sheet1.xml": "<chartsheet/>"}
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    assert read(tmp_path / "r.xlsx")[0] == ["0101"]
