"""One take without the screens: for scripts, screen readers and a quick try.

The same files, facts, verdict and queue as in a session; the screens find the take as a recovered one.
"""

from __future__ import annotations

import uuid
import wave
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag

from audio import FAULTS, AudioError
from audio.protocol import messages as heard
from config import Settings
from config.base import ConfigError, Message, StationError, say
from config.disk import DataDir, is_file, refuse_newer
from config.kit import load_kit
from config.roster import load_roster
from config.takes import FinishedFacts, Verdict, read_finished, sidecar_path, take_prefix
from station.session.day import SessionStage
from station.session.events import Event, TakeJudged
from station.session.journal import Journal
from station.session.replay import stage_told
from station.session.stages import REFUSALS
from station.sound.blocking import BlockingHeadset
from station.takes.examiner import FileExaminer
from station.takes.material import Material
from station.takes.naming import session_of
from station.takes.settle import repair, wait_for_orphan
from uploader.prove import enter
from uploader.queue import FinishedTake, Queue


@dataclass(frozen=True)
class Recorded:
    """A take that is whole on the disk."""

    path: Path
    facts: FinishedFacts
    """The sidecar."""
    judged: TakeJudged
    queued: bool
    trouble: StationError | None = None
    """What came in between although there is a take: the disk."""


class SingleTake:
    """Checks its input when it is made; call run() while the station's lock is held."""

    def __init__(self, settings: Settings, student_id: str, item_id: str) -> None:
        """Raises ConfigError for an unknown pupil or item and StationError for bad material."""
        self._settings = settings
        self._data = DataDir(settings.data.dir)
        self._student_id = student_id
        self._kit = load_kit(settings.session.kit, self._data.cache / "kit")
        roster = load_roster(settings.session.roster)
        if student_id not in {pupil.student_id for pupil in roster.pupils}:
            raise ConfigError(
                say(
                    "Number {student_id} is not in the roster. Please check the number.",
                    student_id=student_id,
                )
            )
        items = {item.id: item for item in self._kit.items}
        if item_id not in items:
            raise ConfigError(
                say(
                    "The kit has no item “{item}”; it has: {items}.",
                    item=item_id,
                    items=Message.listed(items),
                )
            )
        self.item = items[item_id]

    def run(
        self,
        stop: Flag,
        on_progress: Callable[[heard.TakeStarted | heard.TakeProgress], None],
        *,
        on_wait: Callable[[bool], None] = lambda busy: None,
        with_prompt: bool = False,
        max_seconds: float | None = None,
    ) -> Recorded:
        """Record until the maximum or `stop`, judge, queue. Raises StationError.

        A take from before that still runs is waited for; `on_wait` hears of it. Raises KeyboardInterrupt
        where `stop` comes before that has ended.
        """
        material = Material.of(self._settings, self._kit, session_of(self._settings))
        if not wait_for_orphan(self._data, stop, on_wait):
            raise KeyboardInterrupt
        refuse_newer(self._data.database)
        self._need_open()
        repair(material.takes)
        attempt = self._next_attempt(material.takes)
        start = material.start_take(str(uuid.uuid4()), self._student_id, self.item.id, attempt)
        if max_seconds is not None:
            start = heard.StartTake(start.take_id, start.path, max_seconds, start.facts, start.accompaniment)
        with BlockingHeadset(self._settings.audio, self._data) as headset:
            prompt = material.prompts.get(self.item.id)
            if with_prompt and prompt is not None:
                headset.play(prompt, _seconds(prompt))
            saved = headset.record(start, stop, on_progress)
        path = Path(saved.path)
        judged = FileExaminer(self._kit.limits, material.accompaniments, self._kit).take(
            saved.take_id, path, saved.sha256, self.item, None
        )
        queued, trouble = self._queued(path)
        if trouble is None and saved.ended_by == "disk":
            trouble = AudioError(FAULTS["disk_full"].message, code="disk_full")
        return Recorded(path, _facts_of(path, judged), judged, queued, trouble)

    def _queued(self, path: Path) -> tuple[bool, StationError | None]:
        """Where that fails the recording is whole all the same: the next start finds it and queues it."""
        try:
            return self._enqueue(path), None
        except StationError as error:
            return False, error

    def _need_open(self) -> None:
        """Nobody sings into a session that is over. Raises ConfigError, DiskError."""
        session_id = session_of(self._settings)
        if not is_file(self._data.database):
            events: list[Event] = []
        else:
            with closing(Journal(self._data, session_id, readonly=True)) as journal:
                events = [event for event, _ in journal.entries()]
        stage = stage_told(events, self._settings.session.custody)
        if stage is not SessionStage.OPEN:
            raise ConfigError(REFUSALS[stage], say("Open it on the screens: “station run”."))

    def _next_attempt(self, folder: Path) -> int:
        """By the names of the files: what can't be read or repaired has used its number, too."""
        begin = take_prefix(self._student_id, self.item.id)
        used = (file.name.removeprefix(begin).split(".")[0] for file in folder.glob(f"{begin}*"))
        return max((int(number) for number in used if number.isdecimal()), default=0) + 1

    def _enqueue(self, path: Path) -> bool:
        if self.item.kind == "practice":
            return False
        queue = Queue.open(self._data.database)
        try:
            return enter(queue, FinishedTake.from_sidecar(sidecar_path(path)), just_read=True)
        finally:
            queue.close()


def _facts_of(path: Path, judged: TakeJudged) -> FinishedFacts:
    """The sidecar, with the verdict even where there was no room left to write it."""
    facts = read_finished(path)
    if facts.verdict is not None:
        return facts
    return facts.judged(Verdict(judged.ok, judged.reasons, judged.numbers, facts.sha256, judged.remarks))


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()
