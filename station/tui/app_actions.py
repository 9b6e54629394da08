"""The app's own actions: those that ask something first or go to another screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from station.checks.catalogue import CHECKS
from station.session import events as ev
from station.session.decisions import retaken_item
from station.session.machine import allows
from station.session.state import CHECK_PHASES, TAKE_PHASES, Phase, Standing
from station.tui.base import StationScreen
from station.tui.dialogs import Choose, Tell, Write
from station.tui.screens.queue import QueueScreen
from station.tui.screens.selftest import SelftestScreen
from station.tui.screens.session import SessionScreen
from station.words import present
from station.words.i18n import current_language, set_language, tr, tr_noop

if TYPE_CHECKING:
    from station.tui.app import StationApp

ABSENCES = (
    ("absent", tr_noop("absent")),
    ("unwell", tr_noop("unwell")),
    ("refused", tr_noop("refuses to sing")),
    ("late", tr_noop("late, comes later")),
)
SKIPS = (
    ("same headset as before", tr_noop("The same headset was fine a moment ago")),
    ("noise", tr_noop("The noise outside can't be stopped")),
    ("time", tr_noop("No time left")),
)
TECHNICAL = tuple((code, text) for code, text in present.RETAKES.items() if code != "verdict")
SHOWN_NOTES = 5


def translated(answers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(value, tr(text)) for value, text in answers]


class AppActions:
    """`do(id)` runs one; `possible(id)` says whether its key is shown."""

    def __init__(self, app: StationApp) -> None:
        self._app = app
        self._table: dict[str, Callable[[], None]] = {
            "absent": self._absent,
            "undo": self._undo,
            "incident": self._incident,
            "skip": self._skip,
            "retake": self._retake,
            "queue": lambda: app.show_mode("queue"),
            "selftest": lambda: app.show_mode("selftest"),
            "help": lambda: app.show_mode("help"),
            "test_all": lambda: self._selftest(lambda screen: screen.begin(CHECKS)),
            "test_changed": lambda: self._selftest(lambda screen: screen.begin(None)),
            "test_one": lambda: self._selftest(lambda screen: screen.begin([screen.selected])),
            "report": lambda: self._selftest(lambda screen: screen.write_report()),
            "home": self._home,
            "retry": self._retry,
            "export": self._export,
            "pause": lambda: app.station.pause_deliveries(not app.station.view.delivery.paused),
            "details": self._details,
            "language": self._language,
            "quit": self._quit,
        }

    def do(self, action_id: str) -> None:
        if self.possible(action_id):
            self._table[action_id]()

    def possible(self, action_id: str) -> bool:
        session = self._app.station.view.session
        if action_id == "skip":
            return session.phase in CHECK_PHASES and not session.waiting
        if action_id == "retake":
            return allows(session, ev.RetakeStarted("other"))
        if action_id == "absent":
            return bool(self._pupil()) and allows(session, ev.MarkedAbsent(self._pupil(), "absent"))
        if action_id in ("test_all", "test_changed", "test_one", "report"):
            screen = self._screen
            if not isinstance(screen, SelftestScreen) or screen.busy:
                return False
            return session.phase is Phase.HOME if action_id != "report" else screen.finished
        if action_id == "export":
            return any(not row.delivered for row in self._app.station.deliveries())
        if action_id == "undo":
            return bool(self._pupil()) and allows(session, ev.AbsenceUndone(self._pupil()))
        return True

    @property
    def _screen(self) -> StationScreen | None:
        """The screen that keys are about, also while a question or the palette lies over it."""
        stack = reversed(self._app.screen_stack)
        return next((screen for screen in stack if isinstance(screen, StationScreen)), None)

    def _pupil(self) -> str:
        """The pupil that a key is about: in the chair, or under the cursor at home."""
        session = self._app.station.view.session
        if session.current:
            return session.current
        screen = self._screen
        selected = screen.selected if isinstance(screen, SessionScreen) else ""
        return selected if selected in session.pupils else ""

    def _absent(self) -> None:
        student_id = self._pupil()
        pupil = self._app.pupil(student_id)
        late = self._app.station.view.session.pupils[student_id].standing is Standing.WAITING
        answers = translated(ABSENCES if late else ABSENCES[:3])
        name = pupil.name if pupil else ""

        def answered(reason: str | None) -> None:
            if reason == "late":
                self._app.station.post(ev.MarkedLate(student_id))
            elif reason in ("absent", "unwell", "refused"):
                self._app.station.post(ev.MarkedAbsent(student_id, reason))  # type: ignore[arg-type]

        question = tr("Why does {id} {name} not sing?").format(id=student_id, name=name)
        self._app.push_screen(Choose(question, answers), answered)

    def _undo(self) -> None:
        self._app.station.post(ev.AbsenceUndone(self._pupil()))

    def _incident(self) -> None:
        student_id = self._app.station.view.session.current

        def written(note: str | None) -> None:
            if note:
                at = datetime.now().astimezone().isoformat(timespec="seconds")
                self._app.station.post(ev.IncidentNoted(at, note, student_id))

        before = present.note_lines(self._app.station.view.session)[-SHOWN_NOTES:]
        question = tr("What happened? Time and pupil are added by themselves.")
        self._app.push_screen(Write("\n".join([*before, question])), written)

    def _skip(self) -> None:
        def answered(reason: str | None) -> None:
            if reason:
                self._app.station.post(ev.CheckSkipped(reason))

        self._app.push_screen(Choose(tr("Why is the headset check skipped?"), translated(SKIPS)), answered)

    def _retake(self) -> None:
        station = self._app.station
        session = station.view.session
        if allows(session, ev.VerdictHeld()):
            station.post(ev.VerdictHeld())

        def answered(reason: str | None) -> None:
            if reason:
                station.post(ev.RetakeStarted(reason))  # type: ignore[arg-type]

        title = station.kit.items[retaken_item(session)].title
        question = tr("“{title}” once more: for which technical reason?").format(title=title)
        self._app.push_screen(Choose(question, translated(TECHNICAL)), answered)

    def _home(self) -> None:
        self._selftest(lambda screen: screen.leave())
        self._app.show_mode(None)

    def _retry(self) -> None:
        screen = self._screen
        self._app.station.retry(None)
        if isinstance(screen, QueueScreen):
            screen.draw()

    def _selftest(self, act: Callable[[SelftestScreen], None]) -> None:
        screen = self._screen
        if isinstance(screen, SelftestScreen):
            act(screen)

    def _export(self) -> None:
        def written(folder: str | None) -> None:
            screen = self._screen
            if folder and isinstance(screen, QueueScreen):
                screen.export(Path(folder))

        self._app.push_screen(Write(tr("Folder on the USB stick, e.g. E:\\ or /media/usb")), written)

    def _details(self) -> None:
        view = self._app.station.view
        lines = [f"{tr('Phase')}: {view.session.phase.value}"]
        if view.session.take is not None:
            take = asdict(view.session.take)
            lines += [f"{name}: {value}" for name, value in take.items() if value not in ("", None)]
        if view.device_trouble is not None:
            lines.append(str(view.device_trouble))
        if view.delivery.trouble is not None:
            lines.append(str(view.delivery.trouble))
        self._app.push_screen(Tell("\n".join(lines)))

    def _language(self) -> None:
        set_language("en" if current_language() == "zh_CN" else "zh_CN")
        self._app.redraw()

    def _quit(self) -> None:
        session = self._app.station.view.session
        question = tr("Close the station? Nothing is lost: it goes on at this place the next time.")
        if session.phase in TAKE_PHASES:
            question = tr("A pupil is singing. If you close now, the recording goes on to its end. Close?")
        elif session.phase is Phase.HOME and self._app.station.view.delivery.waiting:
            question = tr("Not everything is delivered yet. The rest is sent the next time. Close?")

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._app.exit()

        self._app.push_screen(Choose(question, [("no", tr("Stay")), ("yes", tr("Close"))]), answered)
