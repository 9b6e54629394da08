"""A roster from CSV or Excel, as schools make them; every problem with sheet, line and column.

1. What is certain is repaired and said (full-width digits, spaces around, what can't be seen); what is not
   certain is an error: a pupil with a wrong number can't be mended later.
2. Headings may be Chinese or English, of two lines, and may stand below title rows.
3. What is no pupil (totals, remarks, hidden rows and sheets) is left out and said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from config.base.errors import ConfigError
from config.base.message import Message, say, shown
from config.base.problems import Problem, raise_first
from config.roster.excel import Sheet
from config.roster.headings import TITLE_ROWS, WORDS, Heading, find_heading, heading_word
from config.roster.pupils import Roster
from config.roster.rows import Reading, read_pupils
from config.roster.table import Row, Table, TableError, read_data, tables_of


def load_roster(path: Path) -> Roster:
    """The roster of a file. Raises ConfigError with the first problem."""
    roster, problems = check_roster(path)
    raise_first(problems)
    assert roster is not None
    return roster


def check_roster(path: Path) -> tuple[Roster | None, list[Problem]]:
    """The roster if it can be used, and everything that is wrong, was repaired or was left out."""
    try:
        data = read_data(path)
        tables = tables_of(data)
        table, heading, problems = _choose(path.name, tables)
    except TableError as error:
        return None, [Problem("error", path.name, error.what, error.line)]
    except ConfigError as error:
        return None, [Problem("error", path.name, error.what)]
    file = path.name if table.sheet is None or len(tables) == 1 else f"{path.name}[{shown(table.sheet.name)}]"
    twice = _second_column(file, table.rows[heading.first], heading)
    if twice is not None:
        return None, [*problems, twice]
    reading = Reading(file, table, heading)
    pupils = read_pupils(reading)
    problems += reading.problems
    if not pupils and not any(problem.severity == "error" for problem in problems):
        problems.append(Problem("error", path.name, say("there are no pupils in it.")))
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return Roster(tuple(pupils), hashlib.sha256(data).hexdigest()), problems


def _choose(file: str, tables: Sequence[Table]) -> tuple[Table, Heading, list[Problem]]:
    """The one list of pupils, its heading, and what was left out. Raises ConfigError."""
    lists = [(table, heading) for table in tables if (heading := find_heading(table.rows))]
    if len(lists) > 1:
        names = [f"“{shown(table.sheet.name, 20)}”" for table, _ in lists if table.sheet]
        raise ConfigError(
            say(
                "there are several lists of pupils: {names}. Hide or remove those not for this room.",
                names=Message.listed(names, 5),
            )
        )
    if not lists:
        raise ConfigError(
            say("no column “学号” (student_id) was found in the first {rows} rows.", rows=TITLE_ROWS)
        )
    chosen, heading = lists[0]
    problems = [
        _left_out(file, table.sheet.name, table.sheet.visible)
        for table in tables
        if table.sheet is not None and table is not chosen and (table.rows or not table.sheet.visible)
    ]
    if chosen.sheet is not None and chosen.sheet.hidden_rows:
        rows = sorted(chosen.sheet.hidden_rows)
        message = say("{count} hidden rows were left out, the first of them here.", count=len(rows))
        problems.append(Problem("warning", file, message, rows[0]))
    if chosen.sheet is not None and (hidden := _hidden_words(chosen.sheet)):
        message = say("hidden columns were left out: {names}.", names=Message.listed(map(shown, hidden)))
        problems.append(Problem("warning", file, message))
    return chosen, heading, problems


def _hidden_words(sheet: Sheet) -> list[str]:
    """Headings of ours in hidden columns."""
    found = []
    for cells in sheet.rows[:TITLE_ROWS]:
        for column, cell in enumerate(cells, start=1):
            if column in sheet.hidden_columns and heading_word(cell) in WORDS:
                found.append(str(cell))
    return found


def _left_out(file: str, sheet: str, visible: bool) -> Problem:
    name = shown(sheet, 40)
    if visible:
        return Problem("repaired", file, say("the sheet “{sheet}” has no list of pupils.", sheet=name))
    return Problem("warning", file, say("the hidden sheet “{sheet}” was left out.", sheet=name))


def _second_column(file: str, row: Row, heading: Heading) -> Problem | None:
    """Two columns with the same heading: nobody knows which of them holds the numbers."""
    line, cells = row
    column = heading.columns["student_id"]
    words = [heading_word(cell) for cell in cells]
    word = heading.words[column]
    if words.count(word) < 2:
        return None
    second = words.index(word, column + 1)
    message = say("there are two columns “{heading}”. Remove one of them.", heading=shown(cells[column]))
    return Problem("error", file, message, line, second + 1)
