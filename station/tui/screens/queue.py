"""Every recording and its delivery: state, progress, proof, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from rich.text import Text
from textual import on, work
from textual.widget import Widget
from textual.widgets import DataTable

from config.base import Message, StationError, say
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.conditions import Desk
from station.tui.dialogs import Tell, Write
from station.tui.widgets.tables import add_columns, name_columns, put_row
from station.tui.widgets.words import Words
from station.words import present
from station.words.i18n import render, tr
from uploader.queue import Row

COLUMNS = ("id", "item", "size", "state", "progress", "proof")
WIDTHS = (12, 8, 8, 14, 10, 60)
BAR = 10
DOUBLES = say(
    "What was written to the stick is sent from here after all. If the stick is delivered too, the centre"
    " drops the doubles by their take ids."
)


class QueueScreen(StationScreen):
    mode = "queue"
    BINDINGS = bindings_of("queue")

    def __init__(self) -> None:
        super().__init__()
        self._note_text = ""
        self._undelivered = False
        self._carried = False

    @property
    def own(self) -> Mapping[str, Callable[[], None]]:
        return {"retry": self._retry, "export": self._ask_folder, "send_carried": self._send_carried}

    def desk(self, view: View) -> Desk:
        return Desk(view, view.session.current, undelivered=self._undelivered, carried=self._carried)

    def body(self) -> Iterable[Widget]:
        yield Words("totals")
        yield DataTable(id="deliveries", cursor_type="row")

    def on_mount(self) -> None:
        add_columns(self.query_one(DataTable), COLUMNS, WIDTHS)
        self.query_one(DataTable).focus()

    def show(self, view: View) -> None:
        delivery = view.delivery
        lines = [f" {present.uploads(delivery)}"]
        if delivery.finish_at:
            lines[0] += "   " + tr("all delivered about {time}").format(time=delivery.finish_at[11:16])
        if view.board.state == "failed":
            lines[0] += "   " + tr("status not sent")
        if delivery.sent:
            lines.append(" " + tr("Not yet proven: ask the centre for receipts, downloads or checksums."))
        if self._note_text:
            lines.append(" " + self._note_text)
        if delivery.trouble is not None:
            lines.append(" " + render(delivery.trouble))
        self.query_one("#totals", Words).update("\n".join(lines))
        table = self.query_one(DataTable)
        names = (tr("Number"), tr("Item"), tr("Size"), tr("State"), tr("Progress"), tr("Proof"))
        name_columns(table, COLUMNS, names)
        rows = self.station_app.station.deliveries()
        self._undelivered = any(not row.delivered for row in rows)
        self._carried = any(row.error_kind == "carried" for row in rows)
        for row in rows:
            self._show_row(table, row)

    def _show_row(self, table: DataTable[Text], row: Row) -> None:
        done = int(BAR * row.progress)
        cells = (
            row.student_id,
            f"{row.item} {row.attempt}" if row.attempt > 1 else row.item,
            present.size(row.size),
            present.delivery_state(row),
            "=" * done + "-" * (BAR - done),
            present.proof(row),
        )
        put_row(table, row.take_id, COLUMNS, cells)

    @on(DataTable.RowSelected)
    def details(self) -> None:
        """Enter: everything about one recording."""
        row = next(
            (row for row in self.station_app.station.deliveries() if row.take_id == self.selected), None
        )
        if row is None:
            return
        lines = [present.delivery_state(row), present.proof(row), ""]
        lines += present.facts(row.as_json())
        self.app.push_screen(Tell("\n".join(lines)))

    def _retry(self) -> None:
        self.station_app.station.retry(None)
        self.draw()

    def _send_carried(self) -> None:
        if self.station_app.station.send_carried():
            self.station_app.tell(DOUBLES)
        self.draw()

    def _ask_folder(self) -> None:
        def written(folder: str | None) -> None:
            if folder:
                self.export(Path(folder))

        self.app.push_screen(Write(tr("Folder on the USB stick, e.g. E:\\ or /media/usb")), written)

    @work(thread=True, exclusive=True, group="export")
    def export(self, folder: Path) -> None:
        """Write the carry pack on a thread, with its progress in the line of totals."""
        try:
            done = self.station_app.station.export_deliveries(folder, self._note)
        except StationError as error:
            text = error.what
        else:
            text = say(
                "{takes} {takes|recording|recordings} written and read back, {known} {known|was|were} "
                "there already.",
                takes=done.takes,
                known=done.known,
            )
        self.app.call_from_thread(self._exported, text)

    def _exported(self, text: Message) -> None:
        self._note_text = ""
        self.station_app.tell(text)

    def _note(self, done: int, total: int, name: str) -> None:
        text = f"{present.size(done)} / {present.size(total)}  {name}"
        self.app.call_from_thread(self._show_note, text)

    def _show_note(self, text: str) -> None:
        self._note_text = text

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)

    def follow_time(self, view: View, now: float) -> None:
        """Offsets grow without an event."""
        super().follow_time(view, now)
        self.show(view)

    @property
    def selected(self) -> str | None:
        table = self.query_one(DataTable)
        if not table.row_count:
            return None
        return table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
