"""The app's own actions: those that ask something first or go to another screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial

from textual.app import App

from config.base import Message, StationError, say
from station.run.rehearsing import Wish
from station.session import events as ev
from station.session.chair import RefusedError
from station.session.decisions import retaken_item
from station.session.machine import step
from station.session.state import TAKE_PHASES, Phase, Standing
from station.tui.actions import ACTIONS
from station.tui.conditions import Desk
from station.tui.dialogs import Choose, Happened, PasteLine, Tell, TellWithCode, Write
from station.tui.port import ScreenHost
from station.tui.terminal.encoding import draws_half_blocks
from station.tui.widgets.qrcode import code_rows
from station.words import milestones, present, standings
from station.words.categories import CATEGORIES
from station.words.i18n import current_language, render, set_language, tr, tr_noop

ABSENCES = (
    ("absent", tr_noop("absent")),
    ("unwell", tr_noop("unwell")),
    ("refused", tr_noop("refuses to sing")),
    ("excused", tr_noop("excused, with a reason")),
    ("late", tr_noop("late, comes later")),
)
TECHNICAL = tuple((code, text) for code, text in present.RETAKES.items() if code != "verdict")
SHOWN_NOTES = 5
TEXT = 30
"""Columns for a text beside a code."""


def translated(answers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(value, tr(text)) for value, text in answers]


class AppActions:
    """What keys do that belong to no single screen. Conditions stand in the action table."""

    def __init__(self, app: App[None], host: ScreenHost) -> None:
        self._app = app
        self._host = host
        self._table: dict[str, Callable[[Desk], None]] = {
            "absent": self._absent,
            "undo": self._undo,
            "incident": self._incident,
            "skip": self._skip,
            "rehearse": lambda desk: self._rehearse(),
            "unfinished": lambda desk: self._host.tell(standings.unfinished(desk.view.session)),
            "progress": self._progress,
            "beside": self._beside,
            "retake": self._retake,
            "home": lambda desk: host.show_mode(None),
            "pause": lambda desk: host.station.pause_deliveries(not desk.view.delivery.paused),
            "details": self._details,
            "language": lambda desk: self._language(),
            "quit": lambda desk: self.quit(),
        }
        modes = {mode for action in ACTIONS for mode in action.modes}
        self._table |= {mode: partial(self._open, mode) for mode in modes & {action.id for action in ACTIONS}}

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._table)

    def do(self, action_id: str, desk: Desk) -> None:
        self._table[action_id](desk)

    def _open(self, mode: str, desk: Desk) -> None:
        self._host.show_mode(mode)

    def _absent(self, desk: Desk) -> None:
        student_id = desk.pupil
        pupil = self._host.pupil(student_id)
        late = desk.view.session.pupils[student_id].standing is Standing.WAITING
        answers = translated(ABSENCES if late else ABSENCES[:-1])
        name = pupil.name if pupil else ""

        def answered(reason: str | None) -> None:
            if reason == "late":
                self._host.station.post(ev.MarkedLate(student_id))
            elif reason == "excused":
                self._excuse(student_id, name)
            elif reason is not None:
                self._host.station.post(ev.MarkedAbsent(student_id, reason))  # type: ignore[arg-type]

        question = tr("Why does {id} {name} not sing?").format(id=student_id, name=name)
        self._app.push_screen(Choose(question, answers), answered)

    def _excuse(self, student_id: str, name: str) -> None:
        def written(note: str | None) -> None:
            if note:
                self._host.station.post(ev.MarkedAbsent(student_id, "excused", note))

        self._app.push_screen(
            Write(tr("Why is {id} {name} excused?").format(id=student_id, name=name)), written
        )

    def decide(self, student_id: str) -> None:
        """About a pupil who has sung everything, not well or elsewhere: once more, or as it is."""
        state = self._host.station.view.session.pupils[student_id]
        pupil = self._host.pupil(student_id)
        again = [(f"again {code}", tr("Once more: {why}").format(why=tr(text))) for code, text in TECHNICAL]
        leave = [
            (code, tr("Leave it so: {why}").format(why=tr(text)))
            for code, text in standings.ACCEPTED.items()
            if code != "elsewhere" or state.elsewhere
        ]

        def answered(answer: str | None) -> None:
            if answer is None:
                return
            verb, _, code = answer.rpartition(" ")
            event = ev.PupilNamed(student_id, code) if verb else ev.TakesAccepted(student_id, code)  # type: ignore[arg-type]
            self._host.station.post(event)

        name = pupil.name if pupil else ""
        if state.only_elsewhere:
            own = self._host.station.settings.station.id
            lines = [render(Message.labelled(f"{student_id} {name}", standings.done_elsewhere(state, own)))]
            leave = []
        else:
            question = tr("{id} {name}: not all recordings are fine.").format(id=student_id, name=name)
            lines = [question, *standings.not_fine(state, self._host.station.kit)]
        self._app.push_screen(Choose("\n".join(lines), [*again, *leave]), answered)

    def _undo(self, desk: Desk) -> None:
        self._host.station.post(ev.AbsenceUndone(desk.pupil))

    def _incident(self, desk: Desk) -> None:
        student_id, at = desk.view.session.current, present.now()

        def chosen(sort: str | None) -> None:
            if sort:
                question = tr("{sort}: what happened? Time and pupil are added by themselves.")
                self._app.push_screen(
                    Happened(question.format(sort=tr(CATEGORIES[sort]))), lambda told: written(sort, told)
                )

        def written(sort: str, told: tuple[str, str, str] | None) -> None:
            if told is not None:
                note, minutes, remedy = told
                lost = int(minutes) if minutes else None
                self._host.station.post(ev.IncidentNoted(at, note, student_id, sort, lost, remedy))  # type: ignore[arg-type]

        before = present.note_lines(desk.view.session, student_id)[-SHOWN_NOTES:]
        question = tr("What sort of thing happened?")
        answers = translated(tuple(CATEGORIES.items()))
        self._app.push_screen(Choose("\n".join([*before, question]), answers), chosen)

    def _progress(self, desk: Desk) -> None:
        station = self._host.station
        now = datetime.now().astimezone()
        try:
            line = station.day_end.progress_line()
        except StationError as error:
            self._host.tell(error.what)
            return
        words = milestones.progress(desk.view, station.settings, now)
        # OSC 52: terminals that don't know it do nothing; the text can be typed off.
        self._app.copy_to_clipboard(f"{words}\n{line}")
        copied = tr("Copied: paste it into the group chat.")
        told = f"{words}\n{line}\n\n"
        nameless = milestones.progress(desk.view, station.settings, now, named=False)
        for scanned, hint in (
            (f"{words}\n{line}", tr("Or scan it with a telephone.")),
            (words, tr("Or scan it with a telephone, without what begins with S1.")),
            (nameless, tr("Or scan it with a telephone, without what begins with S1.")),
        ):
            if rows := self._code(scanned):
                self._app.push_screen(TellWithCode(told + render(Message.sentences([copied, hint])), rows))
                return
        self._app.push_screen(Tell(told + copied))

    def _beside(self, desk: Desk) -> None:
        question = tr("Paste the progress line (Ctrl+G) of the other station with this roster:")
        self._app.push_screen(PasteLine(question), lambda text: self.hear_line(text) if text else None)

    def hear_line(self, text: str) -> None:
        """Another station's line: what it means here is shown, and taken over by a key only."""
        station = self._host.station
        try:
            event = station.day_end.heard_line(text)
            after, _ = step(station.view.session, event)
        except StationError as error:
            self._host.tell(error.what)
            return
        except RefusedError as refusal:
            self._host.tell(refusal.why)
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                station.post(event)

        question = render(standings.told_elsewhere(event, station.view.session, after))
        answers = [("yes", tr("Take it over")), ("no", tr("Leave it"))]
        self._app.push_screen(Choose(question, answers), answered)

    def _code(self, text: str) -> tuple[str, ...]:
        """Beside a text that can be read; empty where there is no room, or the terminal can't draw it."""
        size = self._app.size
        return code_rows(text, size.width - TEXT, size.height) if draws_half_blocks(os.environ) else ()

    def _skip(self, desk: Desk) -> None:
        def answered(reason: str | None) -> None:
            if reason:
                self._host.station.post(ev.CheckSkipped(reason))

        self._app.push_screen(
            Choose(tr("Why is the headset check skipped?"), translated(tuple(standings.SKIPS.items()))),
            answered,
        )

    def _retake(self, desk: Desk) -> None:
        station, session = self._host.station, desk.view.session

        def answered(reason: str | None) -> None:
            if reason:
                station.post(ev.RetakeStarted(reason))  # type: ignore[arg-type]

        title = station.kit.items[retaken_item(session)].title
        question = tr("“{title}” once more: for which technical reason?").format(title=title)
        self._app.push_screen(Choose(question, translated(TECHNICAL)), answered)

    def _details(self, desk: Desk) -> None:
        view = desk.view
        lines = [render(Message.labelled(tr("Phase"), view.session.phase.value))]
        if view.session.take is not None:
            lines += present.facts(asdict(view.session.take))
        if view.device_trouble is not None:
            lines.append(str(view.device_trouble))
        if view.delivery.trouble is not None:
            lines.append(str(view.delivery.trouble))
        self._app.push_screen(Tell("\n".join(lines)))

    def _language(self) -> None:
        set_language("en" if current_language() == "zh_CN" else "zh_CN")
        self._host.redraw()

    def _rehearse(self) -> None:
        self._host.wish = Wish.REHEARSAL
        self._app.exit()

    def quit(self) -> None:
        view = self._host.station.view
        session = view.session
        if view.untouchable:
            self._host.tell(say("The program can be closed when the song is saved."))
            return
        question = tr("Close the singing test program? It goes on at this place the next time.")
        if self._host.station.rehearsal:
            question = tr("End the rehearsal?")
        if session.phase in TAKE_PHASES:
            question = tr("A pupil is singing, and is recorded to the end. Close the singing test program?")
        elif session.phase is Phase.HOME and self._host.station.view.delivery.waiting:
            question = tr("Not all is delivered; the rest is sent next time. Close the singing test program?")

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._app.exit()

        self._app.push_screen(Choose(question, [("no", tr("Stay")), ("yes", tr("Close"))]), answered)
