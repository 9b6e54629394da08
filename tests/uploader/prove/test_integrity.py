"""The file itself: changed, touched, gone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from time import time
from types import SimpleNamespace

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, arrived, deliver, once
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.flow.chunks import START
from uploader.prove import integrity
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import State


def test_a_changed_file_is_not_sent(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    take.path.write_bytes(b"x" * take.size)
    with TusServer() as server:
        uploader(server.url).run_once()
        assert not server.of_takes()
    row = queue.row(take.take_id)
    assert (row.state, row.error_kind) == (State.BLOCKED, "take")


@pytest.mark.parametrize("name", ["student_id", "item", "take_id"])
def test_a_song_that_queue_and_facts_give_to_two_children_is_not_sent(
    queue: Queue, uploader: Make, tmp_path: Path, name: str
) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    sidecar = take.path.with_suffix(".json")
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(json.dumps({**facts, name: "other"}), encoding="utf-8")
    with TusServer() as server:
        uploader(server.url).run_once()
        assert not server.of_takes()
    row = queue.row(take.take_id)
    assert (row.state, row.error_kind) == (State.BLOCKED, "take")
    assert take.path.is_file()


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
    take = new_take(tmp_path, size=5 * MB)
    queue.add(take)
    right = take.path.read_bytes()
    take.path.write_bytes(bytes(take.size))
    with TusServer(once("PATCH", Answer(507), 2), checks=False, downloads=False) as server:
        with monkeypatch.context() as patched:
            patched.setattr("uploader.prove.integrity.check_file", lambda _: None)
            uploader(server.url).run_once()
        assert server.of_takes()[0].data == bytes(START)
        take.path.write_bytes(right)
        queue.retry()
        uploader(server.url).run_once()
        assert server.stored() == [right]


def read_while_sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the takes that were read beside the sending."""
    read: list[str] = []
    check = integrity.check_file

    def note(row: Row) -> None:
        read.append(row.take_id)
        check(row)

    monkeypatch.setattr(integrity, "check_file", note)
    return read


def test_a_file_that_was_just_read_is_not_read_again(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_while_sent(monkeypatch)
    just, other = new_take(tmp_path), new_take(tmp_path, 2)
    queue.add(just, just_read=True)
    queue.add(other)
    with TusServer() as server:
        uploader(server.url).run_once()
        assert len(server.stored()) == 2
    assert read == [other.take_id]


def test_a_file_that_was_read_long_ago_is_read_again(
    tmp_path: Path, uploader: Make, monkeypatch: pytest.MonkeyPatch, queue: Queue
) -> None:
    read = read_while_sent(monkeypatch)
    take = new_take(tmp_path)
    queue.add(take, just_read=True)
    long_after = time() + integrity.FRESH_SECONDS
    monkeypatch.setattr("uploader.prove.integrity.time", SimpleNamespace(time=lambda: long_after))
    with TusServer() as server:
        uploader(server.url).run_once()
    assert read == [take.take_id]


def test_other_bytes_are_found_though_the_file_was_just_read(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    take = new_take(tmp_path)
    queue.add(take, just_read=True)
    take.path.write_bytes(bytes(take.size))
    with TusServer(checks=False, downloads=False) as server:
        for _ in range(2):
            uploader(server.url).run_once()
            assert queue.row(take.take_id).state is State.BLOCKED
            queue.retry()
        assert not server.stored()


def test_another_file_in_its_place_is_read(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    """The data folder was moved, and the file is no longer what it was."""
    take = new_take(tmp_path / "a")
    queue.add(take, just_read=True)
    moved = tmp_path / "b" / take.path.name
    moved.parent.mkdir()
    take.path.unlink()
    moved.write_bytes(bytes(take.size))
    assert not queue.add(replace(take, path=moved, mtime_ns=moved.stat().st_mtime_ns))
    with TusServer(checks=False, downloads=False) as server:
        uploader(server.url).run_once()
        assert not server.stored()


def test_bytes_that_change_while_they_travel_are_found(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = new_take(tmp_path, size=3 * MB)

    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and request.headers["Upload-Offset"] == "0":
            take.path.write_bytes(bytes(take.size))
        return None

    queue.add(take, just_read=True)
    with TusServer(rule, checks=False, downloads=False) as server:
        uploader(server.url).run_once()
        assert not server.stored()
    assert queue.row(take.take_id).state is State.BLOCKED


def test_what_goes_on_after_a_break_is_read_though_it_was_just_read(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_while_sent(monkeypatch)
    take = new_take(tmp_path, size=3 * MB)
    queue.add(take, just_read=True)
    with TusServer(once("PATCH", Answer(507), 2)) as server:
        uploader(server.url).run_once()
        assert read == []
        queue.retry()
        uploader(server.url).run_once()
        assert server.stored() == [take.path.read_bytes()]
    assert read == [take.take_id]


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
