# ruff: noqa: E501, RUF001 - tables of what people write
"""Makes the Excel files of `books` with the libraries that people's own programs use.

    python -m venv /tmp/x && /tmp/x/bin/pip install openpyxl xlwt
    /tmp/x/bin/python -m tests.config.roster.make_books

They are kept as files: neither library is needed to run the tests. test_books.py has what is right for each.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from xlwt import CompoundDoc

from tests.config.roster.old_password import with_password

BOOKS = Path(__file__).with_name("books")
HEAD = ["学号", "姓名", "班级", "性别"]
PUPILS = [
    ["0101", "陈一诺", "四(1)班", "男"],
    ["0102", "刘思远", "四(1)班", "女"],
    ["0103", "王子涵", "四(2)班", "女"],
]


def book(rows: list[list[Any]], change: Callable[[Any], object] = lambda book: None) -> Any:
    found = openpyxl.Workbook()
    for row in rows:
        found.active.append(row)
    change(found)
    return found


def shown(code: str, numbers: list[float]) -> Any:
    def change(found: Any) -> None:
        for row in range(2, 2 + len(numbers)):
            found.active.cell(row, 1).number_format = code

    return book([HEAD, *([number, "生", "四1", "男"] for number in numbers)], change)


def second_sheet(title: str, rows: list[list[Any]], **attributes: Any) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        sheet = found.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for name, value in attributes.items():
            setattr(sheet, name, value)

    return change


def hidden_first(state: str) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        sheet = found.create_sheet("旧名单", 0)
        for row in (HEAD, ["9901", "旧", "三1", "男"]):
            sheet.append(row)
        sheet.sheet_state = state
        found.active = 1

    return change


def hidden_rows(found: Any) -> None:
    found.active.row_dimensions[3].hidden = True


def filtered(found: Any) -> None:
    found.active.auto_filter.ref = "A1:D4"
    found.active.auto_filter.add_filter_column(2, ["四(2)班"])
    for row in (2, 3):
        found.active.row_dimensions[row].hidden = True


def hidden_column(letter: str) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        found.active.column_dimensions[letter].hidden = True

    return change


def merged(*areas: str) -> Callable[[Any], None]:
    def change(found: Any) -> None:
        for area in areas:
            found.active.merge_cells(area)

    return change


def dressed(found: Any) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = found.active
    sheet["A1"].font = Font(bold=True)
    sheet["A2"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["B2"].comment = Comment("转学", "老师")
    sheet.freeze_panes = "A2"
    sheet.add_data_validation(DataValidation(type="list", formula1='"男,女"', sqref="D2:D99"))
    sheet["B3"].hyperlink = "http://school.example/"


def charted(found: Any) -> None:
    from openpyxl.chart import BarChart

    found.create_chartsheet("图").add_chart(BarChart())


def far_away(found: Any) -> None:
    found.active["XFD1048576"] = "x"


def wide_and_long(found: Any) -> None:
    """Formats down to the end of the sheet, as after a click on a whole column: no values."""
    found.active["A5000"].number_format = "@"
    found.active["Z9"].number_format = "@"


NEW: dict[str, Any] = {
    "plain": lambda: book([HEAD, *PUPILS]),
    "titles": lambda: book([["某某小学四年级名册"], ["2026年11月"], [], HEAD, *PUPILS]),
    "merged-title": lambda: book([["某某小学四年级名册", None, None, None], HEAD, *PUPILS], merged("A1:D1")),
    "footer": lambda: book([HEAD, *PUPILS, [], ["合计", 3], ["制表人：李", None, "审核：王"]]),
    "signatures": lambda: book([HEAD, *PUPILS, ["校长签字："], ["（盖章）"], ["2026年11月26日"]]),
    "sections": lambda: book([HEAD, ["四(1)班"], *PUPILS[:2], ["四(2)班"], PUPILS[2]]),
    "zeros": lambda: shown("0000", [101, 102, 103]),
    "zeros-with-letter": lambda: shown('"S"0000', [101, 102]),
    "zeros-in-groups": lambda: shown("000-0000", [31050101, 31050102]),
    "zeros-locale": lambda: shown("[$-804]0000", [101, 102]),
    "zeros-and-negative": lambda: shown("0000;-0000", [101, 102]),
    "zeros-text-part": lambda: shown("0000_ ;@", [101, 102]),
    "zeros-by-condition": lambda: shown("[<=9999]0000;[<=99999]000000;General", [101, 20101, 1234567]),
    "zeros-behind-signs": lambda: shown("#0000", [101, 20101]),
    "thousands": lambda: shown("#,##0", [1001, 1002]),
    "general-numbers": lambda: shown("General", [20170101, 20170102]),
    "decimals": lambda: shown("0.00", [20170101, 20170102]),
    "long-numbers": lambda: shown("0", [310105201701010000, 310105201701020000]),
    "long-texts": lambda: book([HEAD, ["310105201701011234", "陈", "四1", "男"], ["31010520170102123X", "刘", "四1", "女"]]),
    "dates": lambda: book([HEAD, [date(2017, 1, 1), "陈", "四1", "男"]]),
    "class-became-date": lambda: book([HEAD, ["0101", "陈", date(2026, 4, 1), "男"]]),
    "text-and-numbers": lambda: book([HEAD, ["0101", "陈", "四1", "男"], [102, "刘", "四1", "女"]]),
    "formulas": lambda: book([HEAD, ['="01"&"01"', "陈", "四1", "男"], ["0102", "刘", "四1", "女"]]),
    "hidden-first": lambda: book([HEAD, *PUPILS], hidden_first("hidden")),
    "very-hidden-first": lambda: book([HEAD, *PUPILS], hidden_first("veryHidden")),
    "hidden-rows": lambda: book([HEAD, *PUPILS], hidden_rows),
    "filtered": lambda: book([HEAD, *PUPILS], filtered),
    "hidden-number": lambda: book([["学号", *["考号", "姓名"]], ["9901", "0101", "陈"], ["9902", "0102", "刘"]], hidden_column("A")),
    "hidden-note": lambda: book([[*HEAD, "备注"], *([*pupil, "内部"] for pupil in PUPILS)], hidden_column("E")),
    "two-lists": lambda: book([HEAD, *PUPILS], second_sheet("四(2)班", [HEAD, ["0201", "李", "四2", "男"]])),
    "list-and-notes": lambda: book([HEAD, *PUPILS], second_sheet("说明", [["请核对"], ["联系人 王"]])),
    "list-second": lambda: book([["封面"], ["某某小学"]], second_sheet("名册", [HEAD, *PUPILS])),
    "empty-sheets": lambda: book([HEAD, *PUPILS], second_sheet("Sheet2", [])),
    "merged-class": lambda: book([HEAD, ["0101", "陈", "四1", "男"], ["0102", "刘", None, "女"], ["0103", "王", None, "女"]], merged("C2:C4")),
    "merged-heading": lambda: book([["学号", "学生信息", None, None], [None, "姓名", "班级", "性别"], *PUPILS], merged("B1:D1", "A1:A2")),
    "dressed": lambda: book([HEAD, *PUPILS], dressed),
    "chart-sheet": lambda: book([HEAD, *PUPILS], charted),
    "far-away": lambda: book([HEAD, *PUPILS], far_away),
    "formats-only": lambda: book([HEAD, *PUPILS], wide_and_long),
    "spaces": lambda: book([[" 学 号 ", "姓 名"], [" 0101 ", " 陈 一诺 "], ["\u3000０１０２", "刘\u3000思远"]]),
    "invisible": lambda: book([["学号", "姓名"], ["\u200b0101", "陈"], ["\u202d0102\u202c", "刘"]]),
    "rare-names": lambda: book([["学号", "姓名"], ["0101", "李䶮"], ["0102", "王𠮷"], ["0103", "赵\ue863"], ["0104", "艾则孜·买买提"]]),
    "other-columns": lambda: book([["序号", "身份证号", "姓名", "学号"], [1, "310105201701011234", "陈", "0101"]]),
    "doubles": lambda: book([HEAD, PUPILS[0], PUPILS[0]]),
    "errors": lambda: book([HEAD, ["#N/A", "陈", "四1", "男"], PUPILS[1]]),
    "english": lambda: book([["Student ID", "Name", "Class", "Sex"], ["A-0101", "Chen", "4-1", "m"]]),
    "booleans": lambda: book([HEAD, [True, "陈", "四1", "男"]]),
    "no-heading": lambda: book(PUPILS),
}  # fmt: skip


def old(rows: list[list[Any]], code: str | None = None, /, **hidden: Any) -> Any:
    found = xlwt.Workbook(encoding="utf-8")
    if hidden.get("sheet"):
        first = found.add_sheet("旧名单")
        for column, word in enumerate(HEAD):
            first.write(0, column, word)
        first.write(1, 0, "9901")
        first.visibility = 1
    sheet = found.add_sheet("名册")
    style = xlwt.easyxf(num_format_str=code) if code else xlwt.Style.default_style
    for place, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(place, column, value, style)
        if place in hidden.get("rows", ()):
            sheet.row(place).hidden = True
    for column in hidden.get("columns", ()):
        sheet.col(column).hidden = True
    found.set_active_sheet(len(found._Workbook__worksheets) - 1)
    return found


OLD: dict[str, Any] = {
    "plain": lambda: old([HEAD, *PUPILS]),
    "hidden-column": lambda: old(
        [["学号", "考号", "姓名"], ["9901", "0101", "陈"], ["9902", "0102", "刘"]], columns=(0,)
    ),
    "many": lambda: old([HEAD, *([number, "生", "四1", "男"] for number in range(101, 901))], "0000"),
    "numbers": lambda: old([HEAD, [101, "陈", "四1", "男"], [102, "刘", "四1", "女"]]),
    "zeros": lambda: old([HEAD, [101, "陈", "四1", "男"], [102, "刘", "四1", "女"]], "0000"),
    "titles": lambda: old([["某某小学"], [], HEAD, *PUPILS, ["合计", 3]]),
    "hidden-first": lambda: old([HEAD, *PUPILS], sheet=True),
    "hidden-rows": lambda: old([HEAD, *PUPILS], rows=(2,)),
    "zeros-with-letter": lambda: old([HEAD, [101, "陈"], [102.5, "刘"], [103, "王"]], '"S"0000'),
    "long-numbers": lambda: old([HEAD, [310105201701010000.0, "陈"], [310105201701020000.0, "刘"]]),
}


def locked(found: Any, password: str) -> bytes:
    container = io.BytesIO()
    CompoundDoc.XlsDoc().save(container, with_password(found.get_biff_data(), password))
    return container.getvalue()


def main() -> None:
    (BOOKS / "password.xls").write_bytes(locked(old([HEAD, *PUPILS]), "yan-chang"))
    BOOKS.mkdir(exist_ok=True)
    for name, make in NEW.items():
        make().save(BOOKS / f"{name}.xlsx")
    for name, make in OLD.items():
        make().save(str(BOOKS / f"{name}.xls"))


if __name__ == "__main__":
    main()
