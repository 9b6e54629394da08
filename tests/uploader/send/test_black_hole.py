"""A server that takes the connection and says nothing: `queue run --once` is back soon, and says why."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from uploader.faults import UploadFault
from uploader.queue.queue import Queue
from uploader.queue.states import State
from uploader.tus.transport import Timing

COUNT = 6
TIMING = Timing(stall=0.5, answer=0.5)


@pytest.fixture
def deaf() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/files/"


def test_six_takes_cost_two_time_outs_and_the_first_is_said_at_once(
    queue: Queue, uploader: Make, tmp_path: Path, deaf: str
) -> None:
    heard: list[tuple[float, str]] = []

    def hear(*change: object) -> None:
        heard.extend(
            (time.monotonic() - began, str(one.what)) for one in change if isinstance(one, UploadFault)
        )

    for number in range(COUNT):
        queue.add(new_take(tmp_path, number, 6_044))
    began = time.monotonic()
    uploader(deaf, hear=hear, timing=TIMING).run_once()
    assert time.monotonic() - began < 5 * TIMING.answer
    assert "does not answer" in heard[0][1]
    assert heard[0][0] < 2 * TIMING.answer
    rows = queue.rows()
    assert {row.state for row in rows} == {State.WAITING}, "exit code 4, and they go on by themselves"
    assert all(row.due_at is not None and row.error is not None for row in rows)
