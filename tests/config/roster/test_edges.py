"""Rosters on the edge of a rule: one step before it is read, one step behind it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.roster import rows, table
from config.roster.headings import find_heading
from config.roster.rosterfile import load_roster
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
        (["0107", *[""] * (MOST_COLUMNS + 1)], ["0107"]),
        (["0107", *[" "] * MOST_COLUMNS, "x"], []),
        ([""] * (MOST_COLUMNS + 1), ["0108"]),
    ],
    ids=[
        "as many cells as allowed",
        "one more",
        "empty ones behind",
        "and one more",
        "one far behind",
        "all empty",
    ],
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


def columns(*lines: list[str]) -> dict[str, int] | None:
    found = find_heading([(line, cells) for line, cells in enumerate(lines, start=1)])
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


CUT, ALSO_CUT = "310105201501010000", "310105201501020000"


@pytest.mark.parametrize(
    ("others", "severity"),
    [
        (["3101052015010120"], "error"),
        (["31010520150101234"], "warning"),
        ([ALSO_CUT, "310105201501021234"], "error"),
    ],
    ids=["one that Excel keeps", "one that it would cut", "one more, and a right one"],
)
def test_one_long_number_may_end_in_zeros_by_chance_where_another_does_not(
    tmp_path: Path, others: list[str], severity: str
) -> None:
    _, said = read_text(tmp_path, "\n".join(["学号", CUT, *others]))
    assert said[0].startswith(f"{severity} F:2:1: {CUT} ends in zeros")


@pytest.mark.parametrize(
    ("heading", "column"), [("姓名,学号,班级,学号", 4), ("学号,学号,姓名", 2), ("学号,姓名,学号", 3)]
)
def test_of_two_columns_of_numbers_the_second_is_named(tmp_path: Path, heading: str, column: int) -> None:
    numbers, [said] = read_text(tmp_path, f"{heading}\n1,2,3,4\n")
    assert (numbers, said.partition(": ")[0]) == ([], f"error F:1:{column}")


@pytest.mark.parametrize(
    "row", ["共30人,张三", "人数", "合计,30,人数", "制表人,2026年,张三", "以上为全部考生,,"]
)
def test_a_row_that_sums_up_is_no_pupil_wherever_its_words_stand(tmp_path: Path, row: str) -> None:
    numbers, [said] = read_text(tmp_path, f"备注,学号,姓名\n,0101,陈\n,0102,刘\n{row}\n")
    assert numbers == ["0101", "0102"]
    assert said.startswith(("repaired F:4: this row is no pupil", "warning F:4: this row has neither"))


def test_a_pupil_with_a_short_number_and_no_name_is_one(tmp_path: Path) -> None:
    assert read_text(tmp_path, "学号,姓名\n16,陈\n17,\n")[0] == ["16", "17"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("学号,姓名\n0101,\n0102,\n", ["warning F:2:2: the column “姓名” is empty for 2 pupils"]),
        ("学号,班级\n0101,\n0102,\n", []),
        ("学号,班级\n0101,四1\n0102,\n", ["warning F:3:2: the column “班级” is empty for 1 pupil"]),
    ],
)
def test_names_that_are_missing_are_named_and_a_list_of_one_class_needs_no_column_for_it(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    numbers, found = read_text(tmp_path, text)
    assert numbers == ["0101", "0102"]
    assert [sentence.partition(", the first")[0] for sentence in found] == said


@pytest.mark.parametrize(("letters", "shown"), [(60, 60), (61, 59)])
def test_a_name_that_fits_is_whole_and_of_a_longer_one_the_cut_is_shown(
    tmp_path: Path, letters: int, shown: int
) -> None:
    name = "艾 " + "买" * (letters - 2)
    (tmp_path / "r.csv").write_text(f"学号,姓名\n0101,{name}\n", encoding="utf-8")
    [pupil] = load_roster(tmp_path / "r.csv").pupils
    assert pupil.name == name[:shown] + "…" * (letters > 60)


def test_empty_lines_above_a_list_are_no_titles(tmp_path: Path) -> None:
    assert read_text(tmp_path, ",\n , \n" * 9 + "学号,姓名\n0101,陈\n") == (["0101"], [])


def test_a_list_that_is_not_there_is_said(tmp_path: Path) -> None:
    numbers, [said] = read(tmp_path / "absent.csv")
    assert (numbers, said.startswith("error F: the file can't be read: ")) == ([], True)


@pytest.mark.parametrize(("bound", "most"), [("MAX_LINES", 1), ("MAX_BYTES", 12), ("MOST_CELLS", 2)])
def test_a_text_is_read_up_to_its_bounds_and_not_beyond_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    text = "id,name\n1,a\n"
    monkeypatch.setattr(table, bound, most)
    assert read_text(tmp_path, text) == (["1"], [])
    monkeypatch.setattr(table, bound, most - 1)
    assert read_text(tmp_path, text) == ([], ["error F: the file is too large for a list of pupils."])


@pytest.mark.parametrize("row", ["#,陈", "合计,"])
def test_of_a_file_with_very_many_faults_the_rest_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    monkeypatch.setattr(rows, "MOST_PROBLEMS", 3)
    numbers, said = read_text(tmp_path, "学号,姓名\n" + f"{row}\n" * 9)
    assert numbers == []
    assert "too much to say of this file" in said[3]
    assert len(said) == 4
