"""Rosters that schools really hand in: what is certain is repaired and said, the rest is named."""

# ruff: noqa: RUF001 - schools write with the marks of their own script

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from config.roster.rosterfile import check_roster
from tests.config.sheets import Workbook

pytestmark = pytest.mark.usefixtures("read_at_once")
HEAD = "学号,姓名,班级,性别\n"
TEN = HEAD + "".join(f"01{number:02},生{number},四(2)班,男\n" for number in range(1, 11))


def read(path: Path) -> tuple[list[str], list[str]]:
    """(numbers, sentences without the file's name)."""
    roster, problems = check_roster(path)
    said = [f"{problem.severity} {problem.sentence()}".replace(path.name, "F") for problem in problems]
    return [pupil.student_id for pupil in roster.pupils] if roster else [], said


def read_text(tmp_path: Path, text: str) -> tuple[list[str], list[str]]:
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read(path)


# --- no pupil vanishes


@pytest.mark.parametrize("line", range(2, 12))
@pytest.mark.parametrize("column", range(4))
def test_a_lone_quotation_mark_is_named_with_its_line(tmp_path: Path, line: int, column: int) -> None:
    lines = TEN.splitlines()
    cells = lines[line - 1].split(",")
    cells[column] = '"' + cells[column]
    lines[line - 1] = ",".join(cells)
    numbers, said = read_text(tmp_path, "\n".join(lines) + "\n")
    assert numbers == []
    assert said == [
        f'error F:{line}: a quotation mark (") begins here that does not end where it should. '
        "Remove it, or write two."
    ]


def test_two_lone_quotation_marks_do_not_hide_the_pupils_between_them(tmp_path: Path) -> None:
    text = TEN.replace("生3", '"生3').replace("生8", '生8"')
    numbers, said = read_text(tmp_path, text)
    assert (numbers, said[0][:10]) == ([], "error F:4:")


def test_a_name_with_a_line_break_is_still_a_name(tmp_path: Path) -> None:
    assert read_text(tmp_path, HEAD + '0101,"陈\n一诺",四2,男\n0102,刘,四2,女\n')[0] == ["0101", "0102"]


# --- numbers as they are shown


@pytest.mark.parametrize(
    ("code", "value", "number"),
    [
        ("0000", 101.0, "0101"),
        ("000000", 17.0, "000017"),
        ("0000", 0.0, "0000"),
        ('"2026"0000', 101.0, "20260101"),
        ("\\G000", 7.0, "G007"),
        ("0000;-0000", 101.0, "0101"),
        ("0_ ", 101.0, "101"),
        ("0", 101.0, "101"),
        ("@", 101.0, "101"),
        ("#,##0", 1101.0, "1101"),
    ],
)
def test_a_number_is_taken_as_excel_shows_it(tmp_path: Path, code: str, value: float, number: str) -> None:
    path = Workbook({"S": [["学号"], [(value, code)]]}).write(tmp_path / "r.xlsx")
    numbers, said = read(path)
    assert numbers == [number]
    assert bool(said) == (number != str(int(value)))
    assert all("as Excel shows them" in sentence for sentence in said)


def test_long_numbers_whose_end_excel_has_lost_are_named(tmp_path: Path) -> None:
    numbers, said = read_text(tmp_path, "学号\n310105201501010000\n310105201501020000\n")
    assert numbers == []
    assert [sentence[:12] for sentence in said] == ["error F:2:1:", "error F:3:1:"]
    assert "15 digits" in said[0]


def test_one_long_number_among_many_may_end_in_zeros(tmp_path: Path) -> None:
    numbers, said = read_text(tmp_path, "学号\n310105201501011000\n310105201501021234\n")
    assert len(numbers) == 2
    assert said[0].startswith("warning F:2:1:")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("20170101.0", "20170101"),
        ("0101\u200b", "0101"),
        ("\u202a0101\u202c", "0101"),
        ("\ufeff0101", "0101"),
        ("01\u200b01", "0101"),
        ("\u00ad0101", "0101"),
    ],
)
def test_what_a_program_put_around_a_number_is_removed_and_said(
    tmp_path: Path, cell: str, number: str
) -> None:
    numbers, said = read_text(tmp_path, f"姓名,学号\n陈,{cell}\n")
    assert numbers == [number]
    assert said[0].startswith("repaired F:2:2:")
    assert "U+" in said[0] or ".0" in said[0]


def test_an_unfit_number_shows_what_can_not_be_seen_in_it(tmp_path: Path) -> None:
    assert "01<U+200B>?" in read_text(tmp_path, "学号\n01\u200b?\n")[1][0]


# --- rows that are no pupils


@pytest.mark.parametrize(
    "row",
    [
        "合计,,30,",
        "合计,30,,",
        "总计：30人,,,",
        "备注：以上为全部考生,,,",
        "制表人：张三,,审核人：李四,",
        "制表人,张三,,",
        "共30人,,,",
        ",合计,30,",
        "Total,30,,",
        "学号,姓名,班级,性别",
    ],
)
def test_a_row_that_is_no_pupil_is_left_out_and_said(tmp_path: Path, row: str) -> None:
    numbers, said = read_text(tmp_path, f"{HEAD}0101,陈,四2,男\n0102,刘,四2,女\n{row}\n")
    assert numbers == ["0101", "0102"]
    assert [sentence.split(":")[0] for sentence in said] == ["repaired F"]
    assert ":4" in said[0]


