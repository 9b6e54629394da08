"""One take against a server that behaves well but for one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, Rule, TusServer
from uploader.queue.queue import Queue
from uploader.queue.row import Row

MB = 1_000_000


def deliver(
    queue: Queue, uploader: Make, server: TusServer, folder: Path, size: int = 300_044, **more: object
) -> Row:
    """One take through one session of tries; its row afterwards."""
    take = new_take(folder, size=size)
    queue.add(take)
    uploader(server.url, **more).run_once()
    return queue.row(take.take_id)


def once(method: str, answer: Answer, number: int = 1) -> Rule:
    """Answer the n-th request of a method so, but for the checksum probe."""
    seen = 0

    def rule(request: Request) -> Answer | None:
        nonlocal seen
        if request.method != method or len(request.body) == 1 or request.headers.get("Upload-Length") == "2":
            return None
        seen += 1
        return answer if seen == number else None

    return rule


def always(method: str, answer: Answer) -> Rule:
    return lambda request: answer if request.method == method else None


def arrived(row: Row, server: TusServer) -> bool:
    """Delivered, and on the server exactly once with the same bytes."""
    return row.delivered and server.stored() == [row.path.read_bytes()]


def looks(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """Each look of a worker for a take to send, with what others had claimed then."""
    found: list[frozenset[str]] = []
    due = Queue.due

    def noted(queue: Queue, claimed: frozenset[str] = frozenset()) -> Row | None:
        found.append(claimed)
        return due(queue, claimed)

    monkeypatch.setattr(Queue, "due", noted)
    return found
