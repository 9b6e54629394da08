"""What happens between the double-click and the first pupil: settle the past, then open the headset.

1. A capture process of a killed station may still finish a take: wait for its lock, never disturb it.
2. Repair what was left, tell the session about it, put every take into the queue.
3. Only then start a new capture process.
The same steps settle a capture process that died in the middle of the afternoon.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event as Flag

from audio.file import Recovered, recover_folder
from config.access import LockHeldError, StationLock
from config.disk import DataDir, is_folder
from config.takes import PART, FinishedFacts, SidecarError, read_facts, read_finished
from station.session.events import Event, TakeFailed, TakeRecovered, TakeSaved, TakeStarted
from station.session.state import TAKE_PHASES, Phase, Session
from station.takes.identity import Told, disagreement

log = logging.getLogger(__name__)
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class TakeOnDisk:
    """A finished take on the disk."""

    path: Path
    facts: FinishedFacts


def wait_for_orphan(data: DataDir, stop: Flag, tell: Callable[[bool], None]) -> bool:
    """Wait until no capture process lives; False when `stop` was set before.

    `tell` hears True when there is one, and False when it has left.
    """
    told = False
    while not stop.is_set():
        lock = StationLock(data.capture_lock)
        try:
            lock.acquire()
        except LockHeldError:
            if not told:
                tell(True)
                told = True
            stop.wait(POLL_SECONDS)
            continue
        lock.release()
        if told:
            tell(False)
        return True
    return False


def orphan_seconds(data: DataDir, now: datetime) -> float | None:
    """How long the take of a capture process from before may still go on; None where it does not tell."""
    left = []
    for part in data.takes.glob(f"*/*{PART}"):
        try:
            facts = read_facts(part)
            began = datetime.fromisoformat(facts.started_at)
            if facts.max_seconds is not None:
                left.append(facts.max_seconds - (now - began).total_seconds())
        except (OSError, ValueError, TypeError, SidecarError) as error:
            log.info("%s does not tell how long it goes on: %s", part.name, error)
    return max((seconds for seconds in left if seconds > 0), default=None)


def look_through(folder: Path, told: Told) -> tuple[list[TakeOnDisk], list[Recovered]]:
    """The finished takes of a session folder, oldest first, and those that nobody knows the pupil of."""
    found: list[TakeOnDisk] = []
    damaged: list[Recovered] = []
    for path in sorted(folder.glob("*.wav")):
        if path.name.endswith(PART):
            continue
        try:
            facts = read_finished(path)
            differs = disagreement(path, facts, told)
        except (OSError, SidecarError) as error:
            log.error("no usable facts beside %s: %s", path.name, error)
            newer = isinstance(error, SidecarError) and error.newer
            damaged.append(Recovered(path, "newer" if newer else "no_facts"))
            continue
        if differs is not None:
            log.error("%s is put aside: its facts are not those of its %s", path.name, differs)
            damaged.append(Recovered(path, "differs"))
            continue
        found.append(TakeOnDisk(path, facts))
    twice = {name for name, count in Counter(take.facts.take_id for take in found).items() if count > 1}
    damaged += [Recovered(take.path, "differs") for take in found if take.facts.take_id in twice]
    found = [take for take in found if take.facts.take_id not in twice]
    return sorted(found, key=lambda take: take.facts.started_at), damaged


def repair(folder: Path) -> list[Recovered]:
    """Repair the leftovers of a session folder; call only while no capture process lives."""
    return recover_folder(folder) if is_folder(folder) else []


def settle(takes: list[TakeOnDisk], session: Session) -> list[Event]:
    """The events that bring `session` in step with what is on the disk."""
    found = {take.facts.take_id: take for take in takes}
    known = {take.take_id for pupil in session.pupils.values() for take in pupil.takes}
    events: list[Event] = [
        _recovered(take)
        for take in takes
        if take.facts.take_id not in known and take.facts.student_id in session.pupils
    ]
    running = session.take
    if session.phase in TAKE_PHASES and running is not None:
        take = found.get(running.take_id)
        if take is not None and not running.started_at and session.phase is Phase.RECORDING:
            events.append(TakeStarted(running.take_id, take.facts.started_at))
        events.append(TakeFailed(running.take_id, "nothing_recorded") if take is None else _saved(take))
    return events


def _saved(take: TakeOnDisk) -> TakeSaved:
    facts = take.facts
    return TakeSaved(facts.take_id, take.path.name, facts.seconds, facts.sha256, facts.ended_by)


def _recovered(take: TakeOnDisk) -> TakeRecovered:
    facts, verdict = take.facts, take.facts.verdict
    return TakeRecovered(
        student_id=facts.student_id,
        item_id=facts.item,
        attempt=facts.attempt,
        take_id=facts.take_id,
        file=take.path.name,
        seconds=facts.seconds,
        sha256=facts.sha256,
        ok=verdict.ok if verdict else None,
        reasons=verdict.reasons if verdict else (),
        remarks=verdict.remarks if verdict else (),
        numbers=verdict.numbers if verdict else {},
        started_at=facts.started_at,
    )
