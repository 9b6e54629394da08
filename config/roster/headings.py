"""The heading of a list of pupils: which column is which, in the words that schools use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from config.roster.table import Row

HEADINGS = {
    "student_id": (
        *(
            "学号",
            "学生学号",
            "學號",
            "考号",
            "考生号",
            "考生号码",
            "考號",
            "studentid",
            "studentno",
            "studentnumber",
        ),
        *("准考证号", "准考证号码", "準考證號", "学籍号", "学籍号码", "学籍编号", "學籍號", "全国学籍号"),
        *(
            "全国学籍号码",
            "考试号",
            "考试编号",
            "测试号",
            "测试编号",
            "监测号",
            "监测编号",
            "学生编号",
            "学生号",
        ),
        *("学生id", "考籍号", "编号", "編號", "id"),
    ),
    "name": ("姓名", "学生姓名", "考生姓名", "學生姓名", "名字", "name", "studentname"),
    "class_name": ("班级", "班級", "所在班级", "行政班", "class", "classname", "班"),
    "sex": ("性别", "性別", "sex", "gender"),
}
"""Per field, the words of its heading; where a table has several of them, the first here counts."""
LONGEST = 100
"""Letters of a heading that are looked at."""
TITLE_ROWS = 10
"""So many rows at the top may be titles."""
WORDS = {word: field for field, words in HEADINGS.items() for word in words}
END_MARK = re.compile(r"[(\[【][^()\[\]【】]{0,20}[)\]】]$")
"""“(必填)”, “(18位)”: what a form says of a column."""


@dataclass(frozen=True)
class Heading:
    """Where the heading stands, in `rows`, and what its columns are."""

    columns: dict[str, int]
    words: tuple[str, ...]
    first: int
    behind: int
    """Index of the first row that can be a pupil."""


def heading_word(cell: object) -> str:
    """A heading without what people put around it: “ 学 号* ” and “学号(必填)” are “学号”."""
    text = "".join(char for char in str(cell)[:LONGEST] if unicodedata.category(char) != "Cf")
    word = END_MARK.sub("", re.sub(r"[\s*:._-]", "", unicodedata.normalize("NFKC", text).lower()))
    # “学号/考号”: either is right.
    return next((part for part in re.split(r"[/、|]", word) if part in WORDS), word)


def find_heading(rows: Sequence[Row]) -> Heading | None:
    """The heading, of one line or of two; None where no column of numbers is named."""
    for index, (_, cells) in enumerate(rows[:TITLE_ROWS]):
        words = [heading_word(cell) for cell in cells]
        column = _columns(words).get("student_id")
        if column is None:
            continue
        behind = index + 1
        if index:
            words = _joined(words, [heading_word(cell) for cell in rows[index - 1][1]])
        if behind < len(rows):
            below = [heading_word(cell) for cell in rows[behind][1]]
            number = below[column] if column < len(below) else ""
            if number in ("", words[column]) and any(word in WORDS for word in below):
                words = _joined(words, below)
                behind += 1
        return Heading(_columns(words), tuple(words), index, behind)
    return None


def _columns(words: Sequence[str]) -> dict[str, int]:
    found = {field: [name for name in names if name in words] for field, names in HEADINGS.items()}
    return {field: words.index(names[0]) for field, names in found.items() if names}


def _joined(words: Sequence[str], other: Sequence[str]) -> list[str]:
    """Words that say nothing (empty, or what stands over several columns) give way to those that do."""
    length = max(len(words), len(other))
    first, second = ([*line, *[""] * (length - len(line))] for line in (words, other))
    known = {WORDS[word] for word in first if word in WORDS}
    return [
        there if there in WORDS and here not in WORDS and WORDS[there] not in known else here
        for here, there in zip(first, second, strict=True)
    ]
