"""The self-test, live: one row per check, its reason and advice below, run all or one again."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from threading import Event as Flag
from time import monotonic

from rich.cells import cell_len
from textual import on, work
from textual.widget import Widget
from textual.widgets import DataTable

from config.base import Message
from config.disk import DataDir, write_whole
from station.checks import lastpass
from station.checks.catalogue import BY_ID, CHECKS
from station.checks.check import Check, Outcome, Result
from station.checks.estimate import seconds_of
from station.checks.fingerprint import fingerprint, in_list
from station.checks.lastpass import Pass
from station.checks.runner import run_checks, worst
from station.reports.selftest_page import OUTCOMES, page
from station.session.view import View
from station.tui.asking import Asker
from station.tui.base import StationScreen, bindings_of
from station.tui.conditions import Desk
from station.tui.dialogs import Tell
from station.tui.widgets.tables import add_columns, put_row
from station.tui.widgets.words import Words
from station.words.i18n import render, tr
from station.words.present import facts

COLUMNS = ("mark", "title", "found")
FOUND_CELLS = 90
GRAVE = (Outcome.FAIL, Outcome.WARN)


class SelftestScreen(StationScreen):
    mode = "selftest"
    BINDINGS = bindings_of("selftest")

    def __init__(self) -> None:
        super().__init__()
        self._results: dict[str, Result] = {}
        self._testing: Check | None = None
        self.busy = False
        """Checks run; set by the screen, cleared when their thread is done."""
        self._began_at = 0.0
        self._begun: tuple[Check, ...] = ()
        self._news: Message | None = None
        """What the morning check found changed."""
        self._stop = Flag()
        """The app ends."""
        self._left = Flag()
        """The proctor went back to the pupils: what is left to test can wait, and asks nothing."""

    @property
    def own(self) -> Mapping[str, Callable[[], None]]:
        return {
            "test_all": lambda: self.begin(CHECKS),
            "test_changed": lambda: self.begin(None),
            "test_one": lambda: self.begin([self.selected]),
            "report": self.write_report,
            "home": self._home,
        }

    def desk(self, view: View) -> Desk:
        return Desk(view, view.session.current, testing=self.busy, tested=bool(self._results))

    def _home(self) -> None:
        self.leave()
        self.station_app.show_mode(None)

    def body(self) -> Iterable[Widget]:
        yield Words("totals")
        yield DataTable(id="checks", cursor_type="row")
        yield Words("why")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        add_columns(table, COLUMNS, (*self._widths(), FOUND_CELLS))
        for check in CHECKS:
            put_row(table, check.id, COLUMNS, self._cells(check))
        table.show_header = False
        table.focus()

    def _widths(self) -> tuple[int, int]:
        """Cells for marks and titles in the chosen language."""
        words = [f"{mark:4} {tr(word)}" for mark, word in OUTCOMES.values()]
        titles = [tr(check.title) for check in CHECKS]
        return max(map(cell_len, words)), max(map(cell_len, titles))

    def on_unmount(self) -> None:
        self._stop.set()
        self.leave()

    def leave(self) -> None:
        """End the run after its present check."""
        self._left.set()

    def show(self, view: View) -> None:
        table = self.query_one(DataTable)
        for check in CHECKS:
            put_row(table, check.id, COLUMNS, self._cells(check))
        self._show_summary()
        self._show_why()

    def _cells(self, check: Check) -> tuple[str, str, str]:
        result = self._results.get(check.id)
        if self._testing is check:
            return f"...  {tr('running')}", tr(check.title), ""
        if result is None:
            return f"     {tr('to do')}", tr(check.title), ""
        mark, word = OUTCOMES[result.finding.outcome]
        return f"{mark:4} {tr(word)}", tr(check.title), render(result.finding.what)

    def _show_summary(self) -> None:
        last = lastpass.load(DataDir(self.station_app.station.settings.data.dir))
        text = f" {tr('Self-test')}   {len(self._results)}/{len(CHECKS)}"
        if self.busy:
            seconds = int(monotonic() - self._began_at)
            left = [check for check in self._begun if check.id not in self._results]
            text += "   " + tr("{seconds} s so far, about {left} s left").format(
                seconds=seconds, left=round(seconds_of(left, last))
            )
        elif self._results:
            mark, word = OUTCOMES[worst(self._results.values())]
            text += f"   {mark} {tr(word)}"
        void = lastpass.why_void(last, datetime.now().astimezone())
        if self._news is not None:
            text += "   " + render(self._news)
        elif last is not None and void is None:
            text += "   " + tr("last passed {when}").format(when=f"{last.at:%m-%d %H:%M}")
        self.query_one("#totals", Words).update(text)

    @property
    def selected(self) -> Check:
        table = self.query_one(DataTable)
        return BY_ID[str(table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value)]

    def _show_why(self) -> None:
        check = self._testing or self.selected
        result = self._results.get(check.id)
        if result is None:
            lines = [tr(check.why)]
        else:
            todo = result.finding.todo
            lines = [render(result.finding.what), render(todo) if todo is not None else tr(check.why)]
        self.query_one("#why", Words).update("\n".join(f" {line}" for line in lines))

    @on(DataTable.RowHighlighted)
    def moved(self) -> None:
        self._show_why()

    @on(DataTable.RowSelected)
    def details(self) -> None:
        """Enter: everything about one check."""
        check = self.selected
        result = self._results.get(check.id)
        lines = [tr(check.title), "", tr(check.why), tr(check.how), *([tr(check.mild)] if check.mild else [])]
        if result is not None:
            finding = result.finding
            lines += ["", render(finding.what), render(finding.todo) if finding.todo else ""]
            lines += ["", *facts(finding.numbers)]
        self.app.push_screen(Tell("\n".join(lines)))

    # --- running

    def begin(self, checks: Sequence[Check] | None) -> None:
        """Run these checks on a thread, None: those of the morning; nothing while others run."""
        if not self.busy:
            self.busy, self._began_at, self._news = True, monotonic(), None
            self._left.clear()
            self._forget(checks or ())
            self._run(checks)

    def _forget(self, checks: Sequence[Check]) -> None:
        self._begun = tuple(checks)
        for check in checks:
            self._results.pop(check.id, None)

    @work(thread=True, exclusive=True, group="selftest")
    def _run(self, checks: Sequence[Check] | None) -> None:
        try:
            with self.station_app.station.lent_headset():
                self._run_lent(checks)
        finally:
            self._tell(self._ended)

    def _run_lent(self, checks: Sequence[Check] | None) -> None:
        station, asker = self.station_app.station, Asker(self, self._left)
        bench = station.bench(asker.ear, asker.ready)
        before, morning = lastpass.load(bench.data), checks is None

        def current() -> Mapping[str, str]:
            return fingerprint(station.settings, in_list(station.settings, bench.devices))

        if checks is None:
            checks = lastpass.morning_checks(before, current(), datetime.now().astimezone())
            self._tell(self._forget, checks)
        results = run_checks(
            checks,
            bench,
            on_start=lambda check: self._tell(self._started, check),
            on_result=lambda result: self._tell(self._keep, result),
            stop=self._left,
        )
        now = current()
        self._tell(lambda: self._store(bench.data, before, results, now, morning))

    def _tell(self, change: Callable[..., None], *values: object) -> None:
        """From the checks' thread: only the screens' own thread changes what a screen holds."""
        if not self._stop.is_set():
            self.app.call_from_thread(change, *values)

    def _store(
        self, data: DataDir, before: Pass | None, results: list[Result], now: Mapping[str, str], morning: bool
    ) -> None:
        everything = [self._results[check.id] for check in CHECKS if check.id in self._results]
        if lastpass.keep(data, before, results, everything, now, left=self._left.is_set(), morning=morning):
            self._news = lastpass.news(before, now) if before is not None and morning else self._news

    def _started(self, check: Check) -> None:
        self._testing = check
        self._follow()

    def _keep(self, result: Result) -> None:
        self._results[result.check.id] = result
        self._testing = None
        self._follow()

    def _ended(self) -> None:
        self.busy, self._testing = False, None
        self._follow()

    def _follow(self) -> None:
        """The check that runs is seen; in the end the gravest finding."""
        check = self._testing
        if check is None and not self.busy:
            results = [result for result in self._results.values() if result.finding.outcome in GRAVE]
            check = (
                min(results, key=lambda result: GRAVE.index(result.finding.outcome)).check
                if results
                else None
            )
        if check is not None and len(self._begun) > 1:
            self.query_one(DataTable).move_cursor(row=CHECKS.index(check))
        self.draw()

    def write_report(self) -> None:
        """The page for the inspector, beside the data; opened where there is a browser."""
        station = self.station_app.station
        data = DataDir(station.settings.data.dir)
        results = [self._results[check.id] for check in CHECKS if check.id in self._results]
        path = data.root / f"selftest-{datetime.now().astimezone():%Y%m%d-%H%M}.html"
        last = lastpass.load(data)
        text = page(station.settings, results, last.fingerprint if last else {}, datetime.now().astimezone())
        write_whole(path, text.encode("utf-8"))
        webbrowser.open(path.as_uri())
        self.app.push_screen(Tell(tr("The page was written: {file}").format(file=str(path))))

    @property
    def tested(self) -> frozenset[str]:
        """Ids of the checks that have a result."""
        return frozenset(self._results)

    @property
    def finished(self) -> bool:
        """Something can be reported."""
        return bool(self._results) and not self.busy

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
        if self.busy:
            self._show_summary()
