# ruff: noqa: E501, RUF001 - tables of what people write
"""Lists as Excel's own libraries and people's programs write them, each with its right reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.roster.rosterfile import check_roster

BOOKS = Path(__file__).with_name("books")
THREE = "0101 0102 0103"
LIST = "学号,姓名,班级,性别\n0101,陈,四1,男\n0102,刘,四1,女\n"
EXPECTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "plain.xlsx": (THREE, ()),
    "titles.xlsx": (THREE, ()),
    "merged-title.xlsx": (THREE, ()),
    "footer.xlsx": (THREE, ("repaired:6", "repaired:7")),
    "signatures.xlsx": (THREE, ("repaired:5", "repaired:6", "repaired:7")),
    "sections.xlsx": (THREE, ("warning:2", "warning:5")),
    "zeros.xlsx": (THREE, ("repaired:2 as Excel shows them",)),
    "zeros-with-letter.xlsx": ("S0101 S0102", ("repaired:2 shown as S0101",)),
    "zeros-in-groups.xlsx": ("3105-0101 3105-0102", ("repaired:2 shown as 3105-0101",)),
    "zeros-locale.xlsx": ("0101 0102", ("repaired:2",)),
    "zeros-and-negative.xlsx": ("0101 0102", ("repaired:2",)),
    "zeros-text-part.xlsx": ("0101 0102", ("repaired:2",)),
    "zeros-by-condition.xlsx": ("0101 020101 1234567", ("repaired:2 2 numbers",)),
    "zeros-behind-signs.xlsx": ("0101 20101", ("repaired:2 101 is shown as 0101",)),
    "thousands.xlsx": ("1001 1002", ()),
    "general-numbers.xlsx": ("20170101 20170102", ()),
    "decimals.xlsx": ("20170101 20170102", ()),
    "long-numbers.xlsx": ("", ("error:2 Format the column as text", "error:3")),
    "long-texts.xlsx": ("310105201701011234 31010520170102123X", ()),
    "dates.xlsx": ("", ("error:2 is a date",)),
    "class-became-date.xlsx": ("0101", ("warning:2 has dates in 1 rows",)),
    "text-and-numbers.xlsx": ("0101 102", ("warning:3 removed leading zeros",)),
    "formulas.xlsx": ("", ("error:2 formula without its result",)),
    "hidden-first.xlsx": (THREE, ("warning hidden sheet “旧名单”",)),
    "very-hidden-first.xlsx": (THREE, ("warning hidden sheet “旧名单”",)),
    "hidden-rows.xlsx": ("0101 0103", ("warning:3 1 hidden rows",)),
    "filtered.xlsx": ("0103", ("warning:2 2 hidden rows",)),
    "hidden-number.xlsx": ("0101 0102", ("warning hidden columns were left out: 学号",)),
    "hidden-note.xlsx": (THREE, ()),
    "two-lists.xlsx": ("", ("error several lists of pupils",)),
    "list-and-notes.xlsx": (THREE, ("repaired “说明” has no list",)),
    "list-second.xlsx": (THREE, ("repaired “Sheet” has no list",)),
    "empty-sheets.xlsx": (THREE, ()),
    "merged-class.xlsx": (THREE, ("repaired:3 filled down",)),
    "merged-heading.xlsx": (THREE, ()),
    "dressed.xlsx": (THREE, ()),
    "chart-sheet.xlsx": (THREE, ()),
    "far-away.xlsx": ("", ("error XFD1048576",)),
    "formats-only.xlsx": (THREE, ()),
    "spaces.xlsx": ("0101 0102", ("repaired:3",)),
    "invisible.xlsx": ("0101 0102", ("repaired:2 U+200B", "repaired:3 U+202D")),
    "rare-names.xlsx": ("0101 0102 0103 0104", ()),
    "other-columns.xlsx": ("0101", ()),
    "doubles.xlsx": ("", ("error:3 stands in line 2 already",)),
    "errors.xlsx": ("", ("error:2",)),
    "english.xlsx": ("A-0101", ()),
    "booleans.xlsx": ("", ("error:2",)),
    "no-heading.xlsx": ("", ("error no column “学号”",)),
    "plain.xls": (THREE, ()),
    "numbers.xls": ("101 102", ()),
    "zeros.xls": ("0101 0102", ("repaired:2 101 is shown as 0101",)),
    "zeros-with-letter.xls": ("", ("error:3", "repaired:2 101 is shown as S0101")),
    "titles.xls": (THREE, ("repaired:7",)),
    "hidden-first.xls": (THREE, ("warning hidden sheet “旧名单”",)),
    "hidden-rows.xls": ("0101 0103", ("warning:3 1 hidden rows",)),
    "hidden-column.xls": ("0101 0102", ("warning hidden columns were left out: 学号",)),
    "password.xls": ("", ("error it has a password",)),
    "long-numbers.xls": ("", ("error:2", "error:3")),
    "many.xls": (" ".join(f"{number:04}" for number in range(101, 901)), ("repaired:2 800 numbers",)),
}
"""File -> numbers ("" where it can't be used), and what is said: severity, line, words."""

TEXTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "as Excel splits": ("sep=;\n" + LIST.replace(",", ";"), "0101 0102", ()),
    "old Mac line ends": (LIST.replace("\n", "\r"), "0101 0102", ()),
    "bars": (LIST.replace(",", "|"), "0101 0102", ()),
    "all in quotation marks": ('"学号","姓名"\r\n"0101","陈"\r\n"0102","刘"\r\n', "0101 0102", ()),
    "zeros kept by a formula": ('学号,姓名\n="0101",陈\n="0102",刘\n', "0101 0102", ("repaired:2", "repaired:3")),
    "count of boys and girls": (LIST + "男生 9人,女生 21人,,\n", "0101 0102", ("repaired:4",)),
    "head of the school": (LIST + "校长签字：,,,\n（盖章）,,,\n", "0101 0102", ("repaired:4", "repaired:5")),
    "a sum without a word": (LIST + ",,30,\n", "0101 0102", ("warning:4",)),
    "day of printing": (LIST + "2026年11月26日,,,\n", "0101 0102", ("repaired:4",)),
    "a pupil without a number": (LIST + ",王,四1,女\n", "", ("error:4 number is missing",)),
    "a pupil without a name": (LIST + "0103,,四1,女\n", THREE, ("warning:4 “姓名” is empty",)),
    "a word after the number": (LIST + "0103号,,四1,女\n", "", ("error:4 can't be a number",)),
    "length in the heading": ("学号(18位),姓名\n0101,陈\n", "0101", ()),
    "two words in the heading": ("学号/考号,姓名\n0101,陈\n", "0101", ()),
    "English with a dot": ("Student No.,Name\n0101,Chen\n", "0101", ()),
    "number of the examination": ("考试号,姓名\n0101,陈\n", "0101", ()),
    "number of the monitoring": ("监测号,姓名\n0101,陈\n", "0101", ()),
    "running numbers are no ids": ("序号,姓名\n1,陈\n2,刘\n", "", ("error no column",)),
    "a mark within a name": (LIST + '0103,王"子,四1,女\n', THREE, ()),
    "a mark that closes too early": (LIST + '0103,"王"子,四1,女\n', "", ("error:4 quotation mark",)),
    "a mark that never closes": (LIST + '0103,"王子,四1,女\n0104,李,四1,女\n', "", ("error:4 quotation mark",)),
    "Chinese marks": (LIST + "0103,“王子”,四1,女\n", THREE, ()),
}  # fmt: skip


