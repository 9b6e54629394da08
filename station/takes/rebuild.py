"""Rebuild what can be rebuilt from the takes folder alone.

The journal of a session is read as it is; takes that it does not know come back as TakeRecovered when
the session is opened (station.takes.settle). A database that SQLite calls damaged is moved aside, never
deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event as Flag

from audio.file import Recovered
from config.base import Message, StationError
from config.disk import DataDir, is_folder, is_there
from config.kit import Kit, load_kit
from config.takes import final_path, read_finished, sidecar_path
from station.takes.examiner import FileExaminer
from station.takes.from_tags import restore_facts
from station.takes.identity import is_as_recorded, told_by_journal
from station.takes.salvage import healthy, put_aside
from station.takes.settle import look_through, repair, wait_for_orphan
from uploader.prove import Centre, enter
from uploader.queue import FinishedTake, Queue

log = logging.getLogger(__name__)


@dataclass
class Report:
    """What recovery found and did."""

    leftovers: list[Recovered] = field(default_factory=list)
    takes: int = 0
    queued: int = 0
    moved_aside: list[Path] = field(default_factory=list)
    refused: list[Message] = field(default_factory=list)
    """Why whole takes could not be queued."""
    restored: list[Path] = field(default_factory=list)
    """Takes whose sidecar was gone and was rebuilt from the tags inside them."""


def rebuild(
    data: DataDir,
    kit: Kit | None = None,
    on_wait: Callable[[bool], None] = lambda busy: None,
    centre: Centre | None = None,
) -> Report:
    """Repair every session of the data folder. Waits for a take that still runs. Raises StationError.

    `on_wait` hears of such a take. `centre`: by which receipts beside takes are judged. With the `kit`, takes
    whose sidecar was gone get their verdict anew.
    """
    report = Report()
    wait_for_orphan(data, Flag(), on_wait)
    folders = (
        sorted(path for path in data.takes.glob("*") if is_folder(path)) if is_folder(data.takes) else []
    )
    # First what needs no database: it may be one of a newer program.
    for folder in folders:
        _repair(folder, kit, report)
    if is_there(data.database) and not healthy(data):
        report.moved_aside = put_aside(data)
    queue = Queue.open(data.database)
    try:
        for folder in folders:
            takes, damaged = look_through(folder, told_by_journal(data, folder.name))
            report.takes += len(takes)
            report.leftovers += damaged
            for take in takes:
                if not is_as_recorded(take.path, take.facts):
                    log.error("%s is put aside: it is not what was recorded", take.path.name)
                    report.leftovers.append(Recovered(take.path, "differs"))
                elif not take.facts.practice:
                    _enqueue(queue, take.path, report, centre or Centre())
    finally:
        queue.close()
    return report


def _repair(folder: Path, kit: Kit | None, report: Report) -> None:
    items = {item.id: item for item in kit.items} if kit is not None else {}
    restored = restore_facts(folder, {name: item.kind for name, item in items.items()})
    report.leftovers += repair(folder)
    whole = [path for path in map(final_path, restored) if is_there(path)]
    report.restored += whole
    for path in whole:
        if kit is not None:
            _judge(path, kit)


def kit_if_any(kit: Path, data: DataDir) -> Kit | None:
    """The kit, for rebuild(): what can be rescued is rescued without it, too."""
    try:
        return load_kit(kit, data.cache / "kit")
    except StationError as error:
        log.warning("no kit: %s", error)
        return None


def _judge(path: Path, kit: Kit) -> None:
    """Measure a take again; its accompaniment is not listened for, since nobody knows when it began."""
    facts = read_finished(path)
    item = next((item for item in kit.items if item.id == facts.item), None)
    if item is None:
        return
    FileExaminer(kit.limits, {}, kit).take(facts.take_id, path, facts.sha256, item, None)


def _enqueue(queue: Queue, path: Path, report: Report, centre: Centre) -> None:
    try:
        report.queued += enter(queue, FinishedTake.from_sidecar(sidecar_path(path)), centre=centre)
    except StationError as error:
        log.error("%s is not queued: %s", path.name, error)
        report.refused.append(error.what)
