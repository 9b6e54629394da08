"""Every kind of fault comes and goes: the take arrives without a hand, and nothing is in its way for good."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
import requests

from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.faults import POLICY, Kind
from uploader.queue.queue import Queue
from uploader.queue.states import State
from uploader.tus.transport import Transport

HTML = {"Content-Type": "text/html"}
PAGE = Answer(405, HTML, b"<html>", tus=False)
LONG = 40
"""Times that the next session comes: at the waits of POLICY more than a week."""


def finished(server: TusServer, request: Request) -> bool:
    upload = server.uploads.get(request.path)
    return upload is not None and upload.complete and "take_id" in upload.metadata


def when(method: str, answer: Answer, *, probes: bool = True) -> Callable[[TusServer], None]:
    def break_it(server: TusServer) -> None:
        def rule(request: Request) -> Answer | None:
            asked = method in (request.method, request.headers.get("X-HTTP-Method-Override"))
            return answer if asked and (probes or len(request.body) > 1) else None

        server.rule = rule

    return break_it


def lose(server: TusServer) -> None:
    server.rule = lambda request: Answer(404) if finished(server, request) else None


def scatter(server: TusServer) -> None:
    turn: list[bool] = []

    def rule(request: Request) -> Answer | None:
        turn.append(True)
        apart = request.method == "PATCH" or (request.method == "HEAD" and len(turn) % 2 == 0)
        return Answer(404) if apart else None

    server.rule = rule


def vanish(server: TusServer) -> None:
    server.rule = lambda request: Answer(404) if request.method in ("PATCH", "HEAD") else None


def move(server: TusServer) -> None:
    server.location = lambda path: f"http://elsewhere.example/store{path}"


BROKEN: dict[Kind, Callable[[TusServer], None]] = {
    Kind.NETWORK: when("PATCH", Answer(502, tus=False)),
    Kind.FOREIGN: when("PATCH", PAGE),
    Kind.PORTAL: when("POST", Answer(200, HTML, b"<html>", tus=False)),
    Kind.BUSY: when("POST", Answer(503)),
    Kind.HELD: when("PATCH", Answer(423), probes=False),
    Kind.FULL: when("POST", Answer(507)),
    Kind.CONFIG: when("POST", Answer(404, tus=False)),
    Kind.ELSEWHERE: move,
    Kind.AUTH: when("POST", Answer(401)),
    Kind.SMALLEST: when("PATCH", Answer(413), probes=False),
    Kind.REFUSED: when("POST", Answer(400)),
    Kind.OFFSET: when("PATCH", Answer(409), probes=False),
    Kind.GONE: vanish,
    Kind.VANISHED: lose,
    Kind.SCATTERED: scatter,
    Kind.OFTEN: lose,
    Kind.UNPROVEN: when("GET", Answer(200, {}, b"RIFF", tus=False)),
    Kind.TOO_LARGE: when("PATCH", Answer(413), probes=False),
    Kind.DAMAGED: when("PATCH", Answer(460), probes=False),
    Kind.LIE: when("PATCH", Answer(204, {"Upload-Offset": "99999999"}), probes=False),
}
"""How a server, or what stands before it, makes a fault of this kind."""
OF_THE_FILE = {Kind.TAKE, Kind.MISSING}


@contextmanager
def untrusted() -> Iterator[None]:
    reason = ssl.SSLCertVerificationError("not yet valid")
    reason.verify_message = "not yet valid"

    def send(*_: object, **__: object) -> requests.Response:
        raise requests.exceptions.SSLError(reason)

    with patch.object(Transport, "send", send):
        yield


@contextmanager
def other_file(path: Path, kind: Kind) -> Iterator[None]:
    aside = path.with_name("aside")
    path.rename(aside)
    if kind is Kind.TAKE:
        path.write_bytes(b"RIFF")
    yield
    aside.replace(path)


def pass_time(queue: Queue, take_id: str) -> None:
    """Until the row is due; it must be, without a hand."""
    row = queue.row(take_id)
    assert row.delivered or row.due_at is not None, f"{row.state}: nobody will try it again"
    if not row.delivered:
        waited = max(0.0, (row.due_at or 0) - row.verified_at) if row.verified_at else 3600.0
        put(queue, take_id, due_at=0)
        with queue._write() as db:
            db.execute("UPDATE events SET at = at - ?", (max(waited, 3600.0),))


@pytest.mark.sampled(23, fewest=1)
@pytest.mark.parametrize("kind", Kind)
def test_a_fault_that_comes_and_goes_keeps_no_take(
    queue: Queue, uploader: Make, tmp_path: Path, kind: Kind
) -> None:
    take = new_take(tmp_path, size=2 * MB)
    queue.add(take)
    seen: set[str | None] = set()
    with TusServer(checks=False) as server:
        trouble = untrusted() if kind is Kind.TLS else nullcontext()
        trouble = other_file(take.path, kind) if kind in OF_THE_FILE else trouble
        with trouble:
            if kind in BROKEN:
                BROKEN[kind](server)
            for _ in range(6):
                uploader(server.url).run_once()
                seen = {*seen, queue.row(take.take_id).error_kind}
                pass_time(queue, take.take_id)
        server.rule, server.location = None, lambda path: path
        for _ in range(LONG):
            uploader(server.url).run_once()
            if queue.row(take.take_id).delivered:
                break
            pass_time(queue, take.take_id)
        row, right = queue.row(take.take_id), take.path.read_bytes()
        stored = server.stored()
    assert row.delivered, f"{row.state} {row.error_kind}"
    assert set(stored) == {right}
    assert len(stored) <= (7 if kind in (Kind.VANISHED, Kind.OFTEN) else 1), "a copy a day at most"
    assert kind in seen or kind in LEARNT, seen


LEARNT = {
    Kind.GONE: "a new upload, or “often”",
    Kind.OFFSET: "a new upload",
    Kind.LIE: "a new upload",
    Kind.TOO_LARGE: "smaller pieces",
    Kind.VANISHED: "one more upload",
}
"""Kinds that do not stay with a row, since something is learnt from them at once."""


def test_every_kind_has_a_server_that_makes_it() -> None:
    assert set(BROKEN) | OF_THE_FILE | {Kind.TLS} == set(Kind) == set(POLICY)


def test_what_earlier_versions_gave_up_is_tried_again_at_the_next_start(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    put(queue, take.take_id, state="blocked", due_at=None)
    with TusServer() as server:
        uploader(server.url).run_once()
        assert queue.row(take.take_id).delivered
    assert queue.row(take.take_id).state is State.VERIFIED
