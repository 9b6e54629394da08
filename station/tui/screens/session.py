"""Home: who is next, who is done, who is absent, and the uploads at a glance."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.events import Paste
from textual.message import Message
from textual.widgets import DataTable, Input

from config.roster import Pupil
from config.status import Status
from station.session.events import Event, PupilNamed, SungElsewhere
from station.session.state import BATCH, PupilState, Session, Standing
from station.session.view import View
from station.tui.base import bindings_of
from station.tui.conditions import Desk
from station.tui.pupillist import NumberInput, PupilListScreen
from station.tui.widgets.tables import name_columns, put_row
from station.tui.widgets.words import Words, even
from station.words import present, standings
from station.words.i18n import tr, tr_noop
from uploader.queue import Row

COLUMNS = ("mark", "id", "name", "class", "state", "takes", "uploads")
WIDTHS = (1, 11, 12, 9, 15, 6, 8)
CALL = Binding("enter", "screen.call", tr_noop("Call"))
"""Of the field, and of the screen for as long as another window has the focus."""


class CallInput(NumberInput):
    BINDINGS: ClassVar = [CALL]

    class LinePasted(Message):
        """The progress line of another station was pasted here."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def _on_paste(self, event: Paste) -> None:
        if Status.in_text(event.text):
            event.prevent_default()
            self.post_message(self.LinePasted(event.text))


class SessionScreen(PupilListScreen):
    mode = "session"
    columns, widths, field = COLUMNS, WIDTHS, CallInput
    BINDINGS: ClassVar = [CALL, *bindings_of("session")]

    def __init__(self) -> None:
        super().__init__()
        self._followed: Event | None = None
        """The last event that the cursor went to the next pupil for; uploads never move it."""

    def desk(self, view: View) -> Desk:
        selected = self.selected if self.drawable else ""
        return Desk(view, view.session.current or (selected if selected in view.session.pupils else ""))

    def show(self, view: View) -> None:
        names = ("", tr("Number"), tr("Name"), tr("Class"), tr("State"), tr("Takes"), tr("Uploads"))
        name_columns(self.query_one(DataTable), COLUMNS, names)
        session = view.session
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
        word = standings.standing(state, self.own_id, next_pupil) + (f" ({state.note})" if state.note else "")
        sung = standings.takes_done(view.session, state) if state.takes else "-"
        delivered = f"{sum(row.delivered for row in rows)}/{len(rows)}" if rows else "-"
        cells = (mark, pupil.student_id, pupil.name, pupil.class_name, word, sung, delivered)
        shown = [present.cut(even(text), width) for text, width in zip(cells, WIDTHS, strict=True)]
        put_row(table, pupil.student_id, COLUMNS, shown)

    def _show_next(self, view: View) -> None:
        field = self.query_one(Input)
        field.placeholder = tr("Scan or type a number; Enter alone calls the selected pupil")
        follows = not isinstance(view.last_event, SungElsewhere) or self._is_elsewhere(view.session)
        new = view.last_event is not self._followed
        if new and follows and view.session.next_pupil and not field.value:
            table = self.query_one(DataTable)
            table.move_cursor(row=table.get_row_index(view.session.next_pupil))
        self._followed = view.last_event
        self.show_selected()

    def _is_elsewhere(self, session: Session) -> bool:
        """The pupil under the cursor; from others news takes it away no more than uploads do."""
        pupil = session.pupils.get(self.selected)
        return pupil is not None and pupil.only_elsewhere

    def show_selected(self) -> None:
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
        names = [pupil.name for pupil in found if pupil is not None]
        words = tr("Please get ready: {names}")
        room = self.size.width - 2 - present.cells(words.format(names=""))
        return words.format(names=present.fit(names, room))

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
        self._show_totals(view)

    @on(CallInput.LinePasted)
    def hear(self, line: CallInput.LinePasted) -> None:
        self.station_app.hear_line(line.text)

    @on(Input.Submitted)
    def action_call(self) -> None:
        """The pupil whose number was typed, or else the one under the cursor."""
        typed = self.query_one(NumberInput).taken()
        session = self.view.session
        student_id = typed or self.selected
        state = session.pupils.get(student_id)
        if state is not None and (state.standing is Standing.TROUBLED or state.only_elsewhere):
            self.station_app.decide(student_id)
        elif typed or (student_id and session.next_pupil):
            self.station_app.station.post(PupilNamed(student_id))
