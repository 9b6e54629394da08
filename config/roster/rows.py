"""The rows below the heading -> pupils, and what was repaired, left out or can't be used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from config.base.message import Message, say, shown
from config.base.problems import Problem, Severity
from config.roster.excel import DateCell, FormulaCell, ShownCell
from config.roster.headings import HEADINGS, WORDS, Heading, heading_word
from config.roster.pupils import Pupil
from config.roster.studentid import PLAIN, clean_student_id, cut_by_excel
from config.roster.table import Row, Table

LONGEST_TEXT = 60
MOST_PROBLEMS = 5000
"""A list of which every number was repaired may be long."""
NO_PUPIL = re.compile(
    r"(合计|总计|小计|总数|总人数|共计|人数|备注|注|说明|制表|制表人|填表人|填表|审核|审核人|负责人|班主任签名|签名|签字"
    r"|日期|制表日期|打印日期|打印时间|填表日期|总计人数|本班人数|全班人数|应到|实到|应到人数|实到人数|校长|校长签字"
    r"|校长签名|班主任|班主任签字|监考|监考员|监测员|经办人|联系人|联系电话|电话|单位|学校|盖章|公章|total|sum|notes?"
    r"|remarks?)(:.*|\d+(人|名)?)?|共\d+(人|名).*|\d{4}年\d{1,2}月(\d{1,2}日)?|[男女](生|同学)?:?\d+(人|名)?.*|\((盖章|公章|章)\)"
)
"""What stands first in a row that is no pupil, without spaces."""


@dataclass
class Reading:
    """One table while it is read."""

    file: str
    table: Table
    heading: Heading
    problems: list[Problem] = field(default_factory=list)

    def full(self, line: int) -> bool:
        """Whether nobody would read so many sentences: it is another file than was meant. Said once."""
        if len(self.problems) < MOST_PROBLEMS:
            return False
        self.note("error", say("there is too much to say of this file; the rest was not read."), line)
        return True

    def note(
        self, severity: Severity, message: Message, line: int | None = None, column: int | None = None
    ) -> None:
        """`column` from 0."""
        self.problems.append(
            Problem(severity, self.file, message, line, None if column is None else column + 1)
        )


def read_pupils(reading: Reading) -> list[Pupil]:
    """The pupils in the order of the file; what is to be said of them is in `reading.problems`."""
    rows = _candidates(reading)
    column = reading.heading.columns["student_id"]
    seen: dict[str, int] = {}
    found: list[tuple[Pupil, int]] = []
    for line, cells in rows:
        if reading.full(line):
            break
        student_id, finding = clean_student_id(cells[column] if column < len(cells) else "")
        if finding is not None:
            reading.note(*finding, line, column)
        if student_id is None:
            continue
        # Windows file names don't tell upper from lower case.
        first = seen.setdefault(student_id.casefold(), line)
        if first != line:
            message = say("the number {id} stands in line {line} already.", id=student_id, line=first)
            reading.note("error", message, line, column)
            continue
        texts = {
            name: _text(cells, reading.heading.columns.get(name)) for name in ("name", "class_name", "sex")
        }
        found.append((Pupil(student_id, **texts), line))
    _said_of_numbers(reading, rows, [(pupil.student_id, line) for pupil, line in found])
    _said_of_texts(reading, found)
    return [pupil for pupil, _ in found]


def _candidates(reading: Reading) -> list[Row]:
    """The rows that should be pupils; the others are named."""
    rows, heading = [], reading.heading
    filled: dict[int, set[int]] = {}
    for place, line in reading.table.filled:
        filled.setdefault(line, set()).add(place)
    width, column = len(heading.words), heading.columns["student_id"]
    for line, cells in reading.table.rows[heading.behind :]:
        if reading.full(line):
            break
        own = filled.get(line, set())
        if column not in own and _plainly_a_pupil(cells, heading, width):
            rows.append((line, cells))
            continue
        words = ["" if place in own else _plain(cell) for place, cell in enumerate(cells)]
        first = next((word for word in words if word), "")
        number = cells[column] if column < len(cells) else ""
        if WORDS.get(heading_word(number)) == "student_id":
            reading.note("repaired", say("a second heading was left out."), line)
        elif NO_PUPIL.fullmatch(first) and not _a_pupil(cells, heading):
            reading.note(
                "repaired", say("this row is no pupil and was left out: {text}", text=shown(first)), line
            )
        elif not first:
            continue
        elif _nobody(cells, heading):
            message = say(
                "this row has neither a number nor a name and was left out: {text}", text=shown(first)
            )
            reading.note("warning", message, line)
        else:
            if reading.table.sheet is None and any(words[width:]):
                message = say("the line has more cells than the heading. Is there a comma in a name?")
                reading.note("warning", message, line, width)
            rows.append((line, cells))
    return rows


def _plainly_a_pupil(cells: Sequence[object], heading: Heading, width: int) -> bool:
    """A number and a name as they should be, and nothing behind them: most rows are so."""
    column, named = heading.columns["student_id"], heading.columns.get("name")
    if named is None or max(column, named) >= len(cells) or len(cells) > width:
        return False
    number, name = cells[column], cells[named]
    return (
        isinstance(number, str)
        and PLAIN.fullmatch(number) is not None
        and any(map(str.isdigit, number))
        and isinstance(name, str)
        and name.isalpha()
        and NO_PUPIL.fullmatch(name) is None
    )


def _plain(cell: object) -> str:
    """Without spaces, in one width."""
    text = "" if cell is None else str(cell)[: 10 * LONGEST_TEXT]
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def _a_pupil(cells: Sequence[object], heading: Heading) -> bool:
    """Whether a row has both a number that can be used and a name, whatever stands before them."""
    column = heading.columns["student_id"]
    student_id, _ = clean_student_id(cells[column] if column < len(cells) else "")
    name = _text(cells, heading.columns.get("name"))
    return (
        student_id is not None
        and any(char.isalpha() for char in name)
        and not NO_PUPIL.fullmatch(_plain(name))
    )


def _nobody(cells: Sequence[object], heading: Heading) -> bool:
    """Whether a row can't be a pupil: no name, and in the place of the number nothing, or words."""
    column, named = heading.columns["student_id"], heading.columns.get("name")
    number = _plain(cells[column]) if column < len(cells) else ""
    cell = cells[column] if column < len(cells) else ""
    if named is None or isinstance(cell, FormulaCell):
        return False
    words = (
        not number
        or isinstance(cell, DateCell)
        or (not number.isascii() and re.search(r"\d{3}", number) is None)
    )
    return words and not any(char.isalpha() for char in _text(cells, named))


