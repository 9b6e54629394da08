"""A lost database: what was delivered is known from beside the takes, and nothing is sent twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.uploader.conftest import Make
from tests.uploader.takes import make_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.ceilings import RECEIPT_BYTES, UPLOAD_BYTES
from uploader.prove.receiptfile import receipt_path
from uploader.prove.restore import enter
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.queue.take import FinishedTake

COUNT = 10


def lose_database(queue: Queue) -> None:
    with queue._write() as db:
        for table in ("deliveries", "events", "servers"):
            db.execute(f"DELETE FROM {table}")


def enter_all(queue: Queue, sidecars: list[Path]) -> None:
    for sidecar in sidecars:
        enter(queue, FinishedTake.from_sidecar(sidecar))


def test_ten_delivered_takes_are_ten_delivered_takes_without_an_upload(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    sidecars = [make_take(tmp_path, number, 6_044) for number in range(COUNT)]
    with TusServer() as server:
        enter_all(queue, sidecars)
        uploader(server.url).run_once()
        before = {row.take_id: (row.state, row.verify_level, row.upload_url) for row in queue.rows()}
        lose_database(queue)
        server.requests.clear()
        enter_all(queue, sidecars)
        assert all(row.delivered for row in queue.rows()), "also while the server can't be reached"
        uploader(server.url).run_once()
        found = {row.take_id: (row.state, row.verify_level, row.upload_url) for row in queue.rows()}
        assert found == before
        assert len(server.of_takes()) == COUNT
        assert all(len(request.body) <= 1 for request in server.asked("PATCH")), "but for the probe"
        asked = {request.path for request in server.asked("HEAD")}
        assert asked >= set(server.uploads), "what the server has is asked for, not sent"
    assert all(row.due_at is None for row in queue.rows())


def test_what_the_server_has_lost_meanwhile_is_found_out_and_sent_anew(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    sidecar = make_take(tmp_path, 1, 6_044)
    with TusServer() as server:
        enter_all(queue, [sidecar])
        uploader(server.url).run_once()
        lose_database(queue)
        server.of_takes()[0].data.pop()
        enter_all(queue, [sidecar])
        uploader(server.url).run_once()
        row = queue.rows()[0]
        assert row.delivered
        assert server.stored() == [row.path.read_bytes()]
        assert len(server.of_takes()) == 1, "the spoilt one was taken away"


def test_what_was_sent_and_not_proven_is_asked_for_not_sent(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    sidecar = make_take(tmp_path, 1, 6_044)
    with TusServer(checks=False, downloads=False) as server:
        enter_all(queue, [sidecar])
        uploader(server.url).run_once()
        assert queue.rows()[0].state is State.SENT
        lose_database(queue)
        enter_all(queue, [sidecar])
        server.downloads = True
        uploader(server.url).run_once()
        assert (queue.rows()[0].state, len(server.of_takes())) == (State.VERIFIED, 1)


def test_what_was_sent_and_not_proven_is_no_better_proven_by_a_lost_database(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    """A server that checks checksums does not say which of its uploads came with them."""
    sidecar = make_take(tmp_path, 1, 6_044)
    with TusServer(checks=False, downloads=False) as server:
        enter_all(queue, [sidecar])
        uploader(server.url).run_once()
        lose_database(queue)
        enter_all(queue, [sidecar])
        server.checks = True
        uploader(server.url).run_once()
    assert (queue.rows()[0].state, queue.rows()[0].verify_level) == (State.SENT, ProofLevel.L0)


def test_a_take_that_travelled_as_flac_is_known_again(queue: Queue, tmp_path: Path) -> None:
    sidecar = make_take(tmp_path, 1, 6_044)
    take = FinishedTake.from_sidecar(sidecar)
    wire = {"encoding": "flac", "wire_size": 3000, "wire_sha256": "ab" * 32}
    receipt = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, **wire}
    text = json.dumps(
        {**receipt, "level": "L2", "upload_url": "http://h/1", "verified_at": "2026-11-26T15:00:00Z"}
    )
    receipt_path(take.path).write_text(text, encoding="utf-8")
    enter_all(queue, [sidecar])
    row = queue.rows()[0]
    assert (row.delivered, row.encoding, row.wire_size, row.wire_sha256) == (True, *wire.values())
    assert row.verified_at > 0


def beside(sidecar: Path, length: int = 0, **more: object) -> FinishedTake:
    """A take with a receipt, of so many bytes where that is not 0."""
    take = FinishedTake.from_sidecar(sidecar)
    facts = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2"}
    receipt_path(take.path).write_text(json.dumps({**facts, **more}).ljust(length), encoding="utf-8")
    return take


FLAC = {"encoding": "flac", "wire_sha256": "ab" * 32}
LIMITS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "bytes": ({"length": RECEIPT_BYTES}, {"length": RECEIPT_BYTES + 1}),
    "address": ({"upload_url": "http://h/".ljust(4000, "x")}, {"upload_url": "http://h/".ljust(4001, "x")}),
    "least size": ({**FLAC, "wire_size": 1}, {**FLAC, "wire_size": 0}),
    "most size": ({**FLAC, "wire_size": UPLOAD_BYTES}, {**FLAC, "wire_size": UPLOAD_BYTES + 1}),
    "digest": ({**FLAC, "wire_size": 9}, {**FLAC, "wire_size": 9, "wire_sha256": "ab" * 32 + "0"}),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_receipt_at_the_limits_is_believed_and_one_beyond_is_not(
    queue: Queue, tmp_path: Path, limit: str
) -> None:
    for number, (more, state) in enumerate(zip(LIMITS[limit], (State.VERIFIED, State.QUEUED), strict=True)):
        take = beside(make_take(tmp_path, number, 6_044), **more)
        enter(queue, take)
        assert queue.row(take.take_id).state is state


@pytest.mark.parametrize("wire", [{}, {**FLAC, "wire_size": 3000}], ids=["plain", "flac"])
def test_what_is_restored_was_sent_whole_and_is_asked_about_only_where_it_has_an_address(
    queue: Queue, tmp_path: Path, wire: dict[str, Any]
) -> None:
    takes = [
        beside(make_take(tmp_path, 1, 6_044), **wire, upload_url="http://h/1"),
        beside(make_take(tmp_path, 2, 6_044), **wire, carried=True),
    ]
    for take in takes:
        enter(queue, take)
    rows = [queue.row(take.take_id) for take in takes]
    assert [row.offset for row in rows] == [row.wire_size for row in rows] == [row.sending_to for row in rows]
    assert rows[0].wire_size == wire.get("wire_size", 6_044)
    assert [row.due_at is None for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("2026-11-20T15:00:00Z", 1_795_186_800), ("2999-01-01T00:00:00Z", None), ("yesterday", None)],
)
def test_the_time_for_which_a_take_is_kept_goes_on_from_its_proof(
    queue: Queue, tmp_path: Path, told: str, seconds: int | None
) -> None:
    """None: it begins anew, since the time can't be right."""
    take = beside(make_take(tmp_path, 1, 6_044), verified_at=told)
    before = time.time()
    enter(queue, take)
    found = queue.row(take.take_id).verified_at
    assert before <= found <= time.time() if seconds is None else found == seconds


