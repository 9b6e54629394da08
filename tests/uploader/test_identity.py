"""The file itself: changed, touched, gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, arrived, deliver, once
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.chunks import START
from uploader.queue import Queue
from uploader.states import State


def test_a_changed_file_is_not_sent(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    take.path.write_bytes(b"x" * take.size)
    with TusServer() as server:
        uploader(server.url).run_once()
        assert not server.of_takes()
    row = queue.row(take.take_id)
    assert (row.state, row.error_kind) == (State.BLOCKED, "take")


def test_a_touched_file_is_read_again_and_sent(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    take.path.touch()
    with TusServer() as server:
        uploader(server.url).run_once()
    assert queue.row(take.take_id).delivered


def test_a_missing_file_is_shown_and_found_again(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    away = take.path.rename(tmp_path / "away")
    with TusServer() as server:
        uploader(server.url).run_once()
        assert queue.row(take.take_id).state is State.MISSING
        away.rename(take.path)
        assert not queue.add(take)
        uploader(server.url).run_once()
        assert arrived(queue.row(take.take_id), server)


def test_other_bytes_never_become_complete(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = new_take(tmp_path, size=3 * MB)
    queue.add(take)
    right = take.path.read_bytes()
    take.path.write_bytes(bytes(take.size))
    with TusServer(checks=False, downloads=False) as server:
        for _ in range(2):
            uploader(server.url).run_once()
            queue.retry()
        assert not server.of_takes()
        take.path.write_bytes(right)
        uploader(server.url).run_once()
        assert server.stored() == [right]


def test_an_upload_begun_with_another_file_is_not_continued(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right file is back after a crash that came before the wrong one was found."""
    take = new_take(tmp_path, size=3 * MB)
    queue.add(take)
    right = take.path.read_bytes()
    take.path.write_bytes(bytes(take.size))
    with TusServer(once("PATCH", Answer(507), 2), checks=False, downloads=False) as server:
        with monkeypatch.context() as patched:
            patched.setattr("uploader.sender.check_file", lambda _: None)
            uploader(server.url).run_once()
        assert server.of_takes()[0].data == bytes(START)
        take.path.write_bytes(right)
        queue.retry()
        uploader(server.url).run_once()
        assert server.stored() == [right]


def test_a_file_that_was_copied_after_its_last_piece_is_not_sent_again(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        return {"PATCH": Answer(lost=True), "HEAD": Answer(507)}.get(request.method)

    with TusServer(rule, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert not row.delivered
        row.path.touch()
        server.rule = None
        queue.retry()
        uploader(server.url).run_once()
        assert arrived(queue.row(row.take_id), server)
