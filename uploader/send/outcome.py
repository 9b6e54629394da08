"""What a session that ended makes of its row, and of the others where the server is the trouble."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress

from config.base import Message, say
from uploader.faults import POLICY, Kind, OvertakenError, UploadFault
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import PLACED, Event, State
from uploader.send.retry import row_wait

log = logging.getLogger(__name__)


class DeliveryOutcome:
    """Shared by all workers; thread safe."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._lock = threading.Lock()
        self._troubled: set[str] = set()

    @property
    def troubled(self) -> frozenset[str]:
        """Takes that met network or server trouble since the last success."""
        with self._lock:
            return frozenset(self._troubled)

    def stepped_back(self, row: Row) -> None:
        """Interrupted, through no fault of anybody; what is at the server already stays there."""
        with suppress(OvertakenError):
            self._queue.change(row.take_id, Event.INTERRUPTED, state=State.QUEUED)

    def failed(self, row: Row, fault: UploadFault) -> None:
        log.warning("take %s: %s: %s", row.take_id, fault.kind, fault)
        failures = row.failures + 1
        due_at = time.time() + row_wait(fault, failures)
        error = sentence(fault)
        state = State.BLOCKED if POLICY[fault.kind].blocking else State.WAITING
        address_failures = row.address_failures
        if row.upload_url is not None and POLICY[fault.kind].about_address:
            address_failures += 1
        if row.state in PLACED:
            # It is on the server; only the proof has to wait.
            self._queue.change(row.take_id, Event.NOT_PROVEN, due_at=due_at, failures=failures)
        else:
            with suppress(OvertakenError):
                self._queue.change(
                    row.take_id,
                    Event.FAILED,
                    state=State.MISSING if fault.kind is Kind.MISSING else state,
                    due_at=due_at,
                    failures=failures,
                    address_failures=address_failures,
                    error=error,
                    error_kind=str(fault.kind),
                )
        if not POLICY[fault.kind].shared:
            return
        with self._lock:
            self._troubled.add(row.take_id)
            # What waited as long as anything is waited for need not be met by another take.
            everybody = len(self._troubled) > 1 or (fault.timed_out and row.upload_url is None)
        if everybody:
            self._queue.spread(state, fault.kind, error, due_at)

    def succeeded(self) -> bool:
        """True when others were woken: all had to wait. A single one keeps its own time, since the others
        would meet it again and again."""
        with self._lock:
            everybody = len(self._troubled) > 1
            self._troubled.clear()
        if everybody:
            self._queue.wake()
        return everybody


def sentence(fault: UploadFault) -> Message:
    """What happened and what to do, as one message."""
    if fault.todo is None:
        return fault.what
    return Message.sentences([fault.what, fault.todo])


def unforeseen(error: Exception) -> UploadFault:
    return UploadFault(
        Kind.TAKE,
        say("This recording can't be sent: {detail}", detail=type(error).__name__),
        say("Send the file logs to the district's technician; the recording itself is safe."),
    )
