"""Servers that answer 404 for a finished upload."""

from __future__ import annotations

from pathlib import Path

from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, arrived, deliver, once
from tests.uploader.rows import put
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.flow.chunks import START
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State


def test_a_server_that_hides_finished_uploads_gets_each_take_once(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(hides=True, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert server.stored() == [row.path.read_bytes()]
    assert (row.state, row.verify_level) == (State.SENT, ProofLevel.L0)


def test_last_answer_lost_on_a_hiding_server_is_unconfirmed_and_not_sent_twice(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(once("PATCH", Answer(lost=True)), hides=True, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert row.state is State.UNCONFIRMED
        assert row.error is not None
        queue.retry()
        uploader(server.url).run_once()
        assert server.stored() == [row.path.read_bytes()]
        queue.retry(row.take_id)
        uploader(server.url).run_once()
        assert len(server.stored()) == 2, "an operator who names it knows that it is not there"


def test_last_answer_lost_and_the_upload_really_gone_is_sent_anew(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and len(request.body) > 1 and not gone:
            gone.append(server.uploads.pop(request.path))
            return Answer(500)
        return None

    gone: list[object] = []
    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert (row.state, row.error_kind, server.stored()) == (State.WAITING, "vanished", [])
        put(queue, row.take_id, due_at=0)
        uploader(server.url).run_once()
        assert arrived(queue.row(row.take_id), server)


def test_an_unfinished_upload_that_is_gone_is_sent_anew_even_where_finished_ones_hide(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        late = request.method == "PATCH" and request.headers["Upload-Offset"] == str(START)
        if late and not gone:
            gone.append(server.uploads.pop(request.path))
        return None

    gone: list[object] = []
    with TusServer(rule, hides=True, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path, 5 * MB)
        assert gone
        assert server.stored() == [row.path.read_bytes()]
    assert row.state is State.SENT
