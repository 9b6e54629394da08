"""The composition root: settings in, a running station out. Nothing else builds the parts.

Order of start: conductor, uploads, then the past is settled, then the headset opens. Order of stop: the
reverse; a take that runs is left to the capture process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from audio.capture import CaptureProcess
from audio.protocol import messages as heard
from config import Settings, server_token
from config.base import Message, Problem, StationError, raise_first, say
from config.disk import DataDir
from config.kit import load_kit
from config.roster import Roster, check_roster
from config.status import Beside, Status
from station.checks import lastpass
from station.checks.fingerprint import Ends, fingerprint, opened
from station.run.conductor import Changed, Conductor
from station.run.delivering import QueueDelivery
from station.run.effect_runner import EffectRunner
from station.run.options import Options
from station.run.pace import Pace
from station.run.rehearsing import NoDelivery
from station.run.sealing import DayEnd
from station.session.day import SessionStage
from station.session.events import Event, Restarted
from station.session.journal import Journal
from station.session.plan import Plan
from station.session.replay import opened_by_nobody, replayed
from station.session.state import Phase, Session
from station.session.view import BoardLine, View
from station.sound.supervisor import HeadsetSupervisor, devices_of
from station.status.beside import from_centre
from station.status.broadcast import Asked, Broadcast, KeptCount
from station.status.collector import status_of
from station.status.here import now_of, own_word, who_of
from station.takes.cleanup import AT_START, AT_THE_END, clear
from station.takes.examiner import FileExaminer
from station.takes.identity import told_by_session
from station.takes.material import Material
from station.takes.naming import clock_set_back, session_of
from station.takes.settle import look_through, repair, settle, wait_for_orphan
from uploader.carry import Carried, Progress, export_pack
from uploader.prove import Centre
from uploader.queue import ProofLevel, Queue, Row
from uploader.send import Uploader
from uploader.tus import Announcer

if TYPE_CHECKING:
    from station.checks.bench import Answer, Bench, Ear, Step

log = logging.getLogger(__name__)


class Station:
    """One afternoon: everything that runs, started and stopped together."""

    def __init__(self, settings: Settings, options: Options | None = None) -> None:
        """Loads roster, kit and journal; raises StationError for whatever is wrong with them."""
        self.settings = settings
        self.options = options = options or Options()
        self.data = DataDir(settings.data.dir)
        self.kit = options.kit() if options.kit else load_kit(settings.session.kit, self.data.cache / "kit")
        self.roster, self.roster_remarks = _roster_of(settings, options)
        """The pupils; what was repaired in the roster, and what looks wrong in it."""
        self.session_id = session_of(settings)
        self._clock_warning = clock_set_back(settings)
        self._token = server_token(settings)
        self._level: heard.Level | None = None
        self._ends: Ends | None = None
        self._warning = self._why_void()
        self._stopping = threading.Event()
        self._running = ExitStack()
        """What stop() has to stop, in that order."""
        self._jobs = ThreadPoolExecutor(max_workers=1, thread_name_prefix="jobs")
        self._journal = Journal(self.data, self.session_id)
        self._running.callback(self._journal.close)
        session, pace, began = self._replay()
        self.queue = Queue.open(self.data.database)
        self._running.callback(self.queue.close)
        self._delivery: QueueDelivery | NoDelivery = NoDelivery()
        if options.deliver:
            centre = Centre.of(settings.server)
            self._delivery = QueueDelivery(self.queue, self._uploader(), self._post, self.session_id, centre)
        self._headset = HeadsetSupervisor(self._spawn, devices_of(settings.audio), self._settle, self._heard)
        self._runner = self._effect_runner()
        self._conductor = Conductor(session, self._journal, self._runner, pace=pace, speed=options.speed)
        speaks = settings.server.status == "auto" and options.deliver and not options.rehearsal
        self._status = self._broadcast() if speaks else None
        self.day_end = DayEnd(self)
        if began:
            self._post(Restarted())

    def _effect_runner(self) -> EffectRunner:
        material = Material.of(self.settings, self.kit, self.session_id)
        examiner = FileExaminer(self.kit.limits, material.accompaniments, self.kit)
        return EffectRunner(self._headset, material, examiner, self._delivery, self._jobs, self._post)

    # --- what screens and commands use

    @property
    def view(self) -> View:
        return self._conductor.view

    @property
    def rehearsal(self) -> bool:
        return self.options.rehearsal

    @property
    def level(self) -> heard.Level | None:
        """The latest level of the microphone."""
        return self._level

    @property
    def selftest_warning(self) -> Message | None:
        """The clock is wrong, or there is no valid self-test."""
        return self._clock_warning or self._warning

    def start(self) -> None:
        clear(self.data, AT_START)
        self._conductor.start()
        self._running.callback(self._conductor.stop)
        self._running.callback(self._jobs.shutdown)
        self._delivery.start()
        self._running.callback(self._delivery.stop)
        self._headset.start()
        self._running.callback(self._headset.stop)
        if self._status is not None:
            # Last to start, so that its last word goes out before anything else is stopped.
            self._running.callback(self._conductor.observe(self._status.see))
            self._status.start()
            self._running.callback(self._status.stop)

    def stop(self) -> None:
        """Everything that was started, also after a start that failed; a second time nothing."""
        self._stopping.set()
        self._running.close()
        clear(self.data, AT_THE_END)

    def post(self, event: Event) -> None:
        self._post(event)

    def command(self, command: heard.Command) -> None:
        """Straight to the capture process: for the virtual headset of the demo."""
        self._headset.send(command)

    @contextmanager
    def lent_headset(self) -> Iterator[bool]:
        """The devices are free for the self-test while the block runs; False where they are in use."""
        free = self.view.session.phase is Phase.HOME and self._headset.rest()
        try:
            self._post(Changed(ready=False, trouble=say("The self-test uses the headset.")))
            yield free
        finally:
            self._warning = self._why_void()
            self._headset.wake()

    def _why_void(self) -> Message | None:
        now = fingerprint(self.settings, self._ends, self.kit.digest)
        return lastpass.why_void(lastpass.load(self.data), datetime.now().astimezone(), now)

    def bench(self, ask: Callable[[Ear], Answer | None], ready: Callable[[Step], bool]) -> Bench:
        """What the self-test measures with; use it inside lent_headset()."""
        # Its recorders and judges: the first screen does not wait for them.
        from station.checks.bench import Bench, Wishes

        wishes = Wishes(ask=ask, ready=ready, env=self.options.env, interactive=True)
        return Bench(self.settings, wishes)

    def observe(self, observer: Callable[[View], None]) -> Callable[[], None]:
        return self._conductor.observe(observer)

    def deliveries(self) -> Sequence[Row]:
        return self._delivery.rows()

    def retry(self, take_id: str | None) -> None:
        self._delivery.retry(take_id)

    def export_deliveries(self, folder: Path, progress: Progress) -> Carried:
        """Write what is not delivered to a stick. Raises DiskError."""
        return export_pack(self.queue, folder, progress)

    def send_carried(self) -> int:
        """What was carried away on a stick is sent from here after all; how many takes."""
        return self._delivery.send_carried()

    def recheck(self, row: Row) -> ProofLevel:
        return self._uploader().recheck(row)

    def pause_deliveries(self, paused: bool) -> None:
        self._delivery.pause(paused)

    # --- wiring

    def _replay(self) -> tuple[Session, Pace, bool]:
        plan, pace, entries = Plan.of(self.roster, self.kit), Pace(), self._journal.entries()
        session = Session.prepared(self.options.plan(plan) if self.options.plan else plan)
        for event, at in entries:
            session = replayed(session, event)
            pace.note(event, session, at)
        if session.day.stage is SessionStage.PREPARED and not self.options.stages:
            session = opened_by_nobody(session)
        return session, pace, bool(entries)

    def _post(self, item: Event | heard.Event | Changed) -> None:
        self._conductor.post(item)

    def _heard(self, event: heard.Event) -> None:
        if isinstance(event, heard.Level):
            self._level = event
            return
        if isinstance(event, heard.Opened):
            self._ends = opened((event.input, event.output))
            self._warning = self._why_void()
        self._post(event)

    def _spawn(self, on_event: Callable[[heard.Event], None]) -> CaptureProcess:
        return CaptureProcess(
            self.data.logs / "capture.log",
            on_event,
            lock=self.data.capture_lock,
            speed=self.options.speed,
            env=self.options.env,
        )

    def _settle(self) -> bool:
        """Before each start of a capture process: wait for an old one, repair, tell the session."""
        if not wait_for_orphan(self.data, self._stopping, self._tell_orphan):
            return False
        folder = self.data.session(self.session_id)
        for leftover in repair(folder):
            log.warning("%s: %s", leftover.path.name, leftover.outcome)
        takes, _ = look_through(folder, told_by_session(self.view.session))
        for event in settle(takes, self.view.session):
            self._post(event)
        for take in takes:
            if not take.facts.practice:
                self._deliver_again(take.path)
        return True

    def _tell_orphan(self, busy: bool) -> None:
        self._post(Changed(orphan=busy))

    def _deliver_again(self, path: Path) -> None:
        """A take whose facts are damaged must not keep the headset closed."""
        try:
            self._delivery.add(path, just_read=False)
        except StationError as error:
            log.error("%s is not delivered: %s", path.name, error)

    def _broadcast(self) -> Broadcast:
        who = who_of(self.settings, self.session_id, self.kit, self.roster)

        def collect(asked: Asked) -> Status:
            rows, finish = list(self._delivery.rows()), self._delivery.finish_at()
            now = now_of(self.view, rows, self.queue, self.data, asked, who.session_id, finish)
            return status_of(who, now, asked.seq)

        def told(line: BoardLine) -> None:
            self._post(Changed(board=line))

        def beside(found: Sequence[Beside]) -> None:
            own = own_word(who, datetime.now().astimezone())
            for event in from_centre(found, own, self.view.session):
                self._post(event)

        kept = KeptCount(self.data.cache / "status.json", self.session_id)
        return Broadcast(Announcer(self.settings.server, self._token), collect, told, kept, beside)

    def _uploader(self) -> Uploader:
        return Uploader(
            self.queue,
            self.settings.server,
            self.settings.delivery,
            lambda *change: self._delivery.changed(*change),
            self._token,
        )


def _roster_of(settings: Settings, options: Options) -> tuple[Roster, Sequence[Problem]]:
    """Raises StationError where it can't be used."""
    roster, problems = options.roster() if options.roster else check_roster(settings.session.roster)
    raise_first(problems)
    assert roster is not None
    return roster, problems
