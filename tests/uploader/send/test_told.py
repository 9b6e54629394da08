"""What is told of deliveries: how each ends, when all will be there, and what nobody foresaw."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.send.test_worker import entered, of
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import State


def test_the_screens_hear_that_a_take_has_to_wait(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    entered(queue, tmp_path, 1, 6_044)
    heard: list[State] = []

    def hear(*_: object) -> None:
        heard.append(queue.rows()[0].state)

    with TusServer(lambda request: Answer(401) if request.method == "POST" else None, checks=False) as server:
        uploader(server.url, hear=hear).run_once()
    assert heard[-1] is State.BLOCKED


def test_no_end_is_promised_while_nothing_may_flow(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    later = entered(queue, tmp_path, 2, 6_044)[1].take_id
    queue.pause(later)
    with TusServer() as server:
        worker = uploader(server.url)
        worker.run_once()
    queue.resume(later)
    assert worker.finish_at() is not None
    worker.hold()
    assert worker.finish_at() is None, "a pupil is being recorded"
    worker.release()
    assert worker.finish_at() is not None
    queue.pause()
    assert worker.finish_at() is None


def test_no_end_is_promised_while_the_server_refuses(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    second = entered(queue, tmp_path, 2, 6_044)[1]
    with TusServer(checks=False) as server:

        def rule(request: Request) -> Answer | None:
            return Answer(502, tus=False) if of(second, request, server) else None

        server.rule = rule
        worker = uploader(server.url)
        worker.run_once()
    assert [row.delivered for row in queue.rows()] == [True, False]
    assert worker.finish_at() is None


def test_what_nobody_foresaw_is_said_of_its_take_and_the_others_are_sent(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = entered(queue, tmp_path, 2, 6_044)

    def odd(row: Row) -> None:
        if row.take_id == first.take_id:
            raise ZeroDivisionError

    monkeypatch.setattr("uploader.send.sender.check_owner", odd)
    with TusServer(checks=False) as server:
        uploader(server.url).run_once()
    found, other = queue.rows()
    assert other.delivered
    assert (found.delivered, found.due_at is not None) == (False, True)
    assert "ZeroDivisionError" in str(found.error)
