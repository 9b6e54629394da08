"""What the pupil sees: one thing at a time, large; the proctor's line is at the bottom, small.

From the instruction to the end of the recording nothing moves: what is not shown keeps its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Center
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input

from config.kit import Item, parse_key
from station.session.events import IncidentNoted, RetakeStarted
from station.session.state import Phase
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.dialogs import NoteInput
from station.tui.notation.score import Page, page_at, pages_of, seconds_of
from station.tui.primary import after_verdict, elapsed
from station.tui.widgets.digits import big
from station.tui.widgets.meter import Meter
from station.tui.widgets.words import Words
from station.words import present
from station.words.categories import CATEGORIES
from station.words.i18n import tr, tr_noop
from station.words.present import now

FRAME_LINES = 16
"""Lines of everything but the song: head, title, large digits, meter, footer."""
LEAST_LINES = 12
"""The same with small digits."""
COUNTED = (Phase.STUDY, Phase.READY)


class NoteLine(NoteInput):
    """A note in place of the proctor's line: the song keeps its place, and its screen its life."""

    BINDINGS: ClassVar = [
        Binding("enter", "submit", tr_noop("Keep the note")),
        Binding("escape", "screen.leave_note", tr_noop("No note")),
    ]

    category = ""
    """Chosen by the first key, where that is one of their digits."""

    def on_mount(self) -> None:
        self.display = self.can_focus = False
        self.clear_all()

    def clear_all(self) -> None:
        """For the next note."""
        self.value, self.category = "", ""
        sorts = "  ".join(f"{key} {tr(text)}" for key, text in enumerate(CATEGORIES.values(), start=1))
        self.placeholder = tr("Key of the sort, then what happened:  {sorts}").format(sorts=sorts)

    async def _on_key(self, event: Key) -> None:
        keys = dict(zip("123456", CATEGORIES, strict=True))
        if not self.value and not self.category and event.character in keys:
            event.stop()
            event.prevent_default()
            self.category = keys[event.character]
            question = tr("{sort}: what happened? Enter keeps the note; the song goes on.")
            self.placeholder = question.format(sort=tr(CATEGORIES[self.category]))
            return
        await super()._on_key(event)


