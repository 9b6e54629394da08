"""The slot of the self-test screen."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from station.i18n import tr
from station.tui.base import StationScreen, bindings_of
from station.view import View


class SelftestScreen(StationScreen):
    mode = "selftest"
    BINDINGS = bindings_of("selftest")

    def body(self) -> Iterable[Widget]:
        yield Static("", id="selftest", markup=False)

    def show(self, view: View) -> None:
        self.query_one("#selftest", Static).update(tr("Run “station selftest” in another window."))
