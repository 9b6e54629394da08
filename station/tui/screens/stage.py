"""The session as a whole: opened, closed, sealed, opened again, cleared, and locked. No name of a pupil."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from config.base import Message, StationError
from station.run.ceremony import REASON, SECRET, WRONG_CODES, Ask, Ceremony, Purpose, ceremony
from station.session.day import SessionDay, SessionStage
from station.session.stages import unchecked
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.widgets.field import Field
from station.tui.widgets.words import Words
from station.words import milestones, present, standings
from station.words.i18n import render, tr, tr_noop

GO_ON = Binding("enter", "screen.answer", tr_noop("Go on"))
"""Of the field, and of the screen where nothing is typed."""
BY_ITSELF = {SessionStage.PREPARED: Purpose.OPEN, SessionStage.CLOSED: Purpose.SEAL}
"""What is asked as soon as the screen is shown; what else there is waits for a key."""
DOES = {
    Purpose.OPEN: tr_noop("Enter opens the session."),
    Purpose.CHECKIN: tr_noop("Enter ends the check-in."),
    Purpose.CLOSE: tr_noop("Enter closes the session: nobody sings any more."),
    Purpose.SEAL: tr_noop("Enter seals the session."),
    Purpose.REOPEN: tr_noop("Enter opens the session again."),
    Purpose.CLEAR: tr_noop(
        "Enter removes the recordings from this computer, after the server has proven each."
    ),
    Purpose.UNLOCK: tr_noop("Enter shows the names again."),
}
ASKS = {
    Ask.READ: tr_noop("Read what stands above; Enter says that you have."),
    Ask.REASON: tr_noop("Why?"),
    Ask.NAME: tr_noop("Your name:"),
    Ask.ROLE: tr_noop("Which role?"),
    Ask.NEW_CODE: tr_noop("Choose a code of six digits or more; nobody else sees it:"),
    Ask.AGAIN: tr_noop("The same code once more:"),
    Ask.CODE: tr_noop("Your code:"),
}


class AnswerInput(Field):
    BINDINGS: ClassVar = [GO_ON]

    def __init__(self) -> None:
        super().__init__(id="answer", compact=True, max_length=REASON)
        self.cursor_blink = False


class StageScreen(StationScreen):
    mode = "stage"
    BINDINGS: ClassVar = [GO_ON, *bindings_of("stage")]

    def __init__(self) -> None:
        super().__init__()
        self._chosen: Purpose | None = None
        """By a key."""
        self._asked: tuple[Purpose | None, SessionDay] | None = None
        """What the questions are about."""
        self._ceremony: Ceremony | None = None
        self._problem: Message | None = None
        self._busy = False

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(can_focus=False):
            yield Words("stage")
        yield Words("ask")
        yield AnswerInput()

    @property
    def own(self) -> Mapping[str, Callable[[], None]]:
        return {
            "home": self._leave,
            "reopen": lambda: self._choose(Purpose.REOPEN),
            "clear": lambda: self._choose(Purpose.CLEAR),
        }

    def _choose(self, purpose: Purpose | None) -> None:
        self._chosen, self._asked, self._problem = purpose, None, None
        self.draw()

    def _leave(self) -> None:
        self._choose(None)
        self.station_app.show_mode(None)

    def on_screen_suspend(self) -> None:
        """A code that was half typed is nobody's business."""
        self._chosen, self._asked, self._problem = None, None, None
        self.query_one(Input).value = ""

    def _purpose(self, view: View) -> Purpose | None:
        stage = view.session.day.stage
        if self.station_app.locked:
            return Purpose.UNLOCK
        if stage is SessionStage.OPEN and self._checks_in(view):
            return Purpose.CHECKIN
        if stage is SessionStage.OPEN:
            return None if view.session.next_pupil else Purpose.CLOSE
        return self._chosen or BY_ITSELF.get(stage)

    def _checks_in(self, view: View) -> bool:
        day = view.session.day
        return day.checkin and day.checked_in is None and not unchecked(view.session)

    # --- what is shown

    def show(self, view: View) -> None:
        if self._asked is not None and self._asked[1] != view.session.day:
            self._chosen = None
        asked = self._purpose(view), view.session.day
        refused = view.notice is not None and self._ceremony is not None and self._ceremony.question is None
        if (asked != self._asked or refused) and not self._busy:
            self._asked = asked
            self._ceremony = self._begun(view, asked[0])
            self._put_question()
        self.query_one("#stage", Words).update("\n".join(self._lines(view)))
        self.query_one("#ask", Words).update("\n".join(self._ask_lines()))
        self.refresh_bindings()

    def _begun(self, view: View, purpose: Purpose | None) -> Ceremony | None:
        if purpose is None:
            return None
        settings = self.station_app.station.settings
        to_read = purpose is Purpose.CLOSE and bool(view.session.troubled)
        return ceremony(purpose, view.session.day, settings, datetime.now().astimezone(), to_read)

    def _put_question(self) -> None:
        field, question = self.query_one(Input), self._ceremony.question if self._ceremony else None
        field.display = question is not None and question.ask is not Ask.READ
        field.value = question.offered if question is not None else ""
        field.password = question is not None and question.ask in SECRET
        if field.display:
            field.focus()
            field.cursor_position = len(field.value)
        else:
            self.set_focus(None)

    def _lines(self, view: View) -> list[str]:
        session, day = view.session, view.session.day
        if self.station_app.locked:
            return ["", tr("Locked: nobody has pressed a key for some time. Names are hidden.")]
        lines = ["", milestones.large(tr(milestones.STAGES[day.stage])), ""]
        if day.stage is SessionStage.PREPARED:
            settings = self.station_app.station.settings
            return lines + milestones.prepared(session, settings, datetime.now().astimezone())
        if day.seal is not None:
            lines += milestones.seal_lines(day.seal)
        if day.stage is SessionStage.OPEN or day.stage is SessionStage.CLOSED:
            lines += milestones.closing(session, view.delivery, self.station_app.station.kit)
        else:
            lines += [present.uploads(view.delivery)]
        if day.seal is not None:
            lines.append(standings.uploads_left(view.delivery))
        if day.stage is not SessionStage.OPEN:
            lines += [tr("F9 writes the forms to be signed."), "", *milestones.history(day)]
        return lines

    def _ask_lines(self) -> list[str]:
        if self._busy:
            return [tr("Please wait: every recording is read.")]
        found, question = self._ceremony, self._ceremony.question if self._ceremony else None
        if found is None or question is None:
            return []
        lines = [render(self._problem)] if self._problem is not None else []
        words = tr(ASKS[question.ask])
        if question.ask not in (Ask.READ, Ask.REASON) and (question.person or len(found.questions) > 1):
            words = tr("Person {number}: {question}").format(number=question.person + 1, question=words)
        if question.ask is Ask.ROLE:
            words += " " + milestones.roles()
        last = len(found.questions) == 1
        return [*lines, f"{words} {tr(DOES[found.purpose])}" if last else words]

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)

    # --- answers

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "answer":
            return self._ceremony is not None and self._ceremony.question is not None and not self._busy
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def action_answer(self) -> None:
        found = self._ceremony
        if found is None or found.question is None or self._busy:
            return
        self._ceremony, self._problem = found.answer(self.query_one(Input).value)
        if self._problem is None:
            if self._ceremony.question is None:
                self._finish(self._ceremony)
            self._put_question()
        elif found.question.ask in SECRET:
            self.query_one(Input).value = ""
        if self._ceremony is not None and self._ceremony.wrong >= WRONG_CODES:
            self._choose(None)
        self.draw()

    def _finish(self, found: Ceremony) -> None:
        # What was asked stays so until the act has happened: nobody is asked twice.
        app = self.station_app
        if found.purpose in (Purpose.SEAL, Purpose.CLEAR):
            self._busy = True
            day_end = app.station.day_end
            self._wait_for(day_end.seal if found.purpose is Purpose.SEAL else day_end.clear, found.by)
            return
        act = found.act(present.now(), app.station.settings, app.station.view.session.troubled)
        if act is not None:
            app.station.post(act)
        if found.purpose is Purpose.UNLOCK:
            app.unlock()
        elif found.purpose is Purpose.CHECKIN:
            app.show_mode(None)
        elif found.purpose is Purpose.OPEN and app.station.settings.session.checkin == "on":
            app.show_mode("checkin")

    @work(thread=True, exclusive=True, group="day")
    def _wait_for(self, job: Callable[[tuple[str, ...]], None], by: tuple[str, ...]) -> None:
        problem = None
        try:
            job(by)
        except StationError as error:
            problem = error
        self.app.call_from_thread(self._ended, problem)

    def _ended(self, problem: StationError | None) -> None:
        self._busy, self._asked, self._chosen = False, None, None
        if problem is not None:
            self.station_app.tell(problem.what)
        self.station_app.redraw()
