"""Somebody asked the centre about one take: what becomes of it, and of those that nobody asked about."""

from __future__ import annotations

from pathlib import Path

from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.queue.states import State


def test_only_the_sent_take_that_was_asked_about_is_not_confirmed(queue: Queue, tmp_path: Path) -> None:
    asked, other = new_take(tmp_path, 1, 6_044), new_take(tmp_path, 2, 6_044)
    for take in (asked, other):
        queue.add(take)
        put(queue, take.take_id, state="sent", upload_url="https://server/files/1")
    queue.retry()
    assert {queue.row(take.take_id).state for take in (asked, other)} == {State.SENT}
    queue.retry(asked.take_id)
    assert queue.row(asked.take_id).state is State.UNCONFIRMED
    assert queue.row(other.take_id).state is State.SENT
