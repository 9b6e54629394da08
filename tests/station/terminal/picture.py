"""What a person sees: as much of a terminal as the screens use, written from the sequences they send."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

SEQUENCE = re.compile(
    r"\x1b\[(?P<parameters>[0-9;:?<>=!]*)(?P<middle>[ -/]*)(?P<final>[@-~])"  # CSI
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC
    r"|\x1bP[^\x1b]*\x1b\\"  # DCS
    r"|\x1b[()][0-9A-Za-z]|\x1b[=>78cM]"
)
BEGUN = re.compile(r"\x1b(?:\[[0-9;:?<>=!]*[ -/]*|\][^\x07]*|P[^\x1b]*\x1b?|[()]?)?$")
"""A sequence whose end has not come yet."""
TOP = re.compile(r"\+-{20,}\+")
"""Of a dialog's frame."""
NO_CELL = "\0"
"""Stands for the second half of a wide character."""


class Picture:
    """Cells of one screen; `feed()` takes what the program wrote."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.modes: dict[str, bool] = {}
        """Private modes (`?1049`, `?25` ...) and whether they are set now."""
        self._rest = ""
        self._clear()

    def _clear(self) -> None:
        self._cells = [[" "] * self.columns for _ in range(self.rows)]
        self._column = self._row = 0

    def text(self) -> str:
        return "\n".join("".join(row).rstrip() for row in self._cells)

    def box(self) -> str:
        """What stands in the frame of a dialog over the screen; nothing where there is none."""
        rows = ["".join(cell or NO_CELL for cell in row) for row in self._cells]
        top = next((at for at, row in enumerate(rows) if TOP.search(row)), None)
        frame = TOP.search(rows[top]) if top is not None else None
        if top is None or frame is None:
            return ""
        left, right = frame.start(), frame.end() - 1
        within = [row[left + 1 : right] for row in rows[top + 1 :] if row[left] == row[right] == "|"]
        return "\n".join(within).replace(NO_CELL, "")

    def feed(self, written: str) -> None:
        data, self._rest = self._rest + written, ""
        begun = BEGUN.search(data)
        if begun is not None:
            data, self._rest = data[: begun.start()], begun.group()
        at = 0
        for match in SEQUENCE.finditer(data):
            self._write(data[at : match.start()])
            if match["final"]:
                self._control(match["parameters"], match["final"])
            at = match.end()
        self._write(data[at:])

    def _write(self, text: str) -> None:
        for char in text:
            if char == "\r":
                self._column = 0
            elif char == "\n":
                self._next_line()
            elif char >= " ":
                self._put(char)

    def _next_line(self) -> None:
        self._column, self._row = 0, self._row + 1
        if self._row == self.rows:
            self._cells = [*self._cells[1:], [" "] * self.columns]
            self._row -= 1

    def _put(self, char: str) -> None:
        width = 2 if east_asian_width(char) in "WF" else 1
        if self._column + width > self.columns:
            if not self.modes.get("?7", True):
                return
            self._next_line()
        row = self._cells[self._row]
        row[self._column : self._column + width] = [char, *[""] * (width - 1)]
        self._column += width

    def _control(self, parameters: str, final: str) -> None:
        if final in "hl" and parameters.startswith("?"):
            for mode in parameters[1:].split(";"):
                self.modes[f"?{mode}"] = final == "h"
            if parameters == "?1049":
                self._clear()
        elif final == "H":
            numbers = [int(number or 1) for number in parameters.split(";")] if parameters else []
            row, column = (*numbers, 1, 1)[:2]
            self._row, self._column = min(row, self.rows) - 1, min(column, self.columns) - 1
        elif final == "J" and parameters in ("2", "3"):
            self._clear()