def test_a_take_that_is_known_is_not_restored_once_more(queue: Queue, tmp_path: Path) -> None:
    take = beside(make_take(tmp_path, 1, 6_044), level="L1")
    assert enter(queue, take, just_read=True) is True
    beside(take.path.with_suffix(".json"), level="L3")
    assert enter(queue, take) is False
    assert queue.row(take.take_id).verify_level is ProofLevel.L1
    assert queue.row(take.take_id).compared_at > 0, "it was read a moment ago"


def test_a_digest_that_nobody_has_just_taken_from_the_disk_is_not_said_to_be_compared(
    queue: Queue, tmp_path: Path
) -> None:
    take = FinishedTake.from_sidecar(make_take(tmp_path, 1, 6_044))
    enter(queue, take)
    assert queue.row(take.take_id).compared_at == 0


@pytest.mark.parametrize(("level", "checked"), [("L0", False), ("L1", True), ("L2", False)])
def test_only_a_proof_by_checksums_says_that_every_byte_had_one(
    queue: Queue, tmp_path: Path, level: str, checked: bool
) -> None:
    take = beside(make_take(tmp_path, 1, 6_044), level=level)
    enter(queue, take)
    row = queue.row(take.take_id)
    assert (row.checked, row.doubtful) == (checked, False)
    assert queue.receipt(take.take_id) is not None, "without a key it is kept as it was"


