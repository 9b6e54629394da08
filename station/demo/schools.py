"""Simulated schools for `station board demo`: real uploads and real words, only nobody sings.

Each has the station's own queue, uploader and voice to the board; what is simulated is the afternoon itself:
a pupil every few seconds, with small recordings.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import uuid
import wave
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from config import Settings
from config.kit import Kit
from config.status import Status, as_text
from station.checks.check import Outcome
from station.checks.lastpass import Pass
from station.session.plan import ItemPlan, Plan
from station.session.state import PupilState, Session, Standing, Take
from station.session.view import BoardLine, View
from station.status.broadcast import Asked, Broadcast, KeptCount
from station.status.collector import Now, Who, status_of
from station.status.here import who_of
from uploader.queue import FinishedTake, Queue, Row
from uploader.send import Uploader
from uploader.tus import Announcer

NAMES = (
    *(
        "娄山小学",
        "天山第一小学",
        "长宁路小学",
        "新泾小学",
        "虹桥小学",
        "古北路小学",
        "江苏路第五小学",
        "愚园路第一小学",
    ),
    *(
        "北新泾第二小学",
        "绿苑小学",
        "威宁路小学",
        "适存小学",
        "泸定小学",
        "玉屏南路小学",
        "法华镇路第三小学",
        "安顺路小学",
    ),
    *("开元小学", "淞虹路小学", "向红小学", "建青小学"),
)
PUPILS = 12
KINDS = ("silent", "headset", "offline", "late", "version", "selftest", "refused")
"""The schools in trouble; all others are well."""
NOWHERE = "http://127.0.0.1:9/files/"
"""Where nobody listens."""
FRAMES = 8000
STOP_SECONDS = 5.0


@dataclass(frozen=True)
class SchoolPlan:
    number: int
    kind: str
    """One of KINDS, or empty."""
    pupils: int = PUPILS
    pause: float = 6.0
    """Seconds between two pupils, up to twice as many."""

    @property
    def station(self) -> str:
        return f"310105-{self.number:03d}-A"

    @property
    def school(self) -> str:
        again = self.number // len(NAMES)
        return NAMES[self.number % len(NAMES)] + (f"{again + 1}部" if again else "")


def plans(count: int) -> list[SchoolPlan]:
    """`count` schools, the troubled ones spread among them."""
    step = max(1, count // len(KINDS))
    kinds = {place * step + step // 2: kind for place, kind in enumerate(KINDS)}
    return [SchoolPlan(number, kinds.get(number, "")) for number in range(count)]


class SimulatedSchool:
    """`start()` and `stop()`; a silent one does nothing at all."""

    def __init__(self, plan: SchoolPlan, settings: Settings, kit: Kit, token: str, folder: Path) -> None:
        self.plan = plan
        self._folder = folder / plan.station
        self._settings = self._own(settings, plan)
        self._who = self._identity(kit)
        self._ended = threading.Event()
        self._started = ExitStack()
        self._session = Session.fresh(_plan_of_session(plan.pupils))
        self._began = datetime.now().astimezone()
        self._queue = Queue.open(self._folder / "station.db")
        server = self._settings.server
        broken = server.model_copy(update={"url": NOWHERE})
        # Words still go out, recordings don't: a box on the way that lets small requests pass.
        uploads = broken if plan.kind == "offline" else server
        self._uploader = Uploader(self._queue, uploads, settings.delivery, lambda *_: None, token)
        told = "x" * 43 if plan.kind == "refused" else token
        kept = KeptCount(self._folder / "status.json", "demo")
        self._voice = Broadcast(Announcer(server, told), self._collect, self._hear, kept)
        self._thread = threading.Thread(target=self._run, name=f"school-{plan.number}", daemon=True)
        self.heard = ""
        """The last words from the district."""

    def start(self) -> None:
        if self.plan.kind == "silent":
            return
        # Noted one by one: whoever stops it in the middle of this stops what was started.
        self._uploader.start()
        self._started.callback(self._uploader.stop, STOP_SECONDS)
        self._voice.start()
        self._started.callback(self._voice.stop)
        self._thread.start()
        self._started.callback(self._thread.join)

    def close(self) -> None:
        """Tell it to end, without waiting."""
        self._ended.set()

    def stop(self) -> None:
        """May take seconds: a last word to the board, and what is under way."""
        self._ended.set()
        self._started.close()
        self._queue.close()

    def rows(self) -> list[Row]:
        """The station's own account of its recordings."""
        return self._queue.rows()

    def line(self) -> str:
        """What `station status --text` would print there."""
        return as_text(self._collect(Asked(1, closed=False, clock=None, heard=0)))

    def _own(self, settings: Settings, plan: SchoolPlan) -> Settings:
        about = settings.station.model_copy(update={"id": plan.station, "school": plan.school})
        ends = datetime.now().astimezone() + timedelta(minutes=1 if plan.kind == "late" else 120)
        session = settings.session.model_copy(update={"ends": ends})
        return settings.model_copy(update={"station": about, "session": session})

    def _identity(self, kit: Kit) -> Who:
        who = who_of(self._settings, "demo", kit)
        return replace(who, software="0.1.9") if self.plan.kind == "version" else who

    def _hear(self, line: BoardLine) -> None:
        self.heard = line.word

    def _collect(self, asked: Asked) -> Status:
        failed = self.plan.kind == "selftest"
        results = ({"id": "voice", "outcome": "fail"},) if failed else ({"id": "disk", "outcome": "ok"},)
        outcome = Outcome.FAIL if failed else Outcome.OK
        now = Now(
            at=datetime.now().astimezone(),
            session=self._session,
            rows=self._queue.rows(),
            selftest=Pass(self._began - timedelta(hours=3), outcome, {}, results),
            bytes_left=self._queue.bytes_left(),
            pupil_seconds=60.0,
            headset=self.plan.kind != "headset" or not self._session.totals.done,
            closed=asked.closed,
            clock=asked.clock,
            heard=asked.heard,
        )
        return status_of(self._who, now, asked.seq)

    # --- the afternoon

    def _run(self) -> None:
        pause = self.plan.pause * (1 + secrets.randbelow(100) / 100)
        self._voice.see(View(self._session))
        for student in self._session.plan.pupils:
            if self._ended.wait(pause):
                return
            if self.plan.kind == "headset" and self._session.totals.done >= 2:
                continue
            self._sing(student)
            self._voice.see(View(self._session))

    def _sing(self, student: str) -> None:
        takes = tuple(self._record(student, item.id) for item in self._session.plan.items)
        pupil = PupilState(student, standing=Standing.DONE, takes=takes)
        self._session = replace(self._session, pupils={**self._session.pupils, student: pupil})
        self._uploader.wake()

    def _record(self, student: str, item: str) -> Take:
        path = self._folder / f"{student}_{item}_1.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16000)
            file.writeframes(secrets.token_bytes(2 * FRAMES))
        data = path.read_bytes()
        take_id, digest = str(uuid.uuid4()), hashlib.sha256(data).hexdigest()
        self._queue.add(
            FinishedTake(
                take_id,
                "demo",
                self.plan.station,
                student,
                item,
                1,
                path,
                len(data),
                path.stat().st_mtime_ns,
                digest,
            ),
            just_read=True,
        )
        started = datetime.now().astimezone().isoformat(timespec="seconds")
        return Take(take_id, item, 1, started_at=started, file=path.name, seconds=0.5, sha256=digest, ok=True)


def _plan_of_session(pupils: int) -> Plan:
    items = tuple(
        ItemPlan(
            id=name,
            practice=False,
            has_prompt=False,
            study_seconds=1,
            ready_seconds=1,
            min_seconds=1,
            attempts=2,
        )
        for name in ("song1", "song2")
    )
    return Plan(pupils=tuple(f"{number:04d}" for number in range(101, 101 + pupils)), items=items)