class TestScreen(StationScreen):
    __test__ = False
    mode = "test"
    BINDINGS = bindings_of("test")

    def body(self) -> Iterable[Widget]:
        yield Words("item")
        yield Words("now")
        with Center():
            yield Words("sheet")
        with Center():
            yield Words("count")
        yield Meter(self.station_app.station.kit.limits)
        yield Words("proctor")
        yield NoteLine()

    def __init__(self) -> None:
        super().__init__()
        self._pages: tuple[Page, ...] = ()
        self._page = 0
        """The page of the song that is shown."""
        self._noted: tuple[str, str] | None = None
        """When something happened, and to whom, while its note is written."""

    @property
    def _item(self) -> Item:
        return self.station_app.station.kit.items[self.view.session.item_index]

    def show(self, view: View) -> None:
        session, item = view.session, self._item
        pupil = self.station_app.pupil(session.current)
        if pupil is None:
            return
        kind = tr("Practice") if item.kind == "practice" else tr("Test")
        place = tr("Item {number} of {count}").format(
            number=session.item_index + 1, count=len(session.plan.items)
        )
        if session.take is not None and session.take.attempt > 1:
            kind += "  " + tr("attempt {number}").format(number=session.take.attempt)
        who = f" {place}  {kind}    {pupil.name}  {pupil.student_id}"
        height = self.size.height
        self._pages = pages_of(item, height - LEAST_LINES, self.size.width - 2, roomy=height - FRAME_LINES)
        self._page = self._page_now(view, monotonic())
        title = "   ".join(part for part in (item.title, *self._signature(item)) if part)
        self.query_one("#item", Words).update(f"{who}\n\n{title}{self._page_number()}")
        self._show_page(judged=session.phase is Phase.VERDICT)
        now = self.query_one("#now", Words)
        now.update(self._now(view))
        recording = session.phase is Phase.RECORDING and not session.waiting
        now.set_class(recording, "recording")
        self.query_one(Meter).visible = recording
        count = self.query_one("#count", Words)
        count.visible = session.phase in (*COUNTED, Phase.INSTRUCTION) or recording
        count.set_class(self._large, "large")
        if session.phase is Phase.INSTRUCTION:
            count.update(tr("Press Enter when the pupil is ready"))

    @staticmethod
    def _signature(item: Item) -> tuple[str, ...]:
        """Key and time, where the kit says them."""
        return (parse_key(item.key).name if item.key else "", item.time)

    def _page_number(self) -> str:
        return f"   ({self._page + 1}/{len(self._pages)})" if len(self._pages) > 1 else ""

    def _show_page(self, *, judged: bool = False) -> None:
        self.query_one("#sheet", Words).update("" if judged else self._pages[self._page].text)

    def _page_now(self, view: View, now: float) -> int:
        """All pages one after another while the pupil reads; then as the song goes on."""
        session = view.session
        if session.phase is Phase.STUDY and view.timer_ends_at is not None and view.timer_seconds:
            read = 1 - (view.timer_ends_at - now) / view.timer_seconds
            return min(len(self._pages) - 1, max(0, int(read * len(self._pages))))
        if session.phase is Phase.RECORDING:
            return page_at(self._pages, elapsed(view) / seconds_of(self._item))
        return len(self._pages) - 1 if session.phase is Phase.SAVING else 0

    def _now(self, view: View) -> str:
        session = view.session
        if session.phase is Phase.VERDICT:
            return self._verdict(view)
        if session.sound_failed:
            return tr("Please wait a moment")
        if session.phase is Phase.INSTRUCTION:
            return self._item.instruction
        if session.phase is Phase.RECORDING and session.waiting:
            return tr("The recording from before the restart goes on; it ends by itself")
        if session.phase is Phase.RECORDING and view.recording_since_at is None:
            return tr("The recording begins")
        return tr(present.PHASES.get(session.phase, ""))

    def _verdict(self, view: View) -> str:
        session, take = view.session, view.session.take
        if take is None:
            return ""
        if take.ok:
            good = tr("The recording is fine   {seconds:.1f} seconds").format(seconds=take.seconds)
            noticed = present.remarks(take.remarks, take.numbers)
            good = f"{good}\n{noticed}" if noticed else good
            return "\n\n".join([good, *present.verdict(take), self._after_good(view)])
        lines = [tr("The recording is not fine"), *present.verdict(take)]
        if session.item.practice:
            return "\n\n".join([*lines, *self._after_practice(view)])
        if session.attempts_left:
            left = tr("It can be sung again, {count} more {count|attempt|attempts}.").format(
                count=session.attempts_left
            )
            lines.append(left)
        lines.append(tr("Everything that was recorded is kept."))
        return "\n\n".join(lines)

    @staticmethod
    def _after_practice(view: View) -> list[str]:
        if isinstance(after_verdict(view), RetakeStarted):
            return [tr("It was practice: Enter practises once more, K goes on without.")]
        lines = [tr("It was practice, nothing depends on it: Enter goes on.")]
        return lines + ([tr("T practises once more.")] if view.session.attempts_left else [])

    def _before(self, view: View) -> str:
        """What became of the item before, of which the verdict was seen for a moment only."""
        index = view.session.item_index - 1
        item = self.station_app.station.kit.items[index]
        takes = [take for take in view.session.pupil.takes if take.item_id == item.id]
        if index < 0 or not takes or not takes[-1].ok:
            return ""
        fine = tr("“{title}”: the recording is fine, {seconds:.1f} seconds")
        return fine.format(title=item.title, seconds=takes[-1].seconds)

    def _after_good(self, view: View) -> str:
        if view.timer_ends_at is not None:
            return tr("Thank you. Next in a moment")
        if view.session.item_index + 1 < len(view.session.plan.items):
            return tr("Press Enter for the next song")
        return tr("Thank you. That was the last song; Enter lets the pupil go")

    # --- a note below the song, which goes on

    @property
    def own(self) -> Mapping[str, Callable[[], None]]:
        return {"incident": self._note}

    def _note(self) -> None:
        if not self.view.untouchable:
            self.station_app.run_app_action("incident", self.desk(self.view))
            return
        self._noted = self._noted or (now(), self.view.session.current)
        self._writes(True)

    def _writes(self, writing: bool) -> None:
        line = self.query_one(NoteLine)
        line.display = line.can_focus = writing
        self.query_one("#proctor").display = not writing
        self.set_focus(line if writing else None)

    @on(Input.Submitted)
    def _written(self, event: Input.Submitted) -> None:
        if self._noted is not None and event.value.strip():
            at, student_id = self._noted
            sort = self.query_one(NoteLine).category
            note = IncidentNoted(at, event.value.strip(), student_id, sort)  # type: ignore[arg-type]
            self.station_app.station.post(note)
        self.action_leave_note()

    def action_leave_note(self) -> None:
        self._noted = None
        self.query_one(NoteLine).clear_all()
        self._writes(False)

    def moves(self, view: View) -> bool:
        return view.session.phase in (*COUNTED, Phase.RECORDING)

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
        session = view.session
        page = self._page_now(view, now)
        if page != self._page and page < len(self._pages):
            self.show(view)
        if session.phase in COUNTED:
            self._count(present.seconds_left(view.timer_ends_at, now))
        if session.phase is Phase.RECORDING:
            left = self._item.max_seconds - elapsed(view)
            self._count(present.seconds_left(monotonic() + left, monotonic()))
            self.query_one(Meter).show(self.station_app.station.level, now)
        self.query_one("#proctor", Words).update(self._proctor(view), layout=False)

    @property
    def _large(self) -> bool:
        """Room for large digits."""
        return self.size.height >= FRAME_LINES + self._pages[0].text.count("\n") + 1

    def _count(self, seconds: int) -> None:
        self.query_one("#count", Words).update(big(str(seconds)) if self._large else f"[ {seconds} ]")

    def _proctor(self, view: View) -> str:
        trouble = self.trouble(view) if view.untouchable else ""
        if not trouble and view.session.phase is Phase.INSTRUCTION:
            return f" {self._before(view)}"
        if trouble or view.session.phase is not Phase.RECORDING or view.session.waiting:
            return f" {trouble}"
        until = self._item.min_seconds - elapsed(view)
        loss = tr("nothing lost") if view.lost_ms < 1 else tr("{ms:.0f} ms lost").format(ms=view.lost_ms)
        stop = tr("can be ended in {seconds} s").format(seconds=max(1, int(until + 0.999)))
        return f" {tr('Recording')}   {loss}   " + (stop if until > 0 else tr("Enter ends the recording"))
