"""What stands between school and centre and answers instead of the server: the take waits and goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, arrived, deliver
from tests.uploader.rows import put
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.queue.states import State

HTML = {"Content-Type": "text/html"}
PAGES = [Answer(status, HTML, b"<html>", tus=False) for status in (200, 400, 403, 404, 405, 451, 503)]


def due(queue: Queue, uploader: Make, server: TusServer, take_id: str, **more: object) -> None:
    """The next session, when it is due by itself."""
    assert queue.row(take_id).due_at is not None
    put(queue, take_id, due_at=0)
    uploader(server.url, **more).run_once()


@pytest.mark.sampled(7)
@pytest.mark.parametrize("answer", PAGES)
@pytest.mark.parametrize("method", ["POST", "PATCH", "HEAD"])
def test_a_page_instead_of_an_answer_refuses_no_take(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer, method: str
) -> None:
    with TusServer(checks=False) as server:
        server.rule = lambda request: (
            answer if request.method == method or request.headers.get("X-HTTP-Method-Override") else None
        )
        row = deliver(queue, uploader, server, tmp_path)
        assert row.state is State.WAITING
        assert row.error is not None
        server.rule = None
        due(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)


def test_a_box_that_lets_no_patch_through_gets_another_method(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH":
            return Answer(405, HTML, b"<html>", tus=False)
        if request.headers.get("X-HTTP-Method-Override") == "PATCH":
            return server._patch(request, server.uploads[request.path])
        return None

    with TusServer(rule, checks=False) as server:
        one = uploader(server.url)
        first = deliver(queue, lambda *_, **__: one, server, tmp_path / "1", 3 * MB)
        refused = len(server.asked("PATCH"))
        second = deliver(queue, lambda *_, **__: one, server, tmp_path / "2", 3 * MB)
        assert first.delivered
        assert second.delivered
        assert len(server.stored()) == 2
        assert len(server.asked("PATCH")) == refused == 1, "it is remembered"


def test_an_address_that_brings_nothing_is_given_up_when_the_server_itself_answers(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    """The server said a wrong prefix; something there answers 502. Later the server is repaired."""

    def rule(request: Request) -> Answer | None:
        return Answer(502, HTML, b"<html>", tus=False) if request.path.startswith("/inner") else None

    with TusServer(rule, checks=False) as server:
        server.location = lambda path: f"/inner{path}"
        row = deliver(queue, uploader, server, tmp_path)
        assert row.upload_url is not None
        assert "/inner/" in row.upload_url
        server.location = lambda path: path
        for _ in range(3):
            assert not queue.row(row.take_id).delivered
            due(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)
        assert len(server.of_takes()) == 2, "one more was begun, not one a try"


def test_an_address_is_kept_while_nothing_answers_at_all(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    """A day without network is no reason to begin anew."""
    with TusServer(checks=False) as server:
        server.rule = lambda request: Answer(502) if request.headers.get("Upload-Offset") else None
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        server.rule = lambda request: Answer(502, HTML, b"<html>", tus=False)
        for _ in range(5):
            due(queue, uploader, server, row.take_id)
        server.rule = None
        due(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)
        assert queue.row(row.take_id).upload_url == row.upload_url


def test_an_address_at_a_strange_host_of_an_earlier_version_is_not_used(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as elsewhere, TusServer(checks=False) as server:
        server.rule = lambda request: Answer(502) if request.method == "PATCH" else None
        row = deliver(queue, uploader, server, tmp_path)
        put(queue, row.take_id, upload_url=f"http://localhost:{elsewhere.port}/files/1")
        server.rule = None
        due(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)
        assert not elsewhere.requests
