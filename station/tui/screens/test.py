"""What the pupil sees: one thing at a time, large; the proctor's line is at the bottom, small.

From the instruction to the end of the recording nothing moves: what is not shown keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from textual.containers import Center
from textual.widget import Widget

from config.kit import Item
from station.session.state import Phase
from station.session.view import View
from station.tui.actions import elapsed
from station.tui.base import StationScreen, bindings_of
from station.tui.notation import aligned
from station.tui.widgets.digits import big
from station.tui.widgets.meter import Meter
from station.tui.widgets.words import Words
from station.words import present
from station.words.i18n import tr

FRAME_LINES = 16
"""Lines of everything but the song: head, title, large digits, meter, footer."""
COUNTED = (Phase.STUDY, Phase.READY)


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

    def __init__(self) -> None:
        super().__init__()
        self._lines = 0
        """Lines of notation and words on the screen."""

    @property
    def _roomy(self) -> bool:
        """Room for empty lines between the lines of a song."""
        item = self._item
        return self.size.height >= FRAME_LINES + 3 * len(item.notation.strip().splitlines())

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
        self.query_one("#item", Words).update(
            f" {place}  {kind}    {pupil.name}  {pupil.student_id}\n\n{item.title}"
        )
        judged = session.phase is Phase.VERDICT
        sheet = "" if judged else aligned(item.notation, item.lyrics, spaced=self._roomy)
        self._lines = sheet.count("\n") + 1
        self.query_one("#sheet", Words).update(sheet)
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
        if session.attempts_left:
            left = tr("It can be sung again, {count} more attempt(s).").format(count=session.attempts_left)
            lines.append(left)
        lines.append(tr("Everything that was recorded is kept."))
        return "\n\n".join(lines)

    def _after_good(self, view: View) -> str:
        if view.timer_ends_at is not None:
            return tr("Thank you. Next in a moment")
        if view.session.item_index + 1 < len(view.session.plan.items):
            return tr("Press Enter for the next song")
        return tr("Thank you. That was the last song; Enter lets the pupil go")

    def moves(self, view: View) -> bool:
        return view.session.phase in (*COUNTED, Phase.RECORDING)

    def tick(self, view: View, now: float) -> None:
        self.show_clock(view)
        session = view.session
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
        return self.size.height >= FRAME_LINES + self._lines

    def _count(self, seconds: int) -> None:
        self.query_one("#count", Words).update(big(str(seconds)) if self._large else f"[ {seconds} ]")

    def _proctor(self, view: View) -> str:
        if view.session.phase is not Phase.RECORDING or view.session.waiting:
            return ""
        until = self._item.min_seconds - elapsed(view)
        loss = tr("nothing lost") if view.lost_ms < 1 else tr("{ms:.0f} ms lost").format(ms=view.lost_ms)
        stop = tr("can be ended in {seconds} s").format(seconds=max(1, int(until + 0.999)))
        return f" {tr('Recording')}   {loss}   " + (stop if until > 0 else tr("Enter ends the recording"))
