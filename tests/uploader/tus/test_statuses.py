"""Every row of the status table, against a server that behaves well but for one thing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, always, arrived, deliver, once
from tests.uploader.rows import put
from tests.uploader.tusserver import DONE, Answer, Request, TusServer
from uploader.flow.chunks import FLOOR, START
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.send.delivery import HELD_SESSIONS

PAGE = {"Content-Type": "text/html; charset=gbk"}


@pytest.mark.sampled(30, fewest=1)
@pytest.mark.parametrize(
    "answer",
    [
        Answer(409),
        Answer(423),
        Answer(429, {"Retry-After": "0"}),
        Answer(502, tus=False),
        Answer(503, {"Retry-After": "0"}),
        Answer(500, body=b"ERR_LOCK_TIMEOUT"),
        Answer(400, body=b"ERR_UPLOAD_INTERRUPTED"),
        Answer(460),
        Answer(417),
        Answer(404),
        Answer(410),
        Answer(403),
        Answer(413, tus=False),
        Answer(lost=True),
        Answer(204, {"Upload-Offset": "99999999"}),
    ],
)
@pytest.mark.parametrize("number", [1, 2])
def test_one_bad_answer_to_a_piece_delays_nothing(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer, number: int
) -> None:
    with TusServer(once("PATCH", answer, number)) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert arrived(row, server)


@pytest.mark.parametrize("answer", [Answer(503), Answer(502, tus=False), Answer(lost=True), Answer(423)])
@pytest.mark.parametrize("method", ["OPTIONS", "POST", "HEAD", "GET"])
def test_one_bad_answer_elsewhere_delays_nothing(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer, method: str
) -> None:
    with TusServer(once(method, answer)) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
        assert row.verify_level is ProofLevel.L2


@pytest.mark.parametrize(
    ("answer", "state", "kind"),
    [
        (Answer(401), State.BLOCKED, "auth"),
        (Answer(403), State.BLOCKED, "auth"),
        (Answer(412), State.WAITING, "config"),
        (Answer(404, tus=False), State.WAITING, "config"),
        (Answer(201), State.WAITING, "portal"),
        (Answer(200, {"Content-Type": "text/html"}, b"<html>", tus=False), State.WAITING, "portal"),
        (
            Answer(302, {"Location": "http://portal.example/login?token=x"}, tus=False),
            State.WAITING,
            "portal",
        ),
        (Answer(511, tus=False), State.WAITING, "portal"),
        (Answer(507), State.WAITING, "full"),
        (Answer(500, body=b"write: no space left on device"), State.WAITING, "full"),
        (Answer(413), State.BLOCKED, "smallest"),
        (Answer(400), State.WAITING, "refused"),
        (Answer(400, PAGE, b"<html>", tus=False), State.WAITING, "foreign"),
        (Answer(405, PAGE, b"<html>", tus=False), State.WAITING, "foreign"),
        (Answer(403, PAGE, b"<html>", tus=False), State.WAITING, "foreign"),
        (Answer(418, tus=False), State.WAITING, "foreign"),
        (Answer(503, {"Retry-After": "900"}), State.WAITING, "busy"),
        (Answer(500), State.WAITING, "network"),
    ],
)
def test_what_creation_meets_is_shown_in_one_sentence(
    queue: Queue, uploader: Make, tmp_path: Path, answer: Answer, state: State, kind: str
) -> None:
    with TusServer(always("POST", answer), checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        tries = len(server.asked("POST"))
    assert (row.state, row.error_kind) == (state, kind)
    assert row.error is not None
    assert "token=x" not in str(row.error)
    assert tries == 1 or kind in ("network", "foreign")
    assert row.due_at is not None
    if answer.headers.get("Retry-After"):
        assert row.due_at is not None
        assert row.due_at >= time.time() + 890


def test_an_upload_that_stays_locked_is_left_for_a_new_one(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        piece = request.method == "PATCH" and request.headers["Upload-Offset"] != "0"
        if piece and not locked:
            locked.append(request.path)
        return Answer(500) if request.path in locked else None

    locked: list[str] = []
    with TusServer(rule, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path, 4 * MB)
        for _ in range(HELD_SESSIONS):
            assert (row.state, row.error_kind) == (State.WAITING, "held")
            assert len(server.of_takes()) == 1, "most locks are opened sooner or later"
            put(queue, queue.rows()[0].take_id, due_at=0)
            uploader(server.url).run_once()
            row = queue.row(row.take_id)
        assert arrived(row, server)


def test_an_upload_that_is_locked_when_all_was_sent_is_not_sent_twice(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and not locked:
            locked.append(request.path)
            return Answer(lost=True)
        return Answer(423) if request.path in locked else None

    locked: list[str] = []
    with TusServer(rule, checks=False) as server:
        deliver(queue, uploader, server, tmp_path)
        for _ in range(HELD_SESSIONS):
            put(queue, queue.rows()[0].take_id, due_at=0)
            uploader(server.url).run_once()
        row = queue.rows()[0]
        assert (row.state, row.delivered) == (State.UNCONFIRMED, False)
        assert server.stored() == [row.path.read_bytes()]
        server.rule = None
        queue.retry()
        uploader(server.url).run_once()
        assert arrived(queue.rows()[0], server)


def test_a_take_beyond_the_servers_maximum_is_not_even_begun(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(max_size=1000, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert not server.asked("POST")
    assert (row.state, row.error_kind) == (State.BLOCKED, "smallest")


def test_a_proxy_with_a_small_limit_is_learnt_and_remembered(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    limit = 300_000
    with TusServer(lambda request: Answer(413, tus=False) if len(request.body) > limit else None) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert arrived(row, server)
        before = len(server.requests)
        second = deliver(queue, uploader, server, tmp_path / "more", 2 * MB)
        later = [len(request.body) for request in server.requests[before:] if request.method == "PATCH"]
    assert second.delivered
    assert max(later) == START // 4 <= limit


def test_after_a_refused_piece_the_line_is_a_new_one(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    """A server that did not read the piece takes what comes next on that line for the rest of it."""
    with TusServer(once("PATCH", Answer(413)), checks=False) as server:
        assert arrived(deliver(queue, uploader, server, tmp_path), server)
        refused = server.asked("PATCH")[0]
        later = server.requests[server.requests.index(refused) + 1 :]
    assert refused.connection not in {request.connection for request in later}


def test_a_proxy_that_takes_nothing_is_named(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer(lambda request: Answer(413) if len(request.body) > 1 else None) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert min(len(request.body) for request in server.asked("PATCH")[2:]) == FLOOR
    assert (row.state, row.error_kind) == (State.BLOCKED, "smallest")


def test_a_server_that_never_moves_is_left_after_five_conflicts(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    stuck: list[str] = []

    def rule(request: Request) -> Answer | None:
        if request.method != "PATCH" or len(request.body) == 1:
            return None
        stuck.extend([request.path] if not stuck else [])
        return Answer(409) if request.path == stuck[0] else None

    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
        assert sum(request.path == stuck[0] for request in server.asked("PATCH")) == 5


def test_a_partly_taken_piece_goes_on_where_the_server_stands_but_is_not_checked(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method != "PATCH" or len(request.body) == 1 or halved:
            return None
        halved.append(True)
        upload = server.uploads[request.path]
        upload.data += request.body[:100_000]
        return Answer(204, {"Upload-Offset": "100000"})

    halved: list[bool] = []
    with TusServer(rule, downloads=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert server.stored() == [row.path.read_bytes()]
    assert (row.state, row.verify_level) == (State.SENT, ProofLevel.L0), "half a piece was never checked"


def test_what_a_server_kept_of_a_broken_piece_is_not_checked(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method != "PATCH" or len(request.body) == 1 or broken:
            return None
        broken.append(True)
        server.uploads[request.path].data += request.body[:100_000]
        return Answer(500)

    broken: list[bool] = []
    with TusServer(rule, downloads=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert server.stored() == [row.path.read_bytes()]
    assert (row.state, row.verify_level) == (State.SENT, ProofLevel.L0)


def test_an_offset_beyond_what_was_sent_ends_that_upload(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    lied = Answer(204, {"Upload-Offset": str(START + 1)})
    with TusServer(once("PATCH", lied)) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert arrived(row, server)
        paths = [request.path for request in server.asked("PATCH")[2:]]
    assert len(paths) == 3
    assert paths.count(paths[0]) == 1


def test_acknowledged_bytes_that_vanish_make_a_new_upload(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and request.headers["Upload-Offset"] == str(START) and not lost:
            lost.append(request.path)
            server.uploads[request.path].data.clear()
            return Answer(500)
        return None

    lost: list[str] = []
    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert arrived(row, server)
    assert row.upload_url is not None
    assert not row.upload_url.endswith(lost[0])


def test_options_swallowed_by_a_firewall_do_not_stop_delivery(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(always("OPTIONS", Answer(DONE.status, lost=True))) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
