"""All keys, from the action table, and the afternoon in five steps."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.widget import Widget

from station.session.view import View
from station.tui.actions import ACTIONS, key_name
from station.tui.base import StationScreen, bindings_of
from station.tui.widgets.words import Words
from station.words.i18n import tr, tr_noop
from station.words.present import pad

STEPS = (
    tr_noop("1  Open the session: type your name (two persons: and a code). F12 checks in."),
    tr_noop("2  Call a pupil: scan, type, or Enter. Compare name and class, then Enter."),
    tr_noop("3  Headset check: quiet, listen, sing, hear yourself. Enter goes on."),
    tr_noop("4  For each song press Enter once; the recording starts and ends by itself."),
    tr_noop("5  In the end F10 closes and seals, F9 writes forms; wait for the uploads."),
)


class HelpScreen(StationScreen):
    mode = "help"
    BINDINGS = bindings_of("help")

    def body(self) -> Iterable[Widget]:
        with VerticalScroll():
            yield Words("help")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def show(self, view: View) -> None:
        lines = [tr("The afternoon in five steps"), "", *(f"  {tr(step)}" for step in STEPS), ""]
        lines += [tr("Keys"), ""]
        seen = set()
        for action in ACTIONS:
            key = key_name(action.key)
            if (key, action.help) not in seen:
                lines.append(f"  {pad(key, 12)}{pad(tr(action.text), 20)}{tr(action.help)}")
                seen.add((key, action.help))
        lines += ["", tr("Recordings never stop because of a key, a closed window or a lost network.")]
        self.query_one("#help", Words).update("\n".join(lines))
