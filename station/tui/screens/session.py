"""Home: who is next, who is done, who is absent, and the uploads at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import DataTable, Input

from config.roster import Pupil
from station.session.events import Event, PupilNamed
from station.session.state import BATCH, PupilState, Standing
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.conditions import Desk
from station.tui.numbers import Numbers
from station.tui.scanner import CODE, MOST, Burst
from station.tui.widgets.tables import add_columns, name_columns, put_row
from station.tui.widgets.words import Words, even
from station.words import present, standings
from station.words.i18n import tr, tr_noop
from uploader.queue import Row

COLUMNS = ("mark", "id", "name", "class", "state", "takes", "uploads")
WIDTHS = (1, 11, 12, 9, 15, 6, 8)
CALL = Binding("enter", "screen.call", tr_noop("Call"))
"""Of the field, and of the screen for as long as another window has the focus."""


class NumberInput(Input):
    """Takes digits, and letters only where the roster's numbers have some; other letters are keys."""

    BINDINGS: ClassVar = [CALL]
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


class SessionScreen(StationScreen):
    mode = "session"
    takes_numbers = True
    BINDINGS: ClassVar = [CALL, *bindings_of("session")]

    def __init__(self) -> None:
        super().__init__()
        self._followed: Event | None = None
        """The last event that the cursor went to the next pupil for; uploads never move it."""

    def body(self) -> Iterable[Widget]:
        yield Words("totals")
        yield DataTable(id="roster", cursor_type="row", zebra_stripes=False)
        yield Words("next")
        yield NumberInput(self.station_app.numbers)

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.can_focus = False
        add_columns(table, COLUMNS, WIDTHS)
        self._head()
        self.query_one(Input).focus()

    def desk(self, view: View) -> Desk:
        selected = self.selected if self.drawable else ""
        return Desk(view, view.session.current or (selected if selected in view.session.pupils else ""))

    def _head(self) -> None:
        names = ("", tr("Number"), tr("Name"), tr("Class"), tr("State"), tr("Takes"), tr("Uploads"))
        name_columns(self.query_one(DataTable), COLUMNS, names)

    def show(self, view: View) -> None:
        self._head()
        session = view.session
        self._show_totals(view)
        rows: dict[str, list[Row]] = {}
        for row in self.station_app.station.deliveries():
            if row.session == self.station_app.station.session_id:
                rows.setdefault(row.student_id, []).append(row)
        for pupil in self.station_app.station.roster.pupils:
            self._show_pupil(view, pupil, session.pupils[pupil.student_id], rows.get(pupil.student_id, []))
        self._show_next(view)

    def _show_totals(self, view: View) -> None:
        ends = self.station_app.station.settings.session.ends
        late = present.lateness(view, datetime.now().astimezone(), ends)
        text = (
            f" {standings.totals(view.session)}{late}\n"
            f" {present.uploads(view.delivery)}{present.notes(view.session)}"
        )
        self.query_one("#totals", Words).update(text, layout=False)

    def _show_pupil(self, view: View, pupil: Pupil, state: PupilState, rows: list[Row]) -> None:
        table = self.query_one(DataTable)
        next_pupil = view.session.next_pupil
        mark = ">" if pupil.student_id == next_pupil else ""
        word = standings.standing(state, next_pupil) + (f" ({state.note})" if state.note else "")
        sung = standings.takes_done(view.session, state) if state.takes else "-"
        delivered = f"{sum(row.delivered for row in rows)}/{len(rows)}" if rows else "-"
        cells = (mark, pupil.student_id, pupil.name, pupil.class_name, word, sung, delivered)
        shown = [present.cut(even(text), width) for text, width in zip(cells, WIDTHS, strict=True)]
        put_row(table, pupil.student_id, COLUMNS, shown)

    def _show_next(self, view: View) -> None:
        field = self.query_one(Input)
        field.placeholder = tr("Scan or type a number; Enter alone calls the selected pupil")
        if view.last_event is not self._followed and view.session.next_pupil and not field.value:
            table = self.query_one(DataTable)
            table.move_cursor(row=table.get_row_index(view.session.next_pupil), scroll=True)
        self._followed = view.last_event
        self._show_selected()

    def _show_selected(self) -> None:
        """Whom Enter calls and F4 marks; empty while a number is not whole."""
        next_pupil, pupil = self.view.session.next_pupil, self.station_app.pupil(self.selected)
        if not next_pupil and not self.query_one(Input).value:
            text = standings.ending(self.view.session, self.view.delivery)
        elif pupil is None:
            text = ""
        else:
            is_next = pupil.student_id == next_pupil
            who = tr("Next: {pupil}") if is_next else tr("Selected: {pupil}")
            text = who.format(pupil=f"{pupil.student_id}  {pupil.name}  {pupil.class_name}")
            text += f"\n {self._batch()}"
        self.query_one("#next", Words).update(" " + text)

    def _batch(self) -> str:
        """The next five, to be fetched together."""
        found = [self.station_app.pupil(student_id) for student_id in self.view.session.to_come[:BATCH]]
        names = "  ".join(pupil.name for pupil in found if pupil is not None)
        return present.cut(tr("Please get ready: {names}").format(names=names), self.size.width - 2)

    @on(DataTable.RowHighlighted)
    @on(Input.Changed)
    def select(self) -> None:
        if self.drawable:
            self._show_selected()
            self.refresh_bindings()

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
        self._show_totals(view)

    @on(Input.Submitted)
    def action_call(self) -> None:
        """The pupil whose number was typed, or else the one under the cursor."""
        typed = self.query_one(NumberInput).taken()
        session = self.view.session
        student_id = typed or self.selected
        state = session.pupils.get(student_id)
        if state is not None and state.standing is Standing.TROUBLED:
            self.station_app.decide(student_id)
        elif typed or (student_id and session.next_pupil):
            self.station_app.station.post(PupilNamed(student_id))

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
