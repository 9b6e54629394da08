"""The session's side of the uploader: takes in, a summary out.

1. Practice items never reach the queue (the machine asks for no delivery of them).
2. Uploads wait or slow down while a pupil is recorded, as [delivery] while_recording says.
3. The summary is read from the queue at most a few times a second, however fast chunks go.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from config.base import StationError
from config.takes import sidecar_path
from station.run.conductor import Changed, Inbox
from station.session.view import DeliverySummary
from uploader.carry import write_back
from uploader.prove import Centre, enter
from uploader.queue import DELIVERED, FinishedTake, Queue, Row, State
from uploader.send import Uploader

log = logging.getLogger(__name__)
REFRESH_SECONDS = 0.5
LOOK_SECONDS = 3.0
"""Between two looks at what another program (queue import, queue retry) may have changed."""
SENDING = (State.CREATING, State.UPLOADING, State.VERIFYING)
TROUBLED = (State.BLOCKED, State.MISSING, State.UNCONFIRMED)


class QueueDelivery:
    """Implements station.run.effect_runner.DeliveryPort; owns the thread that refreshes the summary."""

    def __init__(
        self,
        queue: Queue,
        uploader: Uploader,
        post: Callable[[Inbox], None],
        session_id: str = "",
        centre: Centre | None = None,
    ) -> None:
        """The summary is that of `session_id`; what older sessions left counts apart. `centre`: by which
        receipts beside takes are judged."""
        self._centre = centre or Centre()
        self._queue = queue
        self._session_id = session_id
        self._told: DeliverySummary | None = None
        self._uploader = uploader
        self._post = post
        self._written = -1
        """Delivered takes when receipts were last written onto the sticks they came from."""
        self._dirty = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._refresh, name="delivery-summary")

    def start(self) -> None:
        self._uploader.start()
        self._dirty.set()
        self._thread.start()

    def stop(self) -> None:
        self._uploader.stop(timeout=10)
        self._ended.set()
        self._dirty.set()
        self._thread.join()

    def changed(self, *_: object) -> None:
        """The uploader's observer: called on its thread, returns at once."""
        self._dirty.set()

    # --- for the session

    def add(self, take: Path, *, just_read: bool) -> None:
        """`just_read`: its digest was taken from the disk a moment ago."""
        facts = FinishedTake.from_sidecar(sidecar_path(take))
        enter(self._queue, facts, just_read=just_read, centre=self._centre)
        self._uploader.wake()
        self._dirty.set()

    def hold(self) -> None:
        self._uploader.hold()

    def release(self) -> None:
        self._uploader.release()

    def finish_at(self) -> datetime | None:
        """When all will be delivered; None where that can't be told."""
        return self._uploader.finish_at()

    # --- for the Queue screen

    def rows(self) -> Sequence[Row]:
        return self._queue.rows()

    def retry(self, take_id: str | None) -> None:
        self._queue.retry(take_id)
        self._uploader.wake()
        self._dirty.set()

    def send_carried(self) -> int:
        freed = self._queue.send_carried()
        self._uploader.wake()
        self._dirty.set()
        return freed

    def pause(self, paused: bool) -> None:
        if paused:
            self._queue.pause()
        else:
            self._queue.resume()
            self._uploader.wake()
        self._dirty.set()

    def _refresh(self) -> None:
        while not self._ended.is_set():
            self._dirty.wait(LOOK_SECONDS)
            self._dirty.clear()
            try:
                self._tell(self.summary())
                self._write_back()
            except StationError:
                log.exception("the queue can't be read now")
                self._dirty.set()
            self._ended.wait(REFRESH_SECONDS)

    def _tell(self, summary: DeliverySummary) -> None:
        if summary != self._told:
            self._told = summary
            self._post(Changed(delivery=summary))

    def _write_back(self) -> None:
        """Receipts of what was taken in from sticks, as deliveries come to their end."""
        counts = self._queue.counts()
        done = sum(counts[state] for state in DELIVERED)
        if done != self._written:
            write_back(self._queue)
            self._written = done

    def summary(self) -> DeliverySummary:
        """Counts of the queue, and one sentence where something keeps all of it."""
        rows = self._queue.rows()
        own = [row for row in rows if row.session == self._session_id]
        counts = Counter(row.state for row in own)
        troubled = [row for row in rows if row.error is not None and not row.delivered]
        finish = self._uploader.finish_at()
        return DeliverySummary(
            total=len(own),
            older=sum(not row.delivered for row in rows) - sum(not row.delivered for row in own),
            delivered=sum(counts[state] for state in DELIVERED),
            sent=counts[State.SENT],
            uploading=sum(counts[state] for state in SENDING),
            waiting=counts[State.QUEUED] + counts[State.WAITING] + counts[State.PAUSED],
            blocked=sum(counts[state] for state in TROUBLED),
            paused=self._queue.control.paused,
            trouble=troubled[0].error if troubled else None,
            finish_at=finish.isoformat() if finish else "",
        )
