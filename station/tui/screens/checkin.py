"""Check-in: each card is seen before the first pupil sings. Name and class large, Enter is "present"."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.widgets import DataTable, Input

from config.roster import Pupil
from station.session.events import CheckedIn
from station.session.stages import unchecked
from station.session.state import PupilState
from station.session.view import View
from station.tui.base import bindings_of
from station.tui.conditions import Desk
from station.tui.pupillist import NumberInput, PupilListScreen
from station.tui.widgets.tables import name_columns, put_row
from station.tui.widgets.words import Words, even
from station.words import present, standings
from station.words.i18n import tr, tr_noop

COLUMNS = ("mark", "id", "name", "class", "state")
WIDTHS = (1, 14, 16, 12, 24)
PRESENT = Binding("enter", "screen.check_in", tr_noop("Present"))


class CheckinInput(NumberInput):
    BINDINGS: ClassVar = [PRESENT]


class CheckinScreen(PupilListScreen):
    mode = "checkin"
    columns, widths, field = COLUMNS, WIDTHS, CheckinInput
    BINDINGS: ClassVar = [PRESENT, *bindings_of("checkin")]

    def __init__(self) -> None:
        super().__init__()
        self._next = ""
        """Whom the cursor was put on last: it moves when this one is done."""

    def desk(self, view: View) -> Desk:
        selected = self.selected if self.drawable else ""
        return Desk(view, selected if selected in view.session.pupils else "")

    def show(self, view: View) -> None:
        table = self.query_one(DataTable)
        name_columns(table, COLUMNS, ("", tr("Number"), tr("Name"), tr("Class"), tr("State")))
        self.query_one("#totals", Words).update(f" {standings.check_in_totals(view.session)}")
        left = unchecked(view.session)
        for pupil in self.station_app.station.roster.pupils:
            self._show_pupil(pupil, view.session.pupils[pupil.student_id], bool(left) and left[0])
        field = self.query_one(Input)
        alone = tr("Scan or type a number; Enter alone is the selected pupil")
        field.placeholder = (
            tr("Scan or type a number; Enter alone ends the check-in") if self._complete else alone
        )
        if left and left[0] != self._next and not self.query_one(Input).value:
            self._next = left[0]
            table.move_cursor(row=table.get_row_index(self._next))
        self.show_selected()

    def _show_pupil(self, pupil: Pupil, state: PupilState, next_id: str | bool) -> None:
        mark = ">" if pupil.student_id == next_id else ""
        word = standings.check_in_word(state, self.own_id)
        cells = (mark, pupil.student_id, pupil.name, pupil.class_name, word)
        shown = [present.cut(even(text), width) for text, width in zip(cells, WIDTHS, strict=True)]
        put_row(self.query_one(DataTable), pupil.student_id, COLUMNS, shown)

    def show_selected(self) -> None:
        pupil = self.station_app.pupil(self.selected)
        if self._complete:
            text = tr("Everyone is checked in, or away. Enter ends the check-in.")
        elif pupil is None:
            text = ""
        else:
            text = "   ".join((pupil.student_id, " ".join(pupil.name), pupil.class_name, pupil.sex)).rstrip()
        self.query_one("#next", Words).update(" " + text)

    @property
    def _complete(self) -> bool:
        session = self.view.session
        return not unchecked(session) and session.day.checked_in is None and not self.query_one(Input).value

    @property
    def enter_text(self) -> str:
        return tr_noop("End check-in") if self.drawable and self._complete else ""

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)

    @on(Input.Submitted)
    def action_check_in(self) -> None:
        """The pupil whose card was scanned or typed, or else the one under the cursor."""
        if self._complete:
            self.station_app.show_mode("stage")
            return
        student_id = self.query_one(NumberInput).taken() or self.selected
        if student_id:
            self.station_app.station.post(CheckedIn(student_id))
