"""The sheets of an Excel file as values; `config.roster.workbook` reads it in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from config.base.errors import ConfigError
from config.base.message import Message, say, shown

TIMEOUT_SECONDS = 60
"""Python alone may need many seconds to start from a slow disk; the work itself is bounded by CPU time."""


@dataclass(frozen=True)
class DateCell:
    """A cell that Excel shows as a date or time."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ShownCell:
    """A number that Excel shows otherwise: 101 as 0101."""

    text: str
    value: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class FormulaCell:
    """A formula that no program has computed yet."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True)
class Sheet:
    """One sheet; a hidden one without its rows."""

    name: str
    visible: bool
    rows: list[list[object]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    """Numbers from 1."""
    hidden_columns: frozenset[int] = frozenset()
    """Numbers from 1."""
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row and column, last row and column, from 0."""
    formats_known: bool = True
    """Whether it is known how numbers are shown: not in old .xls files."""


def read_sheets(data: bytes) -> list[Sheet]:
    """All sheets in their order. Raises ConfigError."""
    try:
        done = subprocess.run(
            # -P: a file of the current folder must not be taken for one of ours.
            [sys.executable, "-P", "-m", "config.roster.workbook"],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
            # No window of its own on Windows, and no Ctrl-C of ours.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired as error:
        raise ConfigError(_unreadable()) from error
    if done.returncode:
        raise ConfigError(_unreadable())
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise ConfigError(_refused(*answer["refused"]))
    return [_sheet(sheet) for sheet in answer["sheets"]]


def _sheet(found: dict[str, Any]) -> Sheet:
    return Sheet(
        found["name"],
        found["visible"],
        [[_cell(cell) for cell in row] for row in found["rows"]],
        frozenset(found["hidden_rows"]),
        frozenset(found["hidden_columns"]),
        tuple((top, left, bottom, right) for top, left, bottom, right in found["merged"]),
        found.get("formats_known", True),
    )


def _cell(value: Any) -> object:
    if isinstance(value, dict):
        if "formula" in value:
            return FormulaCell()
        return DateCell(value["date"]) if "date" in value else ShownCell(value["shown"], value["value"])
    return value


def _unreadable() -> Message:
    return say("the Excel file can't be read. Open it in Excel and save it as .xlsx, without a password.")


def _refused(reason: str, detail: str = "") -> Message:
    if reason == "far":
        return say(
            "the sheet reaches as far as cell {cell}. Copy the list of pupils into a new Excel file.",
            cell=shown(detail),
        )
    return {
        "password": say("it has a password. Open it in Excel and save it without one."),
        "large": say("the file is too large for a list of pupils."),
        "document": say("this is a Word document. Copy its table into Excel and save it as .xlsx."),
        "archive": say("this is an archive, not a table. Unpack it and use the table in it."),
    }[reason]
