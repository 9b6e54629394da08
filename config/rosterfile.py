"""A roster from CSV or Excel, as schools make them; every problem with line and column.

1. What is certain is repaired and said (full-width digits, spaces around); what is not certain is an
   error: a pupil with a wrong number can't be mended later.
2. Headings may be Chinese or English and may stand below title rows.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.errors import ConfigError
from config.message import say
from config.problems import Problem, raise_first
from config.roster import Pupil, Roster
from config.studentid import clean_student_id

HEADINGS = {
    "student_id": ("student_id", "student id", "id", "学号", "考号", "学籍号", "编号", "准考证号"),
    "name": ("name", "姓名", "学生姓名"),
    "class_name": ("class", "class_name", "班级", "班"),
    "sex": ("sex", "gender", "性别"),
}
ENCODINGS = ("utf-8-sig", "gb18030")
TITLE_ROWS = 10
"""So many rows at the top may be titles."""
Row = tuple[int, Sequence[object]]


def load_roster(path: Path) -> Roster:
    """The roster of a file. Raises ConfigError with the first problem."""
    roster, problems = check_roster(path)
    raise_first(problems)
    assert roster is not None
    return roster


def check_roster(path: Path) -> tuple[Roster | None, list[Problem]]:
    """The roster if it can be used, and everything that is wrong or was repaired."""
    try:
        rows = list(_rows(path))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except ConfigError as error:
        return None, [Problem("error", path.name, error.what)]
    columns, heading_at = _find_heading(rows)
    if "student_id" not in columns:
        message = say("no column “学号” (student_id) was found in the first {rows} rows.", rows=TITLE_ROWS)
        return None, [Problem("error", path.name, message)]
    pupils, problems = _read_pupils(path.name, rows[heading_at + 1 :], columns)
    if not pupils and not problems:
        problems.append(Problem("error", path.name, say("there are no pupils in it.")))
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return Roster(tuple(pupils), digest), problems


def _rows(path: Path) -> Iterator[Row]:
    """(line number, cells) of all rows that are not empty."""
    rows = _excel_rows(path) if path.suffix.lower() in (".xlsx", ".xls") else _csv_rows(path)
    for number, cells in rows:
        if any(str(cell).strip() for cell in cells):
            yield number, cells


def _csv_rows(path: Path) -> Iterator[Row]:
    text = _decode(path)
    sample = text[:4096]
    delimiter = max(",;\t,", key=sample.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise ConfigError(
            say("line {line} can't be read: {detail}", line=reader.line_num, detail=str(error))
        ) from error


def _decode(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(say("the file can't be read: {detail}", detail=error.strerror or "?")) from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigError(say("the letters can't be read. Save the file as “CSV UTF-8” in Excel."))


def _excel_rows(path: Path) -> Iterator[Row]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (OSError, python_calamine.CalamineError) as error:
        raise ConfigError(say("the Excel file can't be read: {detail}", detail=str(error))) from error
    yield from enumerate(rows, start=1)


def _find_heading(rows: Sequence[Row]) -> tuple[dict[str, int], int]:
    """Column index per field, and the index of the heading row in `rows`."""
    for index, (_, cells) in enumerate(rows[:TITLE_ROWS]):
        words = [str(cell).strip().lower() for cell in cells]
        columns = {
            field: words.index(word) for field, names in HEADINGS.items() for word in names if word in words
        }
        if "student_id" in columns:
            return columns, index
    return {}, 0


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
    problems += _lost_zeros(file, pupils, column)
    return pupils, problems


def _text(cells: Sequence[object], column: int | None) -> str:
    if column is None or column >= len(cells):
        return ""
    cell = cells[column]
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _lost_zeros(file: str, pupils: Sequence[Pupil], column: int) -> list[Problem]:
    """Numbers of different lengths, the shorter without a leading zero: Excel has eaten zeros."""
    numbers = [pupil.student_id for pupil in pupils if pupil.student_id.isdigit()]
    longest = max(map(len, numbers), default=0)
    zeros = any(len(number) == longest and number.startswith("0") for number in numbers)
    short = [number for number in numbers if len(number) < longest]
    if not short or (not zeros and len(short) < len(numbers) / 10):
        return []
    message = say(
        "the numbers have different lengths ({short}, but {longest} digits elsewhere). Excel may have "
        "removed leading zeros: format the column as text and type them again.",
        short=short[0],
        longest=longest,
    )
    return [Problem("warning", file, message, None, column + 1)]
