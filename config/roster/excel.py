"""Rows of an Excel file, read in a process of its own: `python -m config.roster.excel <FILE >ROWS`.

The reader is native code that ends the process on some damaged files; the station must outlive that.
JSON on stdout: a list of rows of null, bool, number, text, or {"date": text}.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class DateCell:
    """A cell that Excel shows as a date or time."""

    text: str

    def __str__(self) -> str:
        return self.text


def read_rows(data: bytes) -> list[list[object]] | None:
    """The rows of the first sheet; None where the file can't be read."""
    try:
        done = subprocess.run(
            # -P: a file of the current folder must not be taken for one of ours.
            [sys.executable, "-P", "-m", "config.roster.excel"],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
            # No window of its own on Windows, and no Ctrl-C of ours.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        return None
    return [[_cell(cell) for cell in row] for row in json.loads(done.stdout)]


def _cell(value: Any) -> object:
    return DateCell(value["date"]) if isinstance(value, dict) else value


def _as_json(value: object) -> dict[str, str]:
    assert isinstance(value, date | time | timedelta)
    return {"date": str(value)}


def main() -> None:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    sys.stdout.buffer.write(json.dumps(rows, default=_as_json).encode("utf-8"))


if __name__ == "__main__":
    main()
