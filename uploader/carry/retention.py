"""Removing recordings that are surely elsewhere. Never by itself: a command or the operator calls it.

1. Never below L2, never without asking the server again just before, never a file that is not the one
   that was delivered.
2. Inside the retention time only for takes that the operator names.
3. Sidecar, receipt and row stay for good.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from config.disk import remove
from uploader.encode import wire
from uploader.faults import Kind, UploadFault
from uploader.prove.integrity import check_file
from uploader.prove.proof import lose_proof
from uploader.queue.place import is_below
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import Event, ProofLevel, State

log = logging.getLogger(__name__)
DAY = 86400.0
Recheck = Callable[[Row], ProofLevel]
"""Ask the server anew (Uploader.recheck). Raises Fault."""


@dataclass(frozen=True)
class Purged:
    removed: tuple[str, ...] = ()
    """Take ids."""
    kept: tuple[str, ...] = ()
    """Due, but the server did not prove them again."""


def mark_due(queue: Queue, retention_days: int, clock: Callable[[], float] = time.time) -> int:
    """VERIFIED at L2 or more for longer than the retention time -> PURGE_DUE; how many are due now."""
    limit = clock() - retention_days * DAY
    for row in queue.rows():
        if row.state is State.VERIFIED and provable(row) and row.verified_at <= limit:
            queue.change(row.take_id, Event.PURGE_DUE, state=State.PURGE_DUE, due_at=None)
    return queue.counts()[State.PURGE_DUE]


def purge(queue: Queue, recheck: Recheck, named: Collection[str] = ()) -> Purged:
    """Remove the recordings that are due, and those that an operator names."""
    removed: list[str] = []
    kept: list[str] = []
    for row in queue.rows():
        wanted = row.state is State.PURGE_DUE or (row.state is State.VERIFIED and row.take_id in named)
        if wanted:
            (removed if _purge(queue, recheck, row) else kept).append(row.take_id)
    return Purged(tuple(removed), tuple(kept))


def provable(row: Row) -> bool:
    return row.verify_level is not None and row.verify_level >= ProofLevel.L2


def _purge(queue: Queue, recheck: Recheck, row: Row) -> bool:
    if not provable(row):
        return False
    if not is_below(queue.root, row.path):
        log.warning("%s is kept: it does not lie in this data folder", row.path)
        return False
    try:
        level = recheck(row)
        if level < ProofLevel.L2:
            log.warning("%s is kept: the server proves only %s", row.path.name, level.name)
            return False
        check_file(row)
        remove(row.path)
        wire.remove(row)
    except UploadFault as fault:
        if fault.kind is not Kind.MISSING:
            log.warning("%s is kept: %s", row.path.name, fault)
            if fault.kind is Kind.LIE:
                # What the server has is not our recording any more: deliver it once more.
                lose_proof(queue, row, fault)
            return False
    except OSError as error:
        log.warning("%s can't be removed: %s", row.path.name, error)
        return False
    queue.change(row.take_id, Event.PURGED, state=State.PURGED, due_at=None, purged_at=time.time())
    return True
