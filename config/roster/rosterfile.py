"""A roster from CSV or Excel, as schools make them; every problem with line and column.

1. What is certain is repaired and said (full-width digits, spaces around); what is not certain is an
   error: a pupil with a wrong number can't be mended later.
2. Headings may be Chinese or English and may stand below title rows.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from config.base.errors import ConfigError
from config.base.message import say, shown
from config.base.problems import Problem, raise_first
from config.roster.pupils import Pupil, Roster
from config.roster.studentid import clean_student_id
from config.roster.table import Row, read_data, rows_of

HEADINGS = {
    "student_id": ("学号", "考号", "student_id", "studentid", "准考证号", "学籍号", "编号", "id"),
    "name": ("姓名", "学生姓名", "name"),
    "class_name": ("班级", "class", "class_name", "班"),
    "sex": ("性别", "sex", "gender"),
}
"""Per field, the words of its heading; where a table has several of them, the first here counts."""
TITLE_ROWS = 10
"""So many rows at the top may be titles."""


def load_roster(path: Path) -> Roster:
    """The roster of a file. Raises ConfigError with the first problem."""
    roster, problems = check_roster(path)
    raise_first(problems)
    assert roster is not None
    return roster


def check_roster(path: Path) -> tuple[Roster | None, list[Problem]]:
    """The roster if it can be used, and everything that is wrong or was repaired."""
    try:
        data = read_data(path)
        rows = list(rows_of(data))
    except ConfigError as error:
        return None, [Problem("error", path.name, error.what)]
    columns, heading_at = _find_heading(rows)
    if "student_id" not in columns:
        message = say("no column “学号” (student_id) was found in the first {rows} rows.", rows=TITLE_ROWS)
        return None, [Problem("error", path.name, message)]
    twice = _second_column(path.name, rows[heading_at], columns["student_id"])
    if twice is not None:
        return None, [twice]
    pupils, problems = _read_pupils(path.name, rows[heading_at + 1 :], columns)
    if not pupils and not problems:
        problems.append(Problem("error", path.name, say("there are no pupils in it.")))
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return Roster(tuple(pupils), hashlib.sha256(data).hexdigest()), problems


def _find_heading(rows: Sequence[Row]) -> tuple[dict[str, int], int]:
    """Column index per field, and the index of the heading row in `rows`."""
    for index, (_, cells) in enumerate(rows[:TITLE_ROWS]):
        words = [_heading(cell) for cell in cells]
        found = {field: [name for name in names if name in words] for field, names in HEADINGS.items()}
        columns = {field: words.index(names[0]) for field, names in found.items() if names}
        if "student_id" in columns:
            return columns, index
    return {}, 0


def _second_column(file: str, heading: Row, column: int) -> Problem | None:
    """Two columns with the same heading: nobody knows which of them holds the numbers."""
    line, cells = heading
    words = [_heading(cell) for cell in cells]
    if words.count(words[column]) == 1:
        return None
    second = words.index(words[column], column + 1)
    message = say("there are two columns “{heading}”. Remove one of them.", heading=shown(cells[column]))
    return Problem("error", file, message, line, second + 1)


def _heading(cell: object) -> str:
    """A heading without what people put around it: “ 学 号* ” is “学号”."""
    return re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", str(cell)).lower())


def _read_pupils(
    file: str, rows: Sequence[Row], columns: dict[str, int]
) -> tuple[list[Pupil], list[Problem]]:
    pupils: list[Pupil] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    column = columns["student_id"]
    for line, cells in rows:
        cell = cells[column] if column < len(cells) else ""
        student_id, finding = clean_student_id(cell)
        if finding is not None:
            severity, message = finding
            problems.append(Problem(severity, file, message, line, column + 1))
        if student_id is None:
            continue
        # Windows file names don't tell upper from lower case.
        first = seen.setdefault(student_id.casefold(), line)
        if first != line:
            message = say("the number {id} stands in line {line} already.", id=student_id, line=first)
            problems.append(Problem("error", file, message, line, column + 1))
            continue
        texts = {field: _text(cells, columns.get(field)) for field in ("name", "class_name", "sex")}
        pupils.append(Pupil(student_id, **texts))
    problems += _lost_zeros(
        file, [(pupil.student_id, seen[pupil.student_id.casefold()]) for pupil in pupils], column
    )
    return pupils, problems


def _text(cells: Sequence[object], column: int | None) -> str:
    if column is None or column >= len(cells):
        return ""
    cell = cells[column]
    return shown(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def _lost_zeros(file: str, ids: Sequence[tuple[str, int]], column: int) -> list[Problem]:
    """Numbers of different lengths, the shorter without a leading zero: Excel has eaten zeros.

    `ids`: (number, line).
    """
    numbers = [(number, line) for number, line in ids if number.isdigit()]
    longest = max((len(number) for number, _ in numbers), default=0)
    zeros = any(len(number) == longest and number.startswith("0") for number, _ in numbers)
    short = [found for found in numbers if len(found[0]) < longest and not found[0].startswith("0")]
    if not short or (not zeros and len(short) < len(numbers) / 10):
        return []
    message = say(
        "the numbers have different lengths ({short}, but {longest} digits elsewhere). Excel may have "
        "removed leading zeros: format the column as text and type them again.",
        short=short[0][0],
        longest=longest,
    )
    return [Problem("warning", file, message, short[0][1], column + 1)]
