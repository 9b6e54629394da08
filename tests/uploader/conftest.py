"""A queue in a temporary folder, and uploaders that do not wait long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.settings import DeliverySection, ServerSection
from tests.uploader.published import Published, publish
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.send.retry import RetryTimes
from uploader.send.worker import Uploader
from uploader.tus.transport import Timing

Make = Callable[..., Uploader]
QUICK = RetryTimes(unit=0.005)
TIMING = Timing(stall=2.0, answer=3.0)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    found = Queue.open(tmp_path / "data" / "station.db")
    yield found
    found.close()


@pytest.fixture
def row(queue: Queue, tmp_path: Path) -> Row:
    """A take of 6,044 bytes that was entered."""
    take = new_take(tmp_path, 1, 6_044)
    queue.add(take)
    return queue.row(take.take_id)


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Published]:
    with publish(tmp_path / "receipts") as found:
        yield found


@pytest.fixture
def uploader(queue: Queue) -> Iterator[Make]:
    """Makes uploaders for an address; every one is stopped at the end."""
    made: list[Uploader] = []

    def make(
        url: str,
        *,
        token: str | None = None,
        timing: Timing = TIMING,
        of: Queue = queue,
        hear: Callable[..., None] = lambda *_: None,
        **more: object,
    ) -> Uploader:
        server = {name: more.pop(name) for name in list(more) if name in ServerSection.model_fields}
        found = Uploader(
            of,
            ServerSection.model_validate({"url": url, **server}),
            DeliverySection.model_validate(more),
            hear,
            token,
            timing=timing,
            retry_times=QUICK,
        )
        made.append(found)
        return found

    yield make
    for found in made:
        found.stop(5)
