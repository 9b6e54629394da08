"""Servers that spoil the end, keep old answers, or are asked again by a person."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from config.base.message import say
from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, arrived, deliver
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.faults import DeliveryError
from uploader.prove.proof import send_again
from uploader.prove.receiptfile import receipt_path
from uploader.queue.queue import Queue
from uploader.queue.states import State


def later(queue: Queue, uploader: Make, server: TusServer, take_id: str) -> None:
    assert queue.row(take_id).due_at is not None
    put(queue, take_id, due_at=0)
    uploader(server.url).run_once()


class BadStore:
    """tusd on S3 whose store fails while the last piece is put together: 500, then HEAD says that all is
    there, and GET that it is not."""

    def __init__(self, server: TusServer) -> None:
        self.server = server
        self.broken = True
        self.lost: set[str] = set()

    def __call__(self, request: Request) -> Answer | None:
        upload = self.server.uploads.get(request.path)
        if upload is None or "take_id" not in upload.metadata:
            return None
        if request.method == "PATCH" and self.broken:
            self.server._patch(request, upload)
            if upload.complete:
                self.lost.add(request.path)
                return Answer(500, body=b"ERR_INTERNAL_SERVER_ERROR: CompleteMultipartUpload")
            return Answer(204, {"Upload-Offset": str(len(upload.data))})
        if request.method == "GET" and request.path in self.lost:
            return Answer(400, body=b"ERR_INCOMPLETE_UPLOAD: cannot stream non-finished upload")
        return None


def test_a_store_that_fails_at_the_last_piece_is_waited_for_and_then_gets_it_again(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(checks=False) as server:
        server.rule = store = BadStore(server)
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert (row.state, row.delivered, row.error_kind) == (State.WAITING, False, "unproven")
        later(queue, uploader, server, row.take_id)
        assert len(server.of_takes()) == 1, "perhaps the store only needs time"
        store.broken = False
        later(queue, uploader, server, row.take_id)
        row = queue.row(row.take_id)
        assert row.delivered
        assert row.upload_url is not None
        assert not any(row.upload_url.endswith(path) for path in store.lost)
        assert len(server.of_takes()) == 2


def test_a_store_that_recovers_by_itself_gets_nothing_twice(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(checks=False) as server:
        server.rule = store = BadStore(server)
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        store.lost.clear()
        later(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)


def test_answers_that_a_box_kept_cost_nothing(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    """It keeps the first answer to HEAD for each address, for ever."""
    kept: dict[str, Answer] = {}
    cut: list[str] = []

    def rule(request: Request) -> Answer | None:
        path, _, fresh = request.path.partition("?")
        if request.method == "HEAD":
            if not fresh:
                return kept.setdefault(path, server.do(request))
            upload = server.uploads[path]
            return Answer(200, {"Upload-Offset": str(len(upload.data)), "Upload-Length": str(upload.length)})
        if request.method == "PATCH" and len(cut) < 2 and len(request.body) > 1:
            cut.append(path)
            upload = server.uploads[path]
            upload.data += request.body[: 100_000 if len(cut) == 1 else None]
            return Answer(502, tus=False)
        return None

    with TusServer(rule, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path, 4 * MB)
        assert arrived(row, server)
        assert len(server.of_takes()) == 1
        assert len(cut) == 2


def test_what_the_server_could_not_prove_is_asked_for_again_by_itself(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(checks=False, downloads=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert row.state is State.SENT
        server.downloads = True
        later(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)


def test_the_centre_that_misses_a_take_gets_it_anew(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path)
        server.uploads.clear()
        again = send_again(queue, row, "the centre's disk broke")
        assert (again.state, again.delivered, queue.receipt(row.take_id)) == (State.QUEUED, False, None)
        assert not receipt_path(row.path).exists()
        with queue._read() as db:
            details = [
                json.loads(found["detail"] or "{}") for found in db.execute("SELECT detail FROM events")
            ]
        assert "the centre's disk broke" in {detail.get("reason") for detail in details}
        uploader(server.url).run_once()
        assert arrived(queue.row(row.take_id), server)


def test_what_is_not_sent_yet_is_not_sent_again(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    with pytest.raises(DeliveryError):
        send_again(queue, queue.row(take.take_id), "x")
    put(queue, take.take_id, state="purged", error=say("x"))
    with pytest.raises(DeliveryError):
        send_again(queue, queue.row(take.take_id), "x")


@pytest.mark.parametrize("replaced", [False, True])
def test_a_recording_that_was_changed_with_its_time_set_back_is_noticed(
    queue: Queue, uploader: Make, tmp_path: Path, *, replaced: bool
) -> None:
    """Within the ten minutes in which a reading counts."""
    take = new_take(tmp_path)
    queue.add(take, just_read=True)
    other = tmp_path / "other"
    (other if replaced else take.path).write_bytes(bytes(take.size))
    os.utime(other if replaced else take.path, ns=(take.mtime_ns, take.mtime_ns))
    if replaced:
        other.replace(take.path)
    with TusServer(checks=False, downloads=False) as server:
        uploader(server.url).run_once()
        assert not server.stored()
    assert (queue.row(take.take_id).state, queue.row(take.take_id).error_kind) == (State.BLOCKED, "take")


def test_a_recording_that_changes_while_it_travels_with_its_time_set_back_is_noticed(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    take = new_take(tmp_path, size=3 * MB)

    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and request.headers["Upload-Offset"] == "0":
            take.path.write_bytes(bytes(take.size))
            os.utime(take.path, ns=(take.mtime_ns, take.mtime_ns))
        return None

    queue.add(take)
    with TusServer(rule, checks=False, downloads=False) as server:
        uploader(server.url).run_once()
        assert not server.stored()


def test_what_is_not_confirmed_is_asked_for_again_by_itself(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    """All was sent and the last answer lost, to a server that hides what is finished; later it shows it."""
    lost: list[bool] = []

    def rule(request: Request) -> Answer | None:
        if request.method != "PATCH" or len(request.body) == 1 or lost:
            return None
        lost.append(True)
        return Answer(lost=True)

    with TusServer(rule, hides=True, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert row.state is State.UNCONFIRMED
        server.hides = False
        later(queue, uploader, server, row.take_id)
        assert arrived(queue.row(row.take_id), server)


@pytest.mark.parametrize("tus", [True, False])
def test_a_store_after_which_the_upload_answers_nothing_any_more_gets_it_again(
    queue: Queue, uploader: Make, tmp_path: Path, *, tus: bool
) -> None:
    """@tus/server on S3: after the failure HEAD is answered 500, for ever."""
    with TusServer(checks=False) as server:
        store = BadStore(server)

        def rule(request: Request) -> Answer | None:
            broken = request.method == "HEAD" and request.path in store.lost
            return Answer(500, tus=tus) if broken else store(request)

        server.rule = rule
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        store.broken = False
        for _ in range(5):
            if not queue.row(row.take_id).delivered:
                later(queue, uploader, server, row.take_id)
        assert queue.row(row.take_id).delivered
        assert len(server.of_takes()) == 2