def _text(cells: Sequence[object], column: int | None) -> str:
    """Letters that only some fonts know are kept: the name is the pupil's."""
    if column is None or column >= len(cells) or cells[column] is None:
        return ""
    cell = cells[column]
    if isinstance(cell, str) and len(cell) <= LONGEST_TEXT and cell.isalnum():
        return cell
    text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)[: 10 * LONGEST_TEXT]
    kept = (_kept(char) for char in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"


def _kept(char: str) -> str:
    if char.isprintable():
        return char
    category = unicodedata.category(char)
    # Co: private use, where schools' systems keep rare characters. Cn: newer than this Python.
    return char if category in ("Co", "Cn") else "" if category == "Cf" else " "


def _said_of_numbers(reading: Reading, rows: Sequence[Row], ids: Sequence[tuple[str, int]]) -> None:
    """What shows only when all numbers are there. `ids`: (number, line)."""
    column = reading.heading.columns["student_id"]
    cells = [(line, cells[column]) for line, cells in rows if column < len(cells)]
    taken = [(line, cell) for line, cell in cells if isinstance(cell, ShownCell)]
    if taken:
        line, cell = taken[0]
        message = say(
            "{count} {count|number was|numbers were} taken as Excel shows them ({value} is shown as {text}).",
            count=len(taken),
            value=cell.value,
            text=shown(cell.text),
        )
        reading.note("repaired", message, line, column)
    sheet = reading.table.sheet
    numeric = [line for line, cell in cells if isinstance(cell, int | float)]
    if sheet is not None and not sheet.formats_known and numeric:
        message = say(
            "in this kind of file it can't be seen whether Excel shows zeros before the numbers. "
            "Save it as .xlsx."
        )
        reading.note("warning", message, numeric[0], column)
    _cut(reading, ids, column)
    _lost_zeros(reading, ids, column)


def _cut(reading: Reading, ids: Sequence[tuple[str, int]], column: int) -> None:
    """One long number may end in zeros by chance (1 in 1000); two do not."""
    cut = [(number, line) for number, line in ids if cut_by_excel(number)]
    long = [number for number, _ in ids if number.isdigit() and len(number) > 16]
    severity: Severity = "error" if len(cut) > 1 or len(cut) == len(long) else "warning"
    for number, line in cut:
        message = say(
            "{id} ends in zeros: Excel keeps 15 digits only. Format the column as text and type the "
            "number again.",
            id=number,
        )
        reading.note(severity, message, line, column)


def _lost_zeros(reading: Reading, ids: Sequence[tuple[str, int]], column: int) -> None:
    """Numbers of different lengths, the shorter without a leading zero: Excel has eaten zeros."""
    numbers = [(number, line) for number, line in ids if number.isdigit()]
    longest = max((len(number) for number, _ in numbers), default=0)
    zeros = any(len(number) == longest and number.startswith("0") for number, _ in numbers)
    short = [found for found in numbers if len(found[0]) < longest and not found[0].startswith("0")]
    if not short or (not zeros and len(short) < len(numbers) / 10):
        return
    message = say(
        "the numbers have different lengths ({short}, but {longest} digits elsewhere). Excel may have "
        "removed leading zeros: format the column as text and type them again.",
        short=short[0][0],
        longest=longest,
    )
    reading.note("warning", message, short[0][1], column)


def _said_of_texts(reading: Reading, found: Sequence[tuple[Pupil, int]]) -> None:
    columns = reading.heading.columns
    mapped = {column: name for name, column in columns.items()}
    lines = {line for _, line in found}
    for column in sorted({column for column, line in reading.table.filled if line in lines} & mapped.keys()):
        first = min(line for at, line in reading.table.filled if at == column and line in lines)
        message = say("merged cells of the column “{column}” were filled down.", column=_name(mapped[column]))
        reading.note("repaired", message, first, column)
    _said_of_dates(reading)
    for name in ("name", "class_name"):
        empty = [line for pupil, line in found if not getattr(pupil, name)]
        if name in columns and empty and (name == "name" or len(empty) < len(found)):
            message = say(
                "the column “{column}” is empty for {count} {count|pupil|pupils}, the first of them here.",
                column=_name(name),
                count=len(empty),
            )
            reading.note("warning", message, empty[0], columns[name])


def _said_of_dates(reading: Reading) -> None:
    """Excel makes a date of a class that is called 4-1."""
    for name, column in reading.heading.columns.items():
        dates = [
            (line, cells[column])
            for line, cells in reading.table.rows[reading.heading.behind :]
            if column < len(cells) and isinstance(cells[column], DateCell)
        ]
        if dates and name != "student_id":
            message = say(
                "the column “{column}” has dates in {count} rows ({text}): Excel has made them of something"
                " else. Format the column as text and type it again.",
                column=_name(name),
                count=len(dates),
                text=shown(dates[0][1]),
            )
            reading.note("warning", message, dates[0][0], column)


def _name(field_name: str) -> str:
    return HEADINGS[field_name][0]
