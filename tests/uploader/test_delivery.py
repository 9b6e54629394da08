"""Every row of the status table, against a server that behaves well but for one thing."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import DONE, Answer, Request, Rule, TusServer
from uploader.chunks import FLOOR, START
from uploader.queue import Queue
from uploader.row import Row
from uploader.states import Level, State

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


# --- the ladder


def test_read_back_makes_level_2_and_leaves_a_receipt(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
    assert (row.state, row.verify_level) == (State.VERIFIED, Level.L2)
    beside = json.loads(row.path.with_suffix(".receipt.json").read_text(encoding="utf-8"))
    assert beside == queue.receipt(row.take_id)
    assert beside["level"] == "L2"
    assert beside["sha256"] == row.sha256


def test_without_downloads_proven_checksums_make_level_1(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(downloads=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        sums = [request.headers.get("Upload-Checksum", "") for request in server.asked("PATCH")]
    assert (row.state, row.verify_level) == (State.VERIFIED, Level.L1)
    assert all(found.startswith("sha256 ") for found in sums)


@pytest.mark.parametrize("abilities", [{"checks": False}, {"checks": False, "pretends": True}])
def test_with_neither_it_is_sent_but_never_delivered(
    queue: Queue, uploader: Make, tmp_path: Path, abilities: dict[str, Any]
) -> None:
    with TusServer(downloads=False, **abilities) as server:
        row = deliver(queue, uploader, server, tmp_path)
    assert (row.state, row.verify_level, row.delivered) == (State.SENT, Level.L0, False)


def test_a_digest_of_the_server_makes_level_3(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method != "HEAD" or not server.stored():
            return None
        proper = server.do(request)
        digest = base64.b64encode(hashlib.sha256(server.stored()[0]).digest()).decode()
        return Answer(200, {**proper.headers, "Repr-Digest": f"sha-256=:{digest}:"})

    with TusServer(rule, downloads=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert not server.asked("GET")
    assert row.verify_level is Level.L3


def test_wrong_bytes_on_the_server_are_found_and_sent_anew(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "HEAD" and not spoilt:
            for upload in server.of_takes():
                upload.data[1000] ^= 1
                spoilt.append(True)
        return None

    spoilt: list[bool] = []
    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
        assert len(server.asked("DELETE")) == 2, "the probe and the spoilt upload"
    assert row.verify_level is Level.L2


def test_a_server_that_spoils_every_upload_is_named(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "GET":
            for upload in server.of_takes():
                upload.data[1000] = (upload.data[1000] + 1) % 256
        return None

    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path)
    assert row.state is State.BLOCKED
    assert "spoils" in str(row.error)


def test_metadata_names_take_and_digest(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path)
        metadata = server.of_takes()[0].metadata
    assert metadata == {
        "take_id": row.take_id,
        "sha256": row.sha256,
        "filename": "S001_song1_1.wav",
        "filetype": "audio/wav",
        "station": "test-1",
        "session": "afternoon",
        "student_id": "S001",
        "item": "song1",
        "attempt": "1",
    }


def test_two_takes_with_the_same_beginning_are_two_uploads(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    takes = [new_take(tmp_path, number, silence=100_000) for number in (1, 2)]
    for take in takes:
        queue.add(take)
    with TusServer() as server:
        uploader(server.url).run_once()
        assert sorted(server.stored()) == sorted(take.path.read_bytes() for take in takes)


# --- statuses


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
        assert row.verify_level is Level.L2


@pytest.mark.parametrize(
    ("answer", "state", "kind"),
    [
        (Answer(401), State.BLOCKED, "auth"),
        (Answer(403), State.BLOCKED, "auth"),
        (Answer(412), State.BLOCKED, "config"),
        (Answer(404, tus=False), State.BLOCKED, "config"),
        (Answer(201), State.BLOCKED, "portal"),
        (Answer(200, {"Content-Type": "text/html"}, b"<html>", tus=False), State.BLOCKED, "portal"),
        (
            Answer(302, {"Location": "http://portal.example/login?token=x"}, tus=False),
            State.BLOCKED,
            "portal",
        ),
        (Answer(511, tus=False), State.BLOCKED, "portal"),
        (Answer(507), State.BLOCKED, "full"),
        (Answer(500, body=b"write: no space left on device"), State.BLOCKED, "full"),
        (Answer(413), State.BLOCKED, "take"),
        (Answer(400), State.BLOCKED, "take"),
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
    assert tries == 1 or kind == "network"
    assert (row.due_at is None) == (kind == "take")
    if answer.headers.get("Retry-After"):
        assert row.due_at is not None
        assert row.due_at >= time.time() + 890


def test_a_take_beyond_the_servers_maximum_is_not_even_begun(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(max_size=1000, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert not server.asked("POST")
    assert (row.state, row.error_kind) == (State.BLOCKED, "take")


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


def test_a_proxy_that_takes_nothing_is_named(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer(lambda request: Answer(413) if len(request.body) > 1 else None) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert min(len(request.body) for request in server.asked("PATCH")[1:]) == FLOOR
    assert (row.state, row.error_kind) == (State.BLOCKED, "config")


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
    assert (row.state, row.verify_level) == (State.SENT, Level.L0), "half a piece was never checked"


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
    assert (row.state, row.verify_level) == (State.SENT, Level.L0)


def test_an_offset_beyond_what_was_sent_ends_that_upload(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    lied = Answer(204, {"Upload-Offset": str(START + 1)})
    with TusServer(once("PATCH", lied)) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert arrived(row, server)
        paths = [request.path for request in server.asked("PATCH")[1:]]
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


# --- finished uploads that are not shown


def test_a_server_that_hides_finished_uploads_gets_each_take_once(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(hides=True, checks=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert server.stored() == [row.path.read_bytes()]
    assert (row.state, row.verify_level) == (State.SENT, Level.L0)


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
        assert arrived(row, server)


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
        row = deliver(queue, uploader, server, tmp_path, 3 * MB)
        assert gone
        assert server.stored() == [row.path.read_bytes()]
    assert row.state is State.SENT


# --- addresses and tokens


def test_a_location_with_http_and_an_inner_port_is_brought_back(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as server:
        server.location = lambda path: f"http://127.0.0.1:9{path}"
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)


def test_the_token_goes_to_its_own_origin_only(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as elsewhere, TusServer() as server:
        server.location = lambda path: f"http://localhost:{elsewhere.port}{path}"
        deliver(queue, uploader, server, tmp_path, token="secret-1")
        assert server.asked("POST")[0].headers["Authorization"] == "Bearer secret-1"
        assert elsewhere.requests
        assert not any("Authorization" in request.headers for request in elsewhere.requests)


def test_a_netrc_does_not_replace_the_token(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr("uploader.tus.transport.is_loopback", lambda _: False)
    with TusServer() as server:
        deliver(queue, uploader, server, tmp_path, token="secret-1")
        deliver(queue, uploader, server, tmp_path / "more")
        found = [request.headers.get("Authorization") for request in server.asked("POST")]
    assert set(found) == {"Bearer secret-1", None}


def test_a_refused_token_loses_no_address(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    """403 on an upload may be the token: its address is kept until there is another."""
    barred: list[bool] = []

    def rule(request: Request) -> Answer | None:
        if request.method == "PATCH" and request.headers["Upload-Offset"] == str(START):
            barred.append(True)
        return Answer(403) if len(barred) == 1 and request.method != "OPTIONS" else None

    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path, 2 * MB)
        assert (row.state, row.error_kind) == (State.BLOCKED, "auth")
        server.rule = None
        queue.retry()
        uploader(server.url).run_once()
        assert arrived(queue.row(row.take_id), server)
        assert queue.row(row.take_id).upload_url == row.upload_url


# --- the file itself


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


def test_options_swallowed_by_a_firewall_do_not_stop_delivery(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(always("OPTIONS", Answer(DONE.status, lost=True))) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
