"""The checklist before the test: what only a person can see, ticked with who looked and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from textual.widget import Widget
from textual.widgets import DataTable

from config.base import reason_of, say
from config.disk import DataDir
from station.checks.byhand import ITEMS, LONGEST_NAME, Tick, keep_ticks, ticks_of
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.dialogs import Write
from station.tui.widgets.tables import add_columns, put_row
from station.tui.widgets.words import Words, even
from station.words import present
from station.words.i18n import tr

COLUMNS = ("mark", "text", "who")
WIDTHS = (3, 56, 18)


class ChecklistScreen(StationScreen):
    mode = "checklist"
    BINDINGS = bindings_of("checklist")

    def __init__(self) -> None:
        super().__init__()
        self._by = ""
        """Who looks; asked before the first tick."""

    @property
    def own(self) -> Mapping[str, Callable[[], None]]:
        return {
            "tick": self._tick_one,
            "who": lambda: self._ask(None),
            "home": lambda: self.station_app.show_mode("selftest"),
        }

    def body(self) -> Iterable[Widget]:
        yield Words("totals")
        yield DataTable(id="checks", cursor_type="row")
        yield Words("why")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.can_focus = False
        table.show_header = False
        add_columns(table, COLUMNS, WIDTHS)
        self.set_focus(None)

    @property
    def _data(self) -> DataDir:
        return DataDir(self.station_app.station.settings.data.dir)

    def _ticks(self) -> dict[str, Tick]:
        return ticks_of(self._data, datetime.now().astimezone())

    def show(self, view: View) -> None:
        ticks, table = self._ticks(), self.query_one(DataTable)
        for item in ITEMS:
            tick = ticks.get(item.id)
            who = f"{datetime.fromisoformat(tick.at):%H:%M} {tick.by}" if tick else ""
            cells = ("[x]" if tick else "[ ]", tr(item.text), who)
            shown = [present.cut(even(text), width) for text, width in zip(cells, WIDTHS, strict=True)]
            put_row(table, item.id, COLUMNS, shown)
        head = tr("Checklist   {done}/{count} in order").format(done=len(ticks), count=len(ITEMS))
        self.query_one("#totals", Words).update(f" {head}")
        who = tr("Who looks: {name} (N changes this)").format(name=self._by) if self._by else ""
        held = tr("A tick holds for 36 hours, and stands on the form with name and time.")
        self.query_one("#why", Words).update(f" {held}\n {who}")

    @property
    def selected(self) -> str:
        table = self.query_one(DataTable)
        return str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value)

    def _tick_one(self) -> None:
        """Tick what is chosen, or take the tick away."""
        if not self._by and self.selected not in self._ticks():
            self._ask(self.selected)
        else:
            self._change(self.selected)

    def _ask(self, item_id: str | None) -> None:
        """Who looks; then the item is ticked, where there is one."""

        def written(name: str | None) -> None:
            if name:
                self._by = present.cut(name, LONGEST_NAME)
                if item_id is not None:
                    self._change(item_id)
                self.draw()

        self.app.push_screen(Write(tr("Who looks at this? The name stands on the checklist.")), written)

    def _change(self, item_id: str) -> None:
        ticks = self._ticks()
        if ticks.pop(item_id, None) is None:
            ticks[item_id] = Tick(self._by, present.now())
        try:
            keep_ticks(self._data, ticks)
        except OSError as error:
            self.station_app.tell(say("The tick can't be kept: {detail}", detail=reason_of(error)))
        self.draw()

    def key_up(self) -> None:
        self.query_one(DataTable).action_cursor_up()

    def key_down(self) -> None:
        self.query_one(DataTable).action_cursor_down()

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
