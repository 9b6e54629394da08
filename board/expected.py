"""The list of the stations that should speak: a CSV or Excel file, read strictly.

Headings may be Chinese or English, in any order. Every mistake is one sentence with its line; a list with a
mistake is not taken at all, so that no school is forgotten unseen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.base import ConfigError, Message, Problem, say, shown
from config.roster import Row, TableError, heading_word, read_data, tables_of

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "station": ("工作站", "工作站编号", "站号", "station", "station_id", "id"),
    "school": ("学校", "学校名称", "school"),
    "room": ("教室", "考场", "测试室", "地点", "room"),
    "contact": ("联系人", "联系方式", "联系电话", "电话", "contact", "phone"),
    "pupils": ("人数", "应测人数", "学生数", "学生人数", "pupils", "students"),
}
NEEDED = ("station", "school")
STATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
TITLE_ROWS = 10
MAX_STATIONS = 10_000
MAX_TEXT = 60
MAX_PUPILS = 2000


@dataclass(frozen=True)
class ExpectedStation:
    station: str
    school: str
    room: str = ""
    contact: str = ""
    pupils: int = 0
    """0 where the list does not say."""


class MistakeError(Exception):
    """What is wrong in one cell."""

    def __init__(self, what: Message, column: int | None = None) -> None:
        super().__init__(str(what))
        self.what, self.column = what, column


def read_expected(path: Path) -> tuple[list[ExpectedStation], list[Problem]]:
    """All stations of a file, and everything that is wrong; no station where anything is."""
    try:
        rows = _rows(path)
        columns, behind = _heading(rows)
    except TableError as error:
        return [], [Problem("error", path.name, error.what, error.line)]
    except ConfigError as error:
        return [], [Problem("error", path.name, error.what)]
    found: dict[str, ExpectedStation] = {}
    problems = []
    for line, cells in rows[behind:]:
        try:
            station = _station(cells, columns)
            if station.station.lower() in found:
                raise MistakeError(
                    say("the station {id} stands in it twice.", id=station.station), columns["station"]
                )
            found[station.station.lower()] = station
        except MistakeError as mistake:
            column = None if mistake.column is None else mistake.column + 1
            problems.append(Problem("error", path.name, mistake.what, line, column))
    if not found and not problems:
        problems.append(Problem("error", path.name, say("there are no stations in it.")))
    if len(found) > MAX_STATIONS:
        problems.append(
            Problem("error", path.name, say("there are more than {most} stations.", most=MAX_STATIONS))
        )
    return ([] if problems else list(found.values())), problems


def _rows(path: Path) -> Sequence[Row]:
    tables = [table for table in tables_of(read_data(path)) if table.rows]
    if len(tables) != 1:
        raise ConfigError(say("it must have one sheet with stations, and has {count}.", count=len(tables)))
    return tables[0].rows


def _heading(rows: Sequence[Row]) -> tuple[dict[str, int], int]:
    """Which column is which, and the first row behind."""
    for index, (_, cells) in enumerate(rows[:TITLE_ROWS]):
        words = [heading_word(cell) for cell in cells]
        columns = {
            field: words.index(next(name for name in names if name in words))
            for field, names in HEADINGS.items()
            if any(name in words for name in names)
        }
        if all(field in columns for field in NEEDED):
            return columns, index + 1
    raise ConfigError(say("no columns “工作站” (station) and “学校” (school) were found at its top."))


def _station(cells: Sequence[object], columns: Mapping[str, int]) -> ExpectedStation:
    def text(field: str) -> str:
        column = columns.get(field)
        if column is None or column >= len(cells):
            return ""
        value = cells[column]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        found = shown(value, 10 * MAX_TEXT) if value is not None else ""
        if len(found) > MAX_TEXT:
            raise MistakeError(say("“{text}” is too long.", text=shown(found, 20)), column)
        return found

    name = text("station")
    if not STATION.fullmatch(name):
        what = say("“{text}” is no id of a station: letters a-z, digits, dot, dash.", text=shown(name, 40))
        raise MistakeError(what, columns["station"])
    school = text("school")
    if not school:
        raise MistakeError(say("the school is missing."), columns["school"])
    count = text("pupils") or "0"
    if not re.fullmatch(r"[0-9]{1,4}", count) or int(count) > MAX_PUPILS:
        raise MistakeError(say("“{text}” is no number of pupils.", text=shown(count, 20)), columns["pupils"])
    return ExpectedStation(name, school, text("room"), text("contact"), int(count))
