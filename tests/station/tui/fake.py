"""A station that shows what a test wants: for states that a real one reaches only by misfortune."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from audio.protocol.messages import Level
from config.base.errors import StationError
from config.base.message import Message
from config.base.problems import Problem
from config.kit.kitfile import load_kit
from config.roster.rosterfile import check_roster, load_roster
from config.settings import Settings
from station.checks.bench import Answer, Bench, Ear, Step, Wishes
from station.session.chair import RefusedError
from station.session.day import SessionSealed
from station.session.events import Event, SungElsewhere
from station.session.machine import step
from station.session.plan import Plan
from station.session.state import Session
from station.session.view import View
from uploader.carry.pack import Carried
from uploader.carry.packfile import Progress
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel as Proof
from uploader.queue.states import State

DIGEST = "ab" * 32
LINE = "S1 run=0a1b2c3d seq=1 check=ABCDEF"
CODE = "7K3M-9QWX-ABCD-EFGH-JKMN"


class FakeDayEnd:
    """Implements station.tui.port.DayEndPort."""

    def __init__(self, station: FakeStation) -> None:
        self._station = station
        self.refusal: Message | None = None
        self.cleared: list[tuple[str, ...]] = []
        self.line = LINE

    def progress_line(self) -> str:
        return self.line

    def heard_line(self, text: str) -> SungElsewhere:
        if self.refusal is not None:
            raise StationError(self.refusal)
        return SungElsewhere("demo-station-B", "2026-05-26T14:32:00+08:00", ("0107", "0108"), "line")

    def seal(self, by: tuple[str, ...]) -> None:
        if self.refusal is not None:
            raise StationError(self.refusal)
        number = len(self._station.view.session.day.seals) + 1
        self._station.post(SessionSealed("2026-05-26T16:40:00+08:00", by, number, CODE, DIGEST, 2))

    def clear(self, by: tuple[str, ...]) -> None:
        self.cleared.append(by)


class FakeStation:
    """Implements station.tui.port.StationPort; `show()` replaces the view as the conductor would."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.session_id = "s"
        self.rehearsal = False
        self.kit = load_kit(settings.session.kit)
        self.roster = load_roster(settings.session.roster)
        self.roster_remarks: Sequence[Problem] = check_roster(settings.session.roster)[1]
        self.view = View(Session.fresh(Plan.of(self.roster, self.kit)), device_ready=True)
        self.level: Level | None = Level(-12.0)
        self.selftest_warning: Message | None = None
        self.rows: list[Row] = []
        self.posted: list[Event] = []
        self.lives = False
        """What is posted happens."""
        self.retried: list[str | None] = []
        self.paused: list[bool] = []
        self.sent_carried = 0
        self.day_end = FakeDayEnd(self)
        self.exported: list[Path] = []
        self._observer: Callable[[View], None] = lambda view: None

    def start(self) -> None: ...
    def stop(self) -> None: ...

    def post(self, event: Event) -> None:
        self.posted.append(event)
        if self.lives:
            try:
                self.show(event, notice=None)
            except RefusedError as refusal:
                self.show(notice=refusal.why)

    def observe(self, observer: Callable[[View], None]) -> Callable[[], None]:
        self._observer = observer
        return lambda: None

    def deliveries(self) -> Sequence[Row]:
        return self.rows

    def retry(self, take_id: str | None) -> None:
        self.retried.append(take_id)

    def send_carried(self) -> int:
        self.sent_carried += 1
        return 1

    def pause_deliveries(self, paused: bool) -> None:
        self.paused.append(paused)

    def export_deliveries(self, folder: Path, progress: Progress) -> Carried:
        self.exported.append(folder)
        progress(1, 2, "x.wav")
        return Carried(takes=2, known=1)

    @contextmanager
    def lent_headset(self) -> Iterator[bool]:
        yield True

    def bench(self, ask: Callable[[Ear], Answer | None], ready: Callable[[Step], bool]) -> Bench:
        return Bench(self.settings, Wishes(ask=ask, ready=ready, speed=5.0))

    # --- for tests

    def show(self, *events: Event, **fields: object) -> None:
        """Step the session through `events` and change the view."""
        session = self.view.session
        for event in events:
            session, _ = step(session, event)
        self.view = replace(self.view, session=session, **fields)  # type: ignore[arg-type]
        self._observer(self.view)


def row(student_id: str, state: State, proof: Proof | None = None, error: Message | None = None) -> Row:
    return Row(
        take_id=f"take-{student_id}",
        student_id=student_id,
        item="song1",
        attempt=1,
        session="s",
        station="st",
        file=f"{student_id}_song1_1.wav",
        size=4_400_000,
        sha256=DIGEST,
        mtime_ns=0,
        compared_at=0.0,
        address_failures=0,
        doubtful=False,
        encoding="wav",
        wire_size=4_400_000,
        wire_sha256=DIGEST,
        pcm_md5=None,
        state=state,
        verify_level=proof,
        endpoint=None,
        upload_url=None,
        offset=2_200_000,
        sending_to=0,
        checked=True,
        attempts=1,
        failures=0,
        restarts=0,
        due_at=None,
        verified_at=0.0,
        error=error,
        error_kind=None,
    )
