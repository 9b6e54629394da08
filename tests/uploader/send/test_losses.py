"""An upload that the server does not show any more: never a second copy too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import arrived, deliver
from tests.uploader.rows import put
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.queue.states import State

GONE = [Answer(404), Answer(410)]


def finished(server: TusServer, request: Request) -> bool:
    upload = server.uploads.get(request.path)
    return upload is not None and upload.complete and "take_id" in upload.metadata


def later(queue: Queue, uploader: Make, server: TusServer, take_id: str, times: int = 1) -> None:
    """So many sessions more, each when it is due."""
    for _ in range(times):
        put(queue, take_id, due_at=0)
        uploader(server.url).run_once()


@pytest.mark.parametrize("answer", GONE)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_one_answer_that_a_finished_upload_is_gone_makes_no_second_copy(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer, method: str
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == method and finished(server, request) and not once:
            once.append(True)
            return answer
        return None

    once: list[bool] = []
    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert once
        assert arrived(row, server)


@pytest.mark.parametrize("answer", GONE)
def test_a_server_that_loses_every_finished_take_gets_two_copies_a_day_at_most(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer
) -> None:
    """It shows other finished uploads: so it says itself that nothing is there."""
    with TusServer() as server:
        server.rule = lambda request: answer if finished(server, request) else None
        row = deliver(queue, uploader, server, tmp_path)
        assert (row.state, row.error_kind) == (State.WAITING, "vanished")
        assert len(server.stored()) == 1, "it is asked once more before"
        later(queue, uploader, server, row.take_id, 10)
        row = queue.row(row.take_id)
        assert len(server.stored()) == 2
        assert (row.state, row.error_kind, row.due_at is not None) == (State.WAITING, "often", True)
        assert "2 times today" in str(row.error)


@pytest.mark.parametrize("answer", GONE)
def test_what_was_proven_is_never_sent_again_because_it_was_put_away(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer
) -> None:
    """Centres move finished uploads away; here the receipt is still waited for."""
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path)
        server.rule = lambda request: answer if finished(server, request) else None
        later(queue, uploader, server, row.take_id, 5)
        assert queue.row(row.take_id).delivered
        assert len(server.stored()) == 1


def test_an_upload_that_vanishes_as_soon_as_it_is_made_is_made_a_few_times_only(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(checks=False) as server:
        server.rule = lambda request: Answer(404) if request.method in ("PATCH", "HEAD") else None
        row = deliver(queue, uploader, server, tmp_path, 2_000_044)
        later(queue, uploader, server, row.take_id, 5)
        assert len(server.of_takes()) == 3
        row = queue.row(row.take_id)
        assert (row.state, row.error_kind) == (State.WAITING, "often")
        put(queue, row.take_id, due_at=0)
        server.rule = None
        with queue._write() as db:
            db.execute("UPDATE events SET at = at - 3601")
        uploader(server.url).run_once()
        assert arrived(queue.row(row.take_id), server), "without a hand, as soon as an hour is over"


def test_two_servers_behind_one_address_are_named_and_get_no_heap_of_empty_uploads(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    """Each second answer comes from the server that does not know the upload."""

    def rule(request: Request) -> Answer | None:
        if request.method not in ("PATCH", "HEAD"):
            return None
        turn.append(True)
        return Answer(404) if len(turn) % 2 or request.method == "PATCH" else None

    turn: list[bool] = []
    with TusServer(rule, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert (row.state, row.error_kind) == (State.WAITING, "scattered")
        assert "sticky" in str(row.error)
        later(queue, uploader, server, row.take_id, 5)
        assert len(server.of_takes()) == 1
        server.rule = None
        later(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)


def test_a_person_who_asks_is_not_bound_by_the_days_limit(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as server:
        server.rule = lambda request: Answer(404) if finished(server, request) else None
        row = deliver(queue, uploader, server, tmp_path)
        later(queue, uploader, server, row.take_id, 4)
        assert queue.row(row.take_id).error_kind == "often"
        server.rule = None
        server.uploads.clear()
        queue.retry(row.take_id)
        later(queue, uploader, server, row.take_id, 2)
        assert arrived(queue.row(row.take_id), server)
