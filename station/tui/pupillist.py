"""A list of pupils with a field for a number: who is typed or scanned, or else who is under the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events, on
from textual.widget import Widget
from textual.widgets import DataTable, Input

from station.tui.base import StationScreen
from station.tui.numbers import Numbers
from station.tui.scanner import CODE, MOST, Burst
from station.tui.widgets.field import Field
from station.tui.widgets.tables import add_columns
from station.tui.widgets.words import Words


class NumberInput(Field):
    """Takes digits, and letters only where the roster's numbers have some; other letters are keys."""

    takes_numbers = True

    def __init__(self, numbers: Numbers) -> None:
        super().__init__(id="number", compact=True, max_length=MOST)
        self.cursor_blink = False
        self._numbers = numbers
        self._burst = Burst()
        self._scanned = 0
        """Characters at the end that a scanner sent, with Enter behind them."""

    async def _on_key(self, event: events.Key) -> None:
        close, length = self._burst.feed(event), self._burst.length
        self._scanned = length if event.key == "enter" and close and length >= CODE else 0
        char = event.character or ""
        if char.isascii() and char.isalpha() and not self._numbers.has(char):
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        """The first line, so far as it can be a number."""
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(" ".join(event.text.split("\n")[0].split())[: MOST - len(self.value)])

    def taken(self) -> str:
        """The number that is meant, as the roster has it; the field is empty then."""
        text, scanned = self.value, self.value[-self._scanned :] if self._scanned else ""
        self.value = ""
        self._scanned = 0
        # What stood there before a scan is no part of its number, unless the roster says so.
        return self._numbers.in_roster(text if self._numbers.knows(text) or not scanned else scanned)


class PupilListScreen(StationScreen):
    """Subclasses name their columns and their field, draw the rows, and what is said of the selected one."""

    takes_numbers = True
    columns: ClassVar[Sequence[str]]
    widths: ClassVar[Sequence[int]]
    """Cells of each column."""
    field: ClassVar[type[NumberInput]]

    def body(self) -> Iterable[Widget]:
        yield Words("totals")
        yield DataTable(id="roster", cursor_type="row", zebra_stripes=False)
        yield Words("next")
        yield self.field(self.station_app.numbers)

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.can_focus = False
        add_columns(table, self.columns, self.widths)
        self.query_one(Input).focus()

    @on(DataTable.RowHighlighted)
    @on(Input.Changed)
    def select(self) -> None:
        if self.drawable:
            self.show_selected()
            self.refresh_bindings()

    def show_selected(self) -> None:
        """Say whom the keys are about."""

    def action_do(self, action_id: str) -> None:
        """The next number begins in an empty field, whatever was done with this one."""
        super().action_do(action_id)
        self.query_one(Input).value = ""

    def on_screen_suspend(self) -> None:
        self.query_one(Input).value = ""

    def key_up(self) -> None:
        self.query_one(DataTable).action_cursor_up()

    def key_down(self) -> None:
        self.query_one(DataTable).action_cursor_down()

    @property
    def selected(self) -> str:
        """The pupil under the cursor; the typed number wins. Empty before there are rows."""
        typed = self.station_app.numbers.in_roster(self.query_one(Input).value)
        table = self.query_one(DataTable)
        if typed or not table.row_count:
            return typed
        return str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value)
