"""The forms to be signed: which there are, writing them with progress, and where the files are."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from textual import work
from textual.widget import Widget

from config.base import Message, StationError
from config.disk import DataDir
from station.forms.basis import basis_of
from station.forms.titles import FORMS
from station.forms.writing import BOOK, write_forms
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.conditions import Desk
from station.tui.widgets.words import Words
from station.words.i18n import render, tr


class FormsScreen(StationScreen):
    mode = "forms"
    BINDINGS = bindings_of("forms")

    def __init__(self) -> None:
        super().__init__()
        self._names = False
        self._writing = False
        self._written: dict[str, datetime] = {}
        """When each form, and the Excel file, was written."""
        self._trouble: Message | None = None
        self._closed = False

    @property
    def own(self) -> Mapping[str, Callable[[], None]]:
        return {"write": self.begin, "names": self._change_names, "open": self._open}

    def desk(self, view: View) -> Desk:
        return Desk(view, view.session.current, testing=self._writing, tested=bool(self._written))

    def body(self) -> Iterable[Widget]:
        yield Words("totals")
        yield Words("forms")
        yield Words("why")

    def on_unmount(self) -> None:
        self._closed = True

    @property
    def folder(self) -> Path:
        station = self.station_app.station
        return DataDir(station.settings.data.dir).forms / station.session_id

    def show(self, view: View) -> None:
        self.query_one("#totals", Words).update(f" {tr('Forms')}   {self._progress()}")
        titles = {form_id: tr(kind.title) for form_id, kind in FORMS.items()}
        rows = {**titles, BOOK: tr("All of them as an Excel file")}
        lines = [f"  {self._mark(name):8}{text}" for name, text in rows.items()]
        self.query_one("#forms", Words).update("\n".join(lines))
        self.query_one("#why", Words).update("\n".join(f" {line}" for line in self._below()))

    def _progress(self) -> str:
        if self._writing:
            return tr("being written {done}/{count}").format(done=len(self._written), count=len(FORMS) + 1)
        return tr("written") if self._written and self._trouble is None else ""

    def _mark(self, name: str) -> str:
        at = self._written.get(name)
        return f"{at:%H:%M}" if at else "-"

    def _below(self) -> Iterable[str]:
        names = tr("with the names of pupils") if self._names else tr("with numbers only")
        yield tr("All but lists of names: {names} (N changes this).").format(names=names)
        if self._trouble is not None:
            yield render(self._trouble)
        elif self._written and not self._writing:
            yield tr("Open and print them from here (O opens it):")
            yield str(self.folder)
        else:
            yield tr("Enter writes them into")
            yield str(self.folder)

    def _change_names(self) -> None:
        self._names = not self._names
        self.draw()

    def _open(self) -> None:
        webbrowser.open(self.folder.absolute().as_uri())

    def begin(self) -> None:
        """Write all forms on a thread; nothing while they are written."""
        if not self._writing:
            self._writing, self._trouble = True, None
            self._written.clear()
            self.draw()
            self._write(self._names)

    @work(thread=True, exclusive=True, group="forms")
    def _write(self, names: bool) -> None:
        station = self.station_app.station
        trouble = None
        try:
            basis = basis_of(
                station.settings,
                station.kit,
                station.roster,
                station.session_id,
                station.deliveries(),
                datetime.now().astimezone(),
                names=names,
                rehearsal=station.rehearsal,
            )
            write_forms(basis, self.folder, told=lambda name, path: self._tell(self._keep, name))
        except StationError as error:
            trouble = error.what
        self._tell(self._end, trouble)

    def _tell(self, change: Callable[..., None], *values: object) -> None:
        """From the writing thread: only the screens' own thread changes what a screen holds."""
        if not self._closed:
            self.app.call_from_thread(change, *values)

    def _keep(self, name: str) -> None:
        self._written[name] = datetime.now().astimezone()
        self.draw()

    def _end(self, trouble: Message | None) -> None:
        self._writing, self._trouble = False, trouble
        self.draw()
        self.refresh_bindings()

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
