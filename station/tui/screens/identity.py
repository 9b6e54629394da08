"""Is the child in the chair the pupil on the screen? Large, so that both can read it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.widget import Widget

from station.session.events import PupilNamed
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.scanner import MOST
from station.tui.widgets.digits import big
from station.tui.widgets.words import Words
from station.words import standings
from station.words.i18n import tr


def number(student_id: str) -> str:
    """Large where it has digits only, else all characters alike."""
    return big(student_id) if student_id.isdigit() else "   ".join(student_id)


class IdentityScreen(StationScreen):
    mode = "identity"
    takes_numbers = True
    BINDINGS = bindings_of("identity")

    def __init__(self) -> None:
        super().__init__()
        self._scanned = ""

    def body(self) -> Iterable[Widget]:
        yield Words("identity")

    def show(self, view: View) -> None:
        pupil = self.station_app.pupil(view.session.current)
        if pupil is None:
            return
        state = view.session.pupils[pupil.student_id]
        lines = [tr("Is this the pupil in the chair?"), "", number(pupil.student_id), ""]
        lines += ["   ".join(pupil.name), "", f"{pupil.class_name}   {pupil.sex}"]
        if state.takes:
            lines += [
                "",
                tr("Has begun already: {takes} sung").format(takes=standings.takes_done(view.session, state)),
            ]
        if state.elsewhere:
            lines += ["", standings.done_elsewhere(state, self.own_id)]
        elif told := standings.absent_elsewhere(state, self.own_id):
            lines += ["", told]
        elif state.standing.away:
            marked = tr("Marked: {state}. Enter calls the pupil all the same.")
            lines += ["", marked.format(state=standings.standing(state, self.own_id))]
        if self._scanned:
            lines += ["", tr("New number: {number}").format(number=self._scanned)]
        self.query_one("#identity", Words).update("\n".join(lines))

    def on_key(self, event: events.Key) -> None:
        """A new scan changes the pupil: its characters are collected until Enter."""
        if self.station_app.numbers.has(event.character):
            self._scanned = (self._scanned + (event.character or ""))[:MOST]
        elif event.key == "backspace":
            self._scanned = self._scanned[:-1]
        else:
            return
        event.stop()
        self.show(self.view)

    def on_screen_suspend(self) -> None:
        self._scanned = ""

    def action_do(self, action_id: str) -> None:
        scanned, self._scanned = self._scanned, ""
        if action_id == "primary" and scanned:
            self.station_app.station.post(PupilNamed(self.station_app.numbers.in_roster(scanned)))
            return
        super().action_do(action_id)
