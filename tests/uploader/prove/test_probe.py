"""A probe that is not answered tells nothing: deliver, and prove by reading back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import arrived, deliver
from tests.uploader.rows import put
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel

ODD = [
    Answer(502, tus=False),
    Answer(500),
    Answer(401),
    Answer(403),
    Answer(lost=True),
    Answer(503, {"Retry-After": "900"}),
    Answer(507),
    Answer(200, {"Content-Type": "text/html"}, b"<html>", tus=False),
]


def is_probe(request: Request) -> bool:
    return request.headers.get("Upload-Length") == "2" or len(request.body) == 1


@pytest.mark.parametrize("answer", ODD)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_probe_that_is_not_answered_stops_no_delivery(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer, method: str
) -> None:
    with TusServer(lambda request: answer if request.method == method and is_probe(request) else None) as it:
        row = deliver(queue, uploader, it, tmp_path)
        assert arrived(row, it)
        assert row.verify_level is ProofLevel.L2
        assert not any(
            "Upload-Checksum" in found.headers for found in it.asked("PATCH") if not is_probe(found)
        )


def test_the_probe_is_made_again_with_a_later_take(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer(lambda request: Answer(502) if is_probe(request) else None, downloads=False) as server:
        one = uploader(server.url)
        first = deliver(queue, lambda *_, **__: one, server, tmp_path / "1")
        server.rule = None
        second = deliver(queue, lambda *_, **__: one, server, tmp_path / "2")
    assert (first.verify_level, second.verify_level) == (ProofLevel.L0, ProofLevel.L1)


@pytest.mark.parametrize("answer", [Answer(502, tus=False), Answer(401), Answer(403), Answer(500)])
def test_a_server_that_does_not_say_what_it_can_do_is_used_all_the_same(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer
) -> None:
    with TusServer(lambda request: answer if request.method == "OPTIONS" else None) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)


@pytest.mark.parametrize("status", [460, 417])
def test_a_server_that_refuses_every_checksum_gets_none(
    queue: Queue, uploader: Make, tmp_path: Path, status: int
) -> None:
    with TusServer(
        lambda request: Answer(status) if "Upload-Checksum" in request.headers else None
    ) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
        assert row.verify_level is ProofLevel.L2


def test_a_checksum_that_is_refused_later_is_left_out(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    """A box on the way, or another server behind the same address, does not know it."""

    def rule(request: Request) -> Answer | None:
        late = "Upload-Checksum" in request.headers and not is_probe(request)
        return Answer(400, body=b"unsupported checksum algorithm") if late else None

    with TusServer(rule) as server:
        one = uploader(server.url)
        row = deliver(queue, lambda *_, **__: one, server, tmp_path)
        assert not row.delivered
        put(queue, row.take_id, due_at=0)
        one.run_once()
        assert arrived(queue.row(row.take_id), server)
