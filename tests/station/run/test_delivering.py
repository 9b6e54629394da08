"""What the screens know of the uploads."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

import pytest

from config.base.errors import DiskError
from config.base.message import say
from station.run.conductor import Changed, Inbox
from station.run.delivering import QueueDelivery
from station.session.view import DeliverySummary
from uploader.queue.queue import Queue
from uploader.send.worker import Uploader


class Idle:
    """An uploader with nothing to do."""

    def start(self) -> None: ...
    def stop(self, timeout: float) -> None: ...


def test_a_queue_that_can_not_be_read_for_a_moment_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.run.delivering.REFRESH_SECONDS", 0.01)
    told, tries = threading.Event(), iter((True, False))
    posted: list[Inbox] = []

    def summary(self: QueueDelivery) -> DeliverySummary:
        if next(tries, False):
            raise DiskError(say("locked"))
        return DeliverySummary(total=1)

    def post(item: Inbox) -> None:
        posted.append(item)
        told.set()

    monkeypatch.setattr(QueueDelivery, "summary", summary)
    queue = Queue.open(tmp_path / "station.db")
    delivery = QueueDelivery(queue, cast("Uploader", Idle()), post)
    delivery.start()
    try:
        assert told.wait(5)
        assert posted[0] == Changed(delivery=DeliverySummary(total=1))
    finally:
        delivery.stop()
        queue.close()