def check(path: Path, numbers: str, said: tuple[str, ...]) -> None:
    roster, problems = check_roster(path)
    assert ([pupil.student_id for pupil in roster.pupils] if roster else []) == numbers.split()
    found = [f"{one.severity}{f':{one.line}' if one.line else ''} {one.message}" for one in problems]
    assert len(found) == len(said), found
    for sentence, (place, _, words) in zip(found, (one.partition(" ") for one in said), strict=True):
        assert sentence.startswith(f"{place} "), found
        assert words in sentence, found


@pytest.mark.sampled(19)
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_book_is_read_as_it_is_meant(name: str) -> None:
    check(BOOKS / name, *EXPECTED[name])


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_text_is_read_as_it_is_meant(tmp_path: Path, name: str) -> None:
    text, numbers, said = TEXTS[name]
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    check(path, numbers, said)


def test_every_book_has_its_reading() -> None:
    assert {path.name for path in BOOKS.iterdir()} == EXPECTED.keys()


def test_characters_that_few_fonts_have_are_those_of_the_file() -> None:
    roster, _ = check_roster(BOOKS / "rare-names.xlsx")
    assert roster is not None
    assert [pupil.name for pupil in roster.pupils] == ["李䶮", "王𠮷", "赵\ue863", "艾则孜·买买提"]