def test_a_pupil_whose_class_is_called_like_a_remark_stays(tmp_path: Path) -> None:
    numbers, _ = read_text(tmp_path, "备注,学号,姓名\n备注:新生,0101,陈一诺\n,0102,刘\n")
    assert numbers == ["0101", "0102"]


# --- headings


@pytest.mark.parametrize(
    "word",
    [
        "考生号",
        "全国学籍号",
        "学籍号",
        "准考证号",
        "學號",
        "学号（必填）",
        "学号(必填)",
        "学 号",
        "*学号",
        "考号：",
        "\u200b学号",
        "學籍號",
    ],
)
def test_headings_that_schools_use(tmp_path: Path, word: str) -> None:
    assert read_text(tmp_path, f"{word},姓名\n0101,陈\n") == (["0101"], [])


@pytest.mark.parametrize(
    "lines",
    [
        ["学号,学生信息,,班级", ",姓名,性别,"],
        ["学号,学生信息,,班级", "学号,姓名,性别,班级"],
        ["某校名单,,,", "基本信息,,,", "学号,姓名,性别,班级"],
        [",学生信息,,班级", "学号,姓名,性别,"],
    ],
)
def test_headings_of_two_lines(tmp_path: Path, lines: Sequence[str]) -> None:
    path = tmp_path / "r.csv"
    path.write_text("\n".join([*lines, "0101,陈,男,四2", "0102,刘,女,四2"]), encoding="utf-8")
    roster, problems = check_roster(path)
    assert roster is not None
    assert problems == []
    first = roster.pupils[0]
    assert (first.student_id, first.name, first.sex, first.class_name) == ("0101", "陈", "男", "四2")


# --- sheets, hidden parts, merged cells

LIST: list[list[object]] = [["学号", "姓名"], ["0101", "陈"]]
OLD: list[list[object]] = [["学号", "姓名"], ["9901", "旧"]]


def test_a_hidden_old_list_before_the_list_is_left_out_and_said(tmp_path: Path) -> None:
    path = Workbook({"去年": OLD, "今年": LIST}, hidden=["去年"]).write(tmp_path / "r.xlsx")
    assert read(path) == (["0101"], ["warning F: the hidden sheet “去年” was left out."])


def test_the_list_may_be_on_any_sheet(tmp_path: Path) -> None:
    path = Workbook({"说明": [["请填写"]], "名单": LIST}).write(tmp_path / "r.xlsx")
    assert read(path) == (["0101"], ["repaired F: the sheet “说明” has no list of pupils."])


def test_empty_sheets_are_nothing_to_speak_of(tmp_path: Path) -> None:
    path = Workbook({"Sheet1": LIST, "Sheet2": [], "Sheet3": []}).write(tmp_path / "r.xlsx")
    assert read(path) == (["0101"], [])


def test_several_lists_are_not_chosen_from(tmp_path: Path) -> None:
    path = Workbook({"一班": LIST, "二班": OLD}).write(tmp_path / "r.xlsx")
    numbers, said = read(path)
    assert numbers == []
    assert "“一班”, “二班”" in said[0]


def test_hidden_rows_are_left_out_and_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [*LIST, ["0102", "刘"], ["0103", "王"]]
    path = Workbook({"S": rows}, hidden_rows=[3]).write(tmp_path / "r.xlsx")
    assert read(path) == (
        ["0101", "0103"],
        ["warning F:3: 1 hidden rows were left out, the first of them here."],
    )


def test_merged_classes_are_filled_down_and_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [["班级", "学号"], ["四1", "0101"], [None, "0102"], ["四2", "0103"]]
    path = Workbook({"S": rows}, merged=["A2:A3"]).write(tmp_path / "r.xlsx")
    roster, problems = check_roster(path)
    assert roster is not None
    assert [pupil.class_name for pupil in roster.pupils] == ["四1", "四1", "四2"]
    assert ["merged cells" in str(problem.message) for problem in problems] == [True]


def test_blank_rows_under_a_merged_cell_are_no_pupils(tmp_path: Path) -> None:
    rows: list[list[object]] = [["班级", "学号"], ["四1", "0101"], [None, None], [None, None]]
    path = Workbook({"S": rows}, merged=["A2:A4"]).write(tmp_path / "r.xlsx")
    assert read(path)[0] == ["0101"]


def test_a_problem_in_a_book_of_several_sheets_names_the_sheet(tmp_path: Path) -> None:
    path = Workbook({"说明": [["x"]], "名单": [*LIST, ["?", "刘"]]}).write(tmp_path / "r.xlsx")
    assert any("F[名单]:3:1" in sentence for sentence in read(path)[1])


# --- names


def test_rare_and_private_characters_of_a_name_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        "学号,姓名\n0101,李龴\n0102,张\ue1a2\n0103,\U00030edd\n0104,王\u202e\u200b一\n", encoding="utf-8"
    )
    roster, _ = check_roster(path)
    assert roster is not None
    assert [pupil.name for pupil in roster.pupils] == ["李龴", "张\ue1a2", "\U00030edd", "王一"]


def test_empty_names_and_short_rows_are_named(tmp_path: Path) -> None:
    numbers, said = read_text(tmp_path, "学号,姓名\n0101,陈\n0102\n0103,\n")
    assert numbers == ["0101", "0102", "0103"]
    assert said == ["warning F:3:2: the column “姓名” is empty for 2 pupils, the first of them here."]


def test_a_comma_in_a_name_is_pointed_out(tmp_path: Path) -> None:
    assert "more cells than the heading" in read_text(tmp_path, "学号,姓名\n0101,陈,一诺\n")[1][0]
