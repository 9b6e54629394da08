"""What every screen shares: keys from the action table, head line, trouble line, what Enter does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import cast

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget

from station.session.events import VerdictHeld
from station.session.machine import allows
from station.session.state import TAKE_PHASES, Phase
from station.session.view import View
from station.tui.actions import ACTIONS, actions_of
from station.tui.conditions import Desk
from station.tui.port import ScreenHost
from station.tui.primary import primary_text
from station.tui.widgets.keyline import KeyLine
from station.tui.widgets.words import Words
from station.words import present
from station.words.hints import hint
from station.words.i18n import render, tr, tr_noop

CHAIR = ("session", "identity", "check", "test")
"""Screens of who is in the chair, or called next."""
COLUMNS, LINES = 80, 24
"""A smaller window hides keys and columns."""
_BY_ID = {action.id: action for action in ACTIONS}


def bindings_of(mode: str) -> list[BindingType]:
    """The bindings of one mode; descriptions are translated when shown."""
    return [
        Binding(action.key, f"do('{action.id}')", action.text, show=action.shown, id=f"{mode}.{action.id}")
        for action in actions_of(mode)
    ]


class StationScreen(Screen[None]):
    """Subclasses set `mode`, compose their `body()`, and draw in `show()`."""

    mode = ""
    takes_numbers = False
    """Numbers are scanned and typed here."""
    drawable = False
    """All widgets are mounted."""
    _primary: bool | None = False
    """Whether Enter was possible when it was last looked at."""

    def compose(self) -> ComposeResult:
        yield Words("head")
        with Vertical(id="body"):
            yield from self.body()
        yield Words("trouble")
        yield KeyLine()

    def body(self) -> Iterable[Widget]:
        raise NotImplementedError

    def show(self, view: View) -> None:
        """Draw everything that changes with an event."""

    @property
    def own(self) -> Mapping[str, Callable[[], None]]:
        """Actions of this screen alone, by id; what is not here is the app's."""
        return {}

    def desk(self, view: View) -> Desk:
        """What a key is about now."""
        return Desk(view, view.session.current)

    @property
    def enter_text(self) -> str:
        """What Enter does now, in English, where it does not always do the same; empty for its usual name."""
        return ""

    def tick(self, view: View, now: float) -> None:
        """Draw what moves by itself: clock, countdown, level. `now`: monotonic."""

    def moves(self, view: View) -> bool:
        """Whether something moves by itself, other than the clock."""
        return False

    def follow_time(self, view: View, now: float) -> None:
        """What moves by itself, and Enter, which becomes possible by itself when a minimum is over."""
        self.tick(view, now)
        if self.possible("primary") is not self._primary:
            self.refresh_bindings()

    @property
    def station_app(self) -> ScreenHost:
        return cast("ScreenHost", self.app)

    @property
    def own_id(self) -> str:
        """Id of this station."""
        return self.station_app.station.settings.station.id

    @property
    def view(self) -> View:
        return self.station_app.station.view

    def on_mount(self) -> None:
        # Textual calls this after that of the subclass: now every widget is there.
        self.drawable = True
        self.draw()

    def on_resize(self) -> None:
        if self.drawable:
            self.draw()

    def on_screen_resume(self) -> None:
        if self.drawable:
            self.draw()

    def draw(self) -> None:
        """Everything anew, e.g. after a change of the language."""
        view = self.view
        self.show_frame(view)
        self.show(view)
        self.tick(view, monotonic())
        self.refresh_bindings()
        self.station_app.pace(self.moves(view))

    def refresh_bindings(self) -> None:
        if self.drawable:
            self._primary = self.possible("primary")
        super().refresh_bindings()

    def show_frame(self, view: View) -> None:
        # A line that appears would move what the pupil reads.
        trouble = "" if view.untouchable else self.trouble(view)
        self.query_one("#trouble", Words).update(trouble)
        self.query_one("#trouble").set_class(bool(trouble), "shown")
        self.show_clock(view)

    def show_clock(self, view: View) -> None:
        station = self.station_app.station.settings.station
        now = datetime.now().astimezone()
        rehearsal = self.station_app.station.rehearsal
        title = tr("REHEARSAL: nothing of this counts") if rehearsal else tr("Singing test")
        left = f" {title}  {station.school} {station.room}  {station.id}"
        end = present.expected_end(view, now, self.station_app.station.settings.session.ends)
        right = f"{now:%H:%M}  {end} "
        width = max(self.size.width, 40)
        gap = width - present.cells(left) - present.cells(right)
        if gap <= 0:
            left, gap = present.cut(left, width - present.cells(right) - 1), 1
        head = left + " " * gap + right
        self.query_one("#head", Words).update(head, layout=False)
        self.query_one("#head").set_class(rehearsal, "rehearsal")

    def trouble(self, view: View) -> str:
        """What keeps the session from going on, or a key from acting; empty for nothing."""
        if view.stopped is not None:
            stopped = tr("Nothing can be kept any more: {why} Close with Ctrl+Q, and open the program again.")
            return stopped.format(why=render(view.stopped))
        if view.device_trouble is not None:
            return render(view.device_trouble)
        if view.orphan:
            return tr("A recording from before still goes on. Please wait until it ends by itself.")
        remark = self.station_app.while_untouchable or self.station_app.remark
        if remark is not None:
            return render(remark)
        if self.size.width < COLUMNS or self.size.height < LINES:
            small = tr("Make the window larger: {columns} columns and {lines} lines are needed.")
            return small.format(columns=COLUMNS, lines=LINES)
        if view.session.sound_failed:
            return present.prompt_failed(view.session.sound_failed)
        if view.session.waiting and view.session.phase not in TAKE_PHASES:
            return tr("The station was started again. Press Enter to go on where it stopped.")
        if view.notice is not None:
            return render(view.notice)
        if not view.device_ready and view.session.phase is Phase.HOME:
            return tr("The headset is being opened. Please wait.")
        if view.board.word and view.session.phase is Phase.HOME:
            return tr("District: {words}").format(words=view.board.word)
        told = hint(view.session) if self.station_app.station.rehearsal and self.mode in CHAIR else ""
        if told:
            return told
        warning = self.station_app.station.selftest_warning
        if warning is not None and view.session.phase is Phase.HOME and self.mode == "session":
            return render(warning)
        return ""

    # --- keys

    def action_do(self, action_id: str) -> None:
        action, desk = _BY_ID[action_id], self.desk(self.view)
        if action.make is not None:
            event = action.make(desk.view)
            if event is not None:
                self.station_app.station.post(event)
            return
        if not action.possible(desk):
            return
        if allows(desk.view.session, VerdictHeld()):
            # The countdown would go on under what is asked or looked at.
            self.station_app.station.post(VerdictHeld())
        if action_id in self.own:
            self.own[action_id]()
        else:
            self.station_app.run_app_action(action_id, desk)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is possible now is shown; the state machine says what that is."""
        if action != "do":
            return True
        return self.possible(str(parameters[0]))

    def possible(self, action_id: str) -> bool | None:
        """None: shown, but not possible yet."""
        desk = self.desk(self.view)
        possible = _BY_ID[action_id].possible(desk)
        session = desk.view.session
        if action_id == "primary" and session.phase is Phase.RECORDING and not session.waiting:
            return possible or None
        return possible

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """Textual's own, with the descriptions in the chosen language."""
        found = super().active_bindings
        for key, active in found.items():
            text = active.binding.description
            if active.binding.action == "do('primary')":
                text = primary_text(self.view) or text
            elif active.binding.action.removeprefix("app.") == "command_palette":
                text = tr_noop("all")
            elif active.binding.key == "enter":
                text = self.enter_text or text
            translated = replace(active.binding, description=tr(text) if text else "")
            found[key] = active._replace(binding=translated)
        return found
