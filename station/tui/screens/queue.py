"""Every recording and its delivery: state, progress, proof, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual.widget import Widget
from textual.widgets import DataTable, Static

from station import present
from station.i18n import render, tr
from station.tui.base import StationScreen, bindings_of
from station.view import View
from uploader.row import Row

COLUMNS = ("id", "item", "size", "state", "progress", "proof")
WIDTHS = (12, 8, 8, 14, 10, 60)
BAR = 10
EVERY_SECONDS = 1.0


class QueueScreen(StationScreen):
    mode = "queue"
    BINDINGS = bindings_of("queue")

    def __init__(self) -> None:
        super().__init__()
        self._drawn_at = 0.0

    def body(self) -> Iterable[Widget]:
        yield Static("", id="totals", markup=False)
        yield DataTable(id="deliveries", cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for key, width in zip(COLUMNS, WIDTHS, strict=True):
            table.add_column("", key=key, width=width)
        self._head()
        table.focus()

    def _head(self) -> None:
        names = (tr("Number"), tr("Item"), tr("Size"), tr("State"), tr("Progress"), tr("Proof"))
        table = self.query_one(DataTable)
        for column, name in zip(table.ordered_columns, names, strict=True):
            column.label = type(column.label)(name)
        table.refresh()

    def show(self, view: View) -> None:
        self._head()
        delivery = view.delivery
        lines = [f" {present.uploads(delivery)}"]
        if delivery.finish_at:
            lines[0] += "   " + tr("all delivered about {time}").format(time=delivery.finish_at[11:16])
        if delivery.trouble is not None:
            lines.append(" " + render(delivery.trouble))
        self.query_one("#totals", Static).update("\n".join(lines))
        table = self.query_one(DataTable)
        for row in self.station_app.station.deliveries():
            self._show_row(table, row)

    def _show_row(self, table: DataTable[Text], row: Row) -> None:
        done = int(BAR * row.progress)
        texts = (
            row.student_id,
            f"{row.item} {row.attempt}" if row.attempt > 1 else row.item,
            present.size(row.size),
            present.delivery_state(row),
            "=" * done + "-" * (BAR - done),
            present.proof(row),
        )
        # Text, not str: a table reads [server] as markup.
        cells = tuple(map(Text, texts))
        if row.take_id not in {key.value for key in table.rows}:
            table.add_row(*cells, key=row.take_id)
            return
        for column, before, now in zip(COLUMNS, table.get_row(row.take_id), cells, strict=True):
            if before != now:
                table.update_cell(row.take_id, column, now)

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
        if now - self._drawn_at >= EVERY_SECONDS:
            self._drawn_at = now
            self.show(view)

    @property
    def selected(self) -> str | None:
        table = self.query_one(DataTable)
        if not table.row_count:
            return None
        return table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
