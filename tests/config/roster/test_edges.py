"""Rosters on the edge of a rule: one step before it is read, one step behind it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.roster.headings import find_heading
from config.roster.studentid import cut_by_excel
from config.roster.table import MOST_COLUMNS
from tests.config.roster.test_kinds import read, read_text


@pytest.mark.parametrize(
    ("number", "cut"),
    [
        ("310105201501010000", True),
        ("310105201501012300", False),
        ("31010520150101200", True),
        ("3101052015010120", False),
        ("310105201501012", False),
        ("A10105201501010000", False),
    ],
)
def test_only_a_long_number_that_ends_in_zeros_behind_the_fifteenth_digit_was_cut(
    number: str, cut: bool
) -> None:
    assert cut_by_excel(number) is cut


@pytest.mark.parametrize(
    ("cells", "pupils"),
    [
        (["0107", *["x"] * (MOST_COLUMNS - 1)], ["0107"]),
        (["0107", *["x"] * MOST_COLUMNS], []),
        (["0107", *[""] * MOST_COLUMNS], ["0107"]),
        (["0107", *[" "] * MOST_COLUMNS, "x"], []),
        ([""] * (MOST_COLUMNS + 1), ["0108"]),
    ],
    ids=["as many cells as allowed", "one more", "empty ones behind", "one far behind", "all empty"],
)
def test_a_line_of_very_many_cells_is_read_where_they_are_empty(
    tmp_path: Path, cells: list[str], pupils: list[str]
) -> None:
    more = "\n0108" if pupils == ["0108"] else ""
    numbers, said = read_text(tmp_path, f"学号\n{','.join(cells)}{more}\n")
    assert numbers == pupils
    assert bool(pupils) != any("more than 1000 cells" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('<?xml version="1.0"?><page>', "web page"),
        ("<html>spreadsheet", "web page"),
        ('\ufeff\r\n <?xml version="1.0"?><x spreadsheet>', "Excel 2003"),
    ],
)
def test_only_a_spreadsheet_in_xml_is_called_one(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    assert word in read(tmp_path / "r.csv")[1][0]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (["0107", "108"], True),
        (["1107", "108"], True),
        ([*[str(number) for number in range(1000, 1010)], "108"], False),
        ([*[str(number) for number in range(1000, 1009)], "108"], True),
        (["0107", *[str(number) for number in range(1000, 1010)], "108"], True),
        (["0107", "0108"], False),
        (["01", "1107"], False),
    ],
    ids=str,
)
def test_lost_zeros_are_said_where_some_have_them_or_many_are_short(
    tmp_path: Path, numbers: list[str], said: bool
) -> None:
    found, sentences = read_text(tmp_path, "\n".join(["学号", *numbers]))
    assert found == numbers
    assert any("different lengths" in sentence for sentence in sentences) is said


def columns(*rows: list[str]) -> dict[str, int] | None:
    found = find_heading([(line, cells) for line, cells in enumerate(rows, start=1)])
    return None if found is None else dict(found.columns)


def test_a_heading_of_two_lines_is_read_as_one() -> None:
    title, below = ["学生", "", "班级"], ["学号", "姓名"]
    assert columns(title, below) == {"student_id": 0, "name": 1, "class_name": 2}
    assert columns(["学号", "学生", "其他"], ["", "姓名", "性别"]) == {"student_id": 0, "name": 1, "sex": 2}


def test_a_line_of_pupils_below_the_heading_stays_one() -> None:
    assert columns(["姓名", "学号"], ["陈"]) == {"student_id": 1, "name": 0}
    assert columns(["姓名", "学号"], ["性别"]) == {"student_id": 1, "name": 0}, "it names no other column"
    assert columns(["姓名", "学号", "学生"], ["陈一诺", "0107", "性别"]) == {"student_id": 1, "name": 0}
    assert columns(["姓名", "学号", "性别"], ["班级", "", "性别"]) == {"student_id": 1, "name": 0, "sex": 2}
    assert columns(["x"], ["y"]) is None