def test_a_recording_that_can_t_be_read_is_not_proven(queue: Queue, tmp_path: Path) -> None:
    take = beside(make_take(tmp_path, 1, 6_044))
    take.path.unlink()
    take.path.mkdir()
    enter(queue, take)
    assert not queue.row(take.take_id).delivered


STRANGE: dict[str, Callable[[dict[str, Any]], object]] = {
    "another take": lambda receipt: {**receipt, "take_id": "else"},
    "other bytes": lambda receipt: {**receipt, "sha256": "00" * 32},
    "another size": lambda receipt: {**receipt, "size": receipt["size"] + 1},
    "a size that is true": lambda receipt: {**receipt, "size": "6044"},
    "no level": lambda receipt: {**receipt, "level": "L9"},
    "a level that is a list": lambda receipt: {**receipt, "level": ["L2"]},
    "an address that is none": lambda receipt: {**receipt, "upload_url": 7},
    "an endless address": lambda receipt: {**receipt, "upload_url": "http://h/" + "x" * 100_000},
    "flac without its digest": lambda receipt: {**receipt, "encoding": "flac"},
    "flac of an endless size": lambda receipt: {
        **receipt,
        "encoding": "flac",
        "wire_size": 10**30,
        "wire_sha256": "ab" * 32,
    },
    "a list": lambda receipt: [receipt],
}


@pytest.mark.parametrize("case", STRANGE)
def test_a_receipt_of_something_else_is_no_proof(
    queue: Queue, uploader: Make, tmp_path: Path, case: str
) -> None:
    sidecar = make_take(tmp_path, 1, 6_044)
    take = FinishedTake.from_sidecar(sidecar)
    receipt = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2"}
    receipt_path(take.path).write_text(json.dumps(STRANGE[case](receipt)), encoding="utf-8")
    enter_all(queue, [sidecar])
    assert queue.rows()[0].state is State.QUEUED


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 100_000, b"{" + b" " * 2_000_000 + b"}"])
def test_a_receipt_that_can_t_be_read_stops_nothing(queue: Queue, tmp_path: Path, body: bytes) -> None:
    sidecar = make_take(tmp_path, 1, 6_044)
    receipt_path(sidecar.with_suffix(".wav")).write_bytes(body)
    enter_all(queue, [sidecar])
    assert queue.rows()[0].state is State.QUEUED


def test_a_forged_address_gets_neither_recording_nor_token(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    sidecar = make_take(tmp_path, 1, 6_044)
    take = FinishedTake.from_sidecar(sidecar)
    asked: list[Request] = []

    def note(request: Request) -> Answer | None:
        asked.append(request)
        return None

    with TusServer(note) as elsewhere, TusServer() as server:
        receipt = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2"}
        url = f"http://localhost:{elsewhere.port}/files/1"
        receipt_path(take.path).write_text(json.dumps({**receipt, "upload_url": url}), encoding="utf-8")
        enter_all(queue, [sidecar])
        uploader(server.url, token="secret").run_once()
    assert not asked
    assert queue.rows()[0].verify_level is ProofLevel.L2
