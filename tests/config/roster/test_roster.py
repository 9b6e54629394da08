"""Rosters as schools make them."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.base.errors import ConfigError
from config.base.problems import Problem
from config.roster.pupils import Pupil
from config.roster.rosterfile import check_roster, load_roster
from tests.config import hostile
from tests.config.sheets import Date, write_sheet, write_xlsx

TABLE = "学号,姓名,班级,性别\n0107,陈一诺,四(2)班,男\n0108,刘思远,四(2)班,女\n"
PUPILS = (Pupil("0107", "陈一诺", "四(2)班", "男"), Pupil("0108", "刘思远", "四(2)班", "女"))


def found(path: Path, text: str, encoding: str = "utf-8") -> tuple[list[str], list[str]]:
    """(numbers of the pupils, problems as a person reads them)."""
    path.write_bytes(text.encode(encoding))
    roster, problems = check_roster(path)
    return [pupil.student_id for pupil in roster.pupils] if roster else [], sentences(problems)


def sentences(problems: list[Problem]) -> list[str]:
    return [f"{problem.severity} {problem.sentence()}" for problem in problems]


# --- encodings and forms


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(TABLE.encode(encoding))
    assert load_roster(path).pupils == PUPILS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "\uff0c"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, newline: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(TABLE.replace(",", delimiter).replace("\n", newline).encode())
    assert load_roster(path).pupils == PUPILS


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".csv", ""])
def test_excel_whatever_the_file_is_called(tmp_path: Path, ending: str) -> None:
    rows = [line.split(",") for line in TABLE.splitlines()]
    path = write_xlsx(tmp_path / f"roster{ending}", rows)
    assert load_roster(path).pupils == PUPILS


def test_text_that_is_called_xls(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes(TABLE.replace(",", "\t").encode("gb18030"))
    assert load_roster(path).pupils == PUPILS


def test_old_excel_file() -> None:
    roster = load_roster(Path(__file__).parent / "roster.xls")
    assert [pupil.student_id for pupil in roster.pupils] == ["0107", "108"]
    assert roster.pupils[0].name == "陈一诺"


def test_same_bytes_same_digest(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    first.write_bytes(TABLE.encode())
    second.write_bytes(TABLE.encode())
    third.write_bytes(TABLE.replace("0108", "0109").encode())
    assert load_roster(first).digest == load_roster(second).digest != load_roster(third).digest


# --- headings


@pytest.mark.parametrize(
    "heading",
    ["学号,姓名", "考号,姓名", "student_id,name", "ID,Name", " 学 号* ,姓名:", "准考证号,学生姓名"],
)
def test_headings(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(f"{heading}\n0107,陈一诺\n", encoding="utf-8")
    assert load_roster(path).pupils == (Pupil("0107", "陈一诺"),)


def test_columns_in_any_order_and_others_ignored(tmp_path: Path) -> None:
    text = "序号,Sex,class,备注,name,学号\n1,M,4-2,,Chen,0107\n"
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    assert load_roster(path).pupils == (Pupil("0107", "Chen", "4-2", "M"),)


def test_the_first_kind_of_number_counts(tmp_path: Path) -> None:
    assert found(tmp_path / "r.csv", "准考证号,姓名,学号\n9001,陈,0107\n") == (["0107"], [])


def test_title_rows_and_empty_rows_keep_the_line_numbers(tmp_path: Path) -> None:
    text = "某某小学四年级名单,,\n,,\n日期,5月26日,\n学号,姓名,班级\n0107,陈,四2\n,,\n01 08,刘,四2\n"
    _, problems = found(tmp_path / "r.csv", text)
    assert problems == [
        "error r.csv:7:1: “01 08” can't be a number here: use only letters a-z, digits, dot and dash."
    ]


def test_lines_are_counted_where_a_cell_has_several(tmp_path: Path) -> None:
    _, problems = found(tmp_path / "r.csv", '姓名,学号\n"陈\n一诺",0107\n刘,?\n')
    assert problems == [
        "error r.csv:4:2: “?” can't be a number here: use only letters a-z, digits, dot and dash."
    ]


def test_no_column_of_numbers(tmp_path: Path) -> None:
    assert found(tmp_path / "r.csv", "姓名,班级\n陈,四2\n") == (
        [],
        ["error r.csv: no column “学号” (student_id) was found in the first 10 rows."],
    )


def test_heading_without_pupils(tmp_path: Path) -> None:
    assert found(tmp_path / "r.csv", "学号,姓名\n,\n") == ([], ["error r.csv: there are no pupils in it."])


# --- numbers


def test_duplicates_name_both_lines(tmp_path: Path) -> None:
    text = "学号,姓名\nA07,陈\nA08,刘\na07,王\n\uff2108,李\n"
    _, problems = found(tmp_path / "r.csv", text)
    assert problems == [
        "error r.csv:4:1: the number a07 stands in line 2 already.",
        "repaired r.csv:5:1: “\uff2108” was read as A08.",
        "error r.csv:5:1: the number A08 stands in line 3 already.",
    ]


def test_empty_number_is_an_error_with_its_line(tmp_path: Path) -> None:
    assert found(tmp_path / "r.csv", "学号,姓名\n0107,陈\n,刘\n")[1] == [
        "error r.csv:3:1: the number is missing."
    ]


def test_short_row_is_a_missing_number(tmp_path: Path) -> None:
    assert found(tmp_path / "r.csv", "姓名,学号\n陈,0107\n刘\n")[1] == [
        "error r.csv:3:2: the number is missing."
    ]


def test_repairs_are_said_and_do_not_stop(tmp_path: Path) -> None:
    assert found(tmp_path / "r.csv", "学号,姓名\n\uff10\uff11\uff10\uff17,陈\n") == (
        ["0107"],
        ["repaired r.csv:2:1: “\uff10\uff11\uff10\uff17” was read as 0107."],
    )


def test_scientific_notation(tmp_path: Path) -> None:
    assert found(tmp_path / "r.csv", "学号\n3.10105E+17\n")[1] == [
        "error r.csv:2:1: 3.10105E+17 is a number that Excel has shortened. Format the column as text and "
        "type it again."
    ]


def test_lost_zeros_are_pointed_out(tmp_path: Path) -> None:
    numbers, problems = found(tmp_path / "r.csv", "学号\n0107\n0108\n109\n110\n")
    assert numbers == ["0107", "0108", "109", "110"]
    assert [problem.split(" the ")[0] for problem in problems] == ["warning r.csv:4:1:"]


@pytest.mark.parametrize("numbers", ["0107 0108", "107 108", "A1 B100", "0107 01080"])
def test_numbers_without_lost_zeros(tmp_path: Path, numbers: str) -> None:
    assert found(tmp_path / "r.csv", "\n".join(["学号", *numbers.split()])) == (numbers.split(), [])


@pytest.mark.usefixtures("read_at_once")
def test_excel_cells(tmp_path: Path) -> None:
    """Numbers as numbers, class as a number, dates that were numbers, an empty first row and column."""
    rows: list[list[object]] = [
        [],
        [None, "学号", "姓名", "班级"],
        [None, 107.0, "陈", 402.0],
        [None, Date(45000), "刘", None],
        [None, 310105201501011234.0, "王", None],
        [None, None, "李", None],
    ]
    roster, problems = check_roster(write_xlsx(tmp_path / "r.xlsx", rows))
    assert roster is None
    assert sentences(problems) == [
        "error r.xlsx:4:2: 2023-03-15 is a date. Format the column as text and type the number again.",
        "error r.xlsx:5:2: 3.10105e+17 is a number that Excel has shortened. Format the column as text and "
        "type it again.",
        "error r.xlsx:6:2: the number is missing.",
    ]
    roster = load_roster(write_xlsx(tmp_path / "r.xlsx", rows[:3]))
    assert roster.pupils == (Pupil("107", "陈", "402"),)


def test_stray_cell_in_the_far_corner_does_not_end_the_process(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "r.xlsx",
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>',
    )
    with pytest.raises(ConfigError, match="reaches as far as cell XFD1048576"):
        load_roster(path)


def test_excel_file_that_ends_its_reader(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """An old Excel file cut in a place where the native reader gives up at once."""
    path = tmp_path / "r.xls"
    path.write_bytes((Path(__file__).parent / "roster.xls").read_bytes()[:4358])
    with pytest.raises(ConfigError, match="Excel file can't be read"):
        load_roster(path)
    assert capfd.readouterr() == ("", "")


def test_names_are_made_fit_to_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"学号,姓名\n0107,陈\x1b[2J\x00一\n0108,{'长' * 1000}\n", encoding="utf-8")
    first, second = load_roster(path).pupils
    assert first.name == "陈 [2J 一"
    assert len(second.name) <= 60


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".xls"])
@pytest.mark.parametrize("content", hostile.ALL)
def test_whatever_the_file_is_the_answer_is_a_sentence(tmp_path: Path, content: str, ending: str) -> None:
    path = hostile.make(tmp_path / f"roster{ending}", content)
    with pytest.raises(ConfigError) as caught:
        load_roster(path)
    assert hostile.is_sentence(str(caught.value))
    assert path.name in str(caught.value)


def test_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "video.csv"
    with path.open("wb") as stream:
        stream.truncate(5_000_000_000)
    with pytest.raises(ConfigError, match="too large"):
        load_roster(path)


def test_two_columns_with_numbers_are_refused(tmp_path: Path) -> None:
    numbers, problems = found(tmp_path / "roster.csv", "学号,姓名, 学 号\n0107,陈一诺,0207\n")
    assert numbers == []
    assert problems == ["error roster.csv:1:3: there are two columns “学号”. Remove one of them."]
