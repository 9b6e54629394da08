"""What an uploader leaves behind: no connection, nobody who waits, and no shown line that could break it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import deliver, looks
from tests.uploader.rows import put
from tests.uploader.send.test_worker import all_delivered, entered, of, until
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.send.worker import harmless
from uploader.tus.transport import Transport


class Counted(Transport):
    """Knows which of them are open."""

    made: list[Counted] = []  # noqa: RUF012 - of the test that runs
    closed: list[Counted] = []  # noqa: RUF012
    late: list[Counted] = []  # noqa: RUF012
    aborted: list[Counted] = []  # noqa: RUF012

    def __init__(self, *all_of_it: Any) -> None:
        super().__init__(*all_of_it)
        self.made.append(self)

    def close(self) -> None:
        self.closed.append(self)
        super().close()

    def abort(self) -> None:
        self.aborted.append(self)
        if self in self.closed:
            self.late.append(self)
        super().abort()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Counted]]:
    monkeypatch.setattr("uploader.send.worker.Transport", Counted)
    yield Counted
    for kept in (Counted.made, Counted.closed, Counted.late, Counted.aborted):
        kept.clear()


def test_every_connection_is_closed_after_its_work_and_not_broken_off_later(
    queue: Queue, uploader: Make, tmp_path: Path, lines: type[Counted]
) -> None:
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert len(lines.made) == len(lines.closed) == 1
        worker = uploader(server.url)
        assert worker.recheck(row) >= ProofLevel.L1
        assert len(lines.made) == len(lines.closed) == 2
        worker.start()
        assert until(lambda: len(lines.made) == 3)
        worker.stop(5)
        assert lines.closed == lines.made
        assert lines.late == []


def test_stopping_is_quick_while_a_server_keeps_its_answer_for_itself(
    queue: Queue, uploader: Make, tmp_path: Path, lines: type[Counted]
) -> None:
    [take] = entered(queue, tmp_path, 1)
    asked, over = threading.Event(), threading.Event()

    def keep(request: Request) -> Answer | None:
        if request.method == "PATCH" and len(request.body) > 1:
            asked.set()
            over.wait(10)
        return None

    with TusServer(keep, checks=False) as server:
        worker = uploader(server.url)
        worker.start()
        assert asked.wait(10)
        began = time.monotonic()
        worker.stop(5)
        took = time.monotonic() - began
        over.set()
    assert took < 1.5
    assert len(lines.aborted) < 20, "and no time is burnt in waiting"
    assert queue.row(take.take_id).state is State.QUEUED


def test_a_pause_breaks_off_the_piece_that_is_on_its_way_and_nothing_else_does(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uploader.flow.gate.LOOK_SECONDS", 0.0)
    first, second = entered(queue, tmp_path, 2)

    def pause(*_: object) -> None:
        row = queue.row(first.take_id)
        if row.state is State.UPLOADING and row.sending_to:
            queue.pause(first.take_id)

    with TusServer(downloads=False) as server:
        uploader(server.url, hear=pause).run_once()
        assert server.stored() == [second.path.read_bytes()]
        assert [len(upload.data) for upload in server.of_takes()] == [0, 50_044]
    assert [row.attempts for row in queue.rows()] == [1, 1]
    assert queue.row(first.take_id).state is State.PAUSED


def test_what_met_trouble_on_the_way_has_a_second_chance_once_another_got_through(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    first, _ = entered(queue, tmp_path, 2)
    met: list[Request] = []

    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and of(first, request, server) and len(met) < 6:
            met.append(request)
            return Answer(502, tus=False)
        return None

    with TusServer() as server:
        server.rule = rule
        uploader(server.url).run_once()
        assert len(met) == 6, "a whole session of tries"
        assert all_delivered(queue)
        assert [row.attempts for row in queue.rows()] == [2, 1]


def test_a_run_tries_each_take_once_however_soon_it_would_be_due_again(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uploader.send.outcome.row_wait", lambda *_: 0.0)
    entered(queue, tmp_path, 1, 6_044)
    refused: list[Request] = []

    def rule(request: Request) -> Answer | None:
        if request.method != "POST" or len(refused) > 1:
            return None
        refused.append(request)
        return Answer(401)

    with TusServer(rule, checks=False) as server:
        uploader(server.url).run_once()
    assert [(row.attempts, row.state) for row in queue.rows()] == [(1, State.BLOCKED)]


def test_a_line_that_can_not_be_shown_any_more_is_no_fault_of_a_take() -> None:
    shown: list[tuple[object, ...]] = []

    def show(*change: object) -> None:
        shown.append(change)
        if len(shown) > 1:
            raise OSError(5, "the terminal is closed")

    tell = harmless(show)
    tell("a")
    tell("b", "c")
    assert shown == [("a",), ("b", "c")]

    def wrong() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        harmless(wrong)()


WAITS = {"state": "waiting", "due_at": time.time() + 86_400, "error_kind": "network"}
GIVEN_UP = {"state": "blocked", "due_at": None, "error_kind": "auth"}


@pytest.mark.parametrize("columns", [WAITS, GIVEN_UP], ids=["network", "given up by an earlier version"])
def test_a_run_that_a_person_asks_for_tries_at_once_what_waits(
    queue: Queue, uploader: Make, tmp_path: Path, columns: dict[str, object]
) -> None:
    [take] = entered(queue, tmp_path, 1)
    put(queue, take.take_id, **columns)
    with TusServer() as server:
        uploader(server.url).run_once()
        assert all_delivered(queue)


def test_what_an_earlier_version_gave_up_is_tried_when_the_station_is_opened(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    [take] = entered(queue, tmp_path, 1)
    put(queue, take.take_id, **GIVEN_UP)
    with TusServer() as server:
        uploader(server.url).start()
        assert until(lambda: all_delivered(queue))


def test_two_workers_never_begin_the_same_take(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(queue, tmp_path, 1)
    begun: list[Request] = []
    looked = looks(monkeypatch)

    def slow(request: Request) -> Answer | None:
        if request.method == "POST":
            begun.append(request)
            until(lambda: len(looked) > 1)
        return None

    with TusServer(slow, checks=False) as server:
        uploader(server.url, workers=2).start()
        assert until(lambda: all_delivered(queue))
        assert len(looked) > 1, "the other one looked meanwhile"
        assert (
            len([request for request in begun if "take_id" in request.headers.get("Upload-Metadata", "")])
            == 1
        )
