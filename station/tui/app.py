"""The app: modes follow the session, keys go to the station, views come back. Nothing else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual.app import ScreenStackError, SystemCommand
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.theme import Theme
from textual.timer import Timer

from config.base import Message as Sentence
from config.base import more_than, say
from config.roster import Pupil
from station.run.rehearsing import Wish
from station.session.day import SessionStage
from station.session.events import VerdictHeld
from station.session.machine import allows
from station.session.state import CHECK_PHASES, Phase
from station.session.view import View
from station.tui.actions import ACTIONS, key_name
from station.tui.app_actions import AppActions
from station.tui.base import StationScreen
from station.tui.closing import Palette, forget_closed
from station.tui.conditions import Desk
from station.tui.dialogs import Tell
from station.tui.guarded import GuardedApp
from station.tui.numbers import Numbers
from station.tui.port import StationPort
from station.tui.screens.check import CheckScreen
from station.tui.screens.checkin import CheckinScreen
from station.tui.screens.checklist import ChecklistScreen
from station.tui.screens.help import HelpScreen
from station.tui.screens.identity import IdentityScreen
from station.tui.screens.later import forms_screen, selftest_screen
from station.tui.screens.queue import QueueScreen
from station.tui.screens.session import SessionScreen
from station.tui.screens.stage import StageScreen
from station.tui.screens.test import TestScreen
from station.words.i18n import render, tr

FRAMES_PER_SECOND = 12
"""Where something moves."""
REST_SECONDS = 1.0
"""Between two looks at the clock where nothing does."""
ROSTER_SECONDS = 20.0
PLAIN = Theme(
    name="plain",
    primary="#ffffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
)
"""Black and white only."""


def mode_of(view: View) -> str:
    """The mode that belongs to the phase."""
    phase = view.session.phase
    if phase is Phase.HOME:
        return "session" if view.session.day.stage is SessionStage.OPEN else "stage"
    if phase is Phase.IDENTITY:
        return "identity"
    return "check" if phase in CHECK_PHASES else "test"


def step_of(view: View) -> Hashable:
    """Differs where a key would mean something else."""
    session = view.session
    pupil = session.phase, session.current, session.item_index, session.take_id, session.waiting
    return pupil, session.day.stage


CLOSING = (NoMatches, ScreenStackError)
"""A screen that is being taken down loses its widgets one by one, the app its screens."""


class StationApp(GuardedApp):
    CSS_PATH = "station.tcss"
    TITLE = "Singing test"
    MODES: ClassVar = {
        "session": SessionScreen,
        "stage": StageScreen,
        "checkin": CheckinScreen,
        "identity": IdentityScreen,
        "check": CheckScreen,
        "test": TestScreen,
        "queue": QueueScreen,
        "selftest": selftest_screen,
        "checklist": ChecklistScreen,
        "forms": forms_screen,
        "help": HelpScreen,
    }
    ENABLE_COMMAND_PALETTE = True

    @dataclass
    class ViewChanged(Message):
        """Posted from the conductor's thread; a newer one replaces an older one."""

        view: View

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, StationApp.ViewChanged)

    def __init__(self, station: StationPort) -> None:
        # Names that must be hidden are not on the first screen either.
        self.DEFAULT_MODE = mode_of(station.view)  # type: ignore[misc]
        super().__init__()
        self.station = station
        self._actions = AppActions(self, self)
        self._side_mode: str | None = None
        self.wish: Wish | None = None
        self.locked = False
        self._told = False
        self._stage = station.view.session.day.stage
        self.remark: Sentence | None = None
        """Why a key did nothing, where the session does not know of it."""
        self.while_untouchable: Sentence | None = None
        """The same of a key while a pupil sings: no longer true when the song is saved."""
        self._frames: Timer | None = None
        self.numbers = Numbers(station.roster.pupils)
        self._pupils = {pupil.student_id: pupil for pupil in station.roster.pupils}
        self._unsubscribe: Callable[[], None] = lambda: None

    def on_mount(self) -> None:
        self.register_theme(PLAIN)
        forget_closed(self)
        self._unsubscribe = self.station.observe(self._tell)
        self.station.start()
        self.set_interval(REST_SECONDS, self._tick)
        self._tell_about_roster()

    def _tell_about_roster(self) -> None:
        """A number that was repaired, or that Excel may have changed, concerns a pupil of this afternoon."""
        remarks = self.station.roster_remarks
        if remarks and not self._told and self.station.view.session.day.stage is SessionStage.OPEN:
            self._told = True
            sentences = filter(None, (remarks[0].sentence(), more_than(remarks)))
            text = "\n".join(map(render, sentences))
            self.notify(text, title=tr("Roster"), severity="warning", timeout=ROSTER_SECONDS, markup=False)

    def on_unmount(self) -> None:
        self._unsubscribe()
        self.station.stop()

    def _tell(self, view: View) -> None:
        self.post_message(self.ViewChanged(view))

    def pupil(self, student_id: str) -> Pupil | None:
        return self._pupils.get(student_id)

    async def on_station_app_view_changed(self, message: ViewChanged) -> None:
        await self._follow()

    async def _follow(self) -> None:
        """Show the screen of the phase, unless the proctor looks at something else."""
        self._tell_about_roster()
        stage = self.station.view.session.day.stage
        if stage is not self._stage and self._side_mode == "stage":
            # What was looked at is over: the page of the new stage, or the pupils.
            self._side_mode = None
        self._stage = stage
        if self.station.view.session.current:
            # Names of others may stand in them.
            self.clear_notifications()
        if not self.station.view.untouchable:
            self.while_untouchable = None
        if self.station.view.untouchable or self.locked:
            self._side_mode = None
            if isinstance(self.screen, ModalScreen):
                self.screen.dismiss(None)
        wanted = "stage" if self.locked else self._side_mode or mode_of(self.station.view)
        if self.current_mode != wanted and not self.screen.is_modal:
            await self.switch_mode(wanted)
        self.redraw()

    def tell(self, sentence: Sentence) -> None:
        """Something to read: over the screen, or in its bottom line while a pupil sings."""
        if self.station.view.untouchable:
            self.while_untouchable = sentence
            self.redraw()
        else:
            self.push_screen(Tell(render(sentence)))

    def _lock_when_idle(self) -> None:
        """Names are hidden where nobody has pressed a key at home for some time."""
        session = self.station.view.session
        at_home = session.phase is Phase.HOME and session.day.stage is SessionStage.OPEN
        if not at_home or self.station.rehearsal:
            self.touched()
        minutes = self.station.settings.session.lock_minutes
        if minutes and self.idle_seconds >= 60 * minutes and not self.locked:
            self.locked = True
        if self.locked and self.current_mode != "stage":
            self.call_later(self._follow)

    def unlock(self) -> None:
        self.locked = False
        self.show_mode(None)

    def decide(self, student_id: str) -> None:
        self._actions.decide(student_id)

    def hear_line(self, text: str) -> None:
        self._actions.hear_line(text)

    def show_mode(self, mode: str | None) -> None:
        """Go to a side screen; None goes back to the pupil."""
        self._side_mode = mode
        self.call_later(self._follow)

    def redraw(self) -> None:
        with suppress(*CLOSING):
            if isinstance(self.screen, StationScreen) and self.screen.drawable:
                self.screen.draw()
                self.showed(step_of(self.station.view))

    def acting(self) -> None:
        self.remark = self.while_untouchable = None

    def second_scanned(self, number: str) -> None:
        self.remark = say(
            "{number} was scanned right behind another number: it was not called.", number=number
        )
        self.redraw()

    def _tick(self) -> None:
        self._lock_when_idle()
        with suppress(*CLOSING):
            if isinstance(self.screen, StationScreen) and self.screen.drawable:
                self.screen.follow_time(self.station.view, monotonic())

    def pace(self, moves: bool) -> None:
        """Look at the time often enough for the screen that was just drawn."""
        if self._frames is None:
            # A screen is drawn before the app is mounted.
            self._frames = self.set_interval(1 / FRAMES_PER_SECOND, self._tick, pause=True)
        if moves:
            self._frames.resume()
        else:
            self._frames.pause()

    # --- keys

    def run_app_action(self, action_id: str, desk: Desk) -> None:
        self._actions.do(action_id, desk)

    def _hold(self) -> None:
        """A verdict stays until something is chosen."""
        if allows(self.station.view.session, VerdictHeld()):
            self.station.post(VerdictHeld())

    def action_help_quit(self) -> None:
        """Ctrl-C, which Textual answers with a note over everything."""
        self._hold()
        self._actions.quit()

    async def action_quit(self) -> None:
        self._hold()
        self._actions.quit()

    def action_command_palette(self) -> None:
        """Textual's own, in the chosen language.

        Never over a dialog: one that is answered closes what lies on it, and a palette that is closed
        before it has been shown looks for a screen below it that is not there.
        """
        if isinstance(self.screen, StationScreen) and not self.station.view.untouchable:
            self._hold()
            palette = Palette(placeholder=tr("Type a part of a command"), id="--command-palette")
            self.push_screen(palette)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: the same table as the keys."""
        if isinstance(screen, StationScreen):
            for action in ACTIONS:
                if screen.mode in action.modes and screen.possible(action.id):
                    run = lambda chosen=action.id: screen.action_do(chosen)  # noqa: E731
                    yield SystemCommand(tr(action.text), tr(action.help), run)
        for name, text in (
            ("textual-dark", tr("Dark colours")),
            ("textual-light", tr("Light colours")),
            ("plain", tr("Black and white")),
        ):
            yield SystemCommand(text, tr("How the screens look"), lambda chosen=name: self._look(chosen))

    def get_key_display(self, binding: Binding) -> str:
        return key_name(binding.key)

    def _look(self, theme: str) -> None:
        self.theme = theme
