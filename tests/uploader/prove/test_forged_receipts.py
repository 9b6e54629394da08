"""A receipt that somebody put into the data folder, and a lost database: it proves what it can prove."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.uploader.conftest import Make
from tests.uploader.rows import put
from tests.uploader.takes import make_take
from tests.uploader.tusserver import TusServer
from uploader.prove.claim import Centre
from uploader.prove.receiptfile import receipt_path
from uploader.prove.restore import enter
from uploader.prove.signature import sign
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.queue.take import FinishedTake

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
Receipt = dict[str, Any]


@pytest.fixture
def take(tmp_path: Path) -> FinishedTake:
    return FinishedTake.from_sidecar(make_take(tmp_path / "takes", 1, 6_044))


def of_centre(take: FinishedTake, key: Ed25519PrivateKey = KEY, **other: object) -> Receipt:
    """The centre's own."""
    facts = {"v": 1, "upload_id": "1", "take_id": take.take_id, "size": take.size, "sha256": take.sha256}
    return sign({**facts, **other}, key)


def beside(take: FinishedTake, **more: object) -> None:
    facts = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2"}
    receipt_path(take.path).write_text(json.dumps({**facts, **more}), encoding="utf-8")


def entered(queue: Queue, take: FinishedTake, url: str, *, key: bool) -> State:
    enter(queue, take, centre=Centre(url, KEY.public_key() if key else None))
    return queue.row(take.take_id).state


def test_with_a_key_what_the_centre_signed_counts_at_once(queue: Queue, take: FinishedTake) -> None:
    beside(take, level="L3", upload_url="http://centre/files/1", receipt=of_centre(take))
    assert entered(queue, take, "http://centre/files/", key=True) is State.VERIFIED
    assert queue.row(take.take_id).verify_level is ProofLevel.L3
    assert queue.receipt(take.take_id) is not None
    assert not queue.row(take.take_id).doubtful


FORGED: dict[str, Callable[[FinishedTake], Receipt]] = {
    "by nobody": lambda take: {},
    "by nobody, and modest": lambda take: {"level": "L0"},
    "by somebody else": lambda take: {"receipt": of_centre(take, OTHER)},
    "for another take": lambda take: {"receipt": of_centre(take, take_id="else")},
    "for other bytes": lambda take: {"receipt": of_centre(take, sha256="00" * 32)},
    "of another size": lambda take: {"receipt": of_centre(take, size=7)},
    "in no form": lambda take: {"receipt": ["x"]},
    "with a word changed": lambda take: {"receipt": {**of_centre(take), "stored_at": "now"}},
}


@pytest.mark.sampled(8, fewest=1)
@pytest.mark.parametrize("case", FORGED)
def test_with_a_key_what_it_did_not_sign_is_asked_for_and_then_sent(
    queue: Queue, uploader: Make, take: FinishedTake, case: str
) -> None:
    with TusServer() as server:
        beside(take, **{"level": "L3", "upload_url": f"{server.url}0", **FORGED[case](take)})
        assert entered(queue, take, server.url, key=True) is State.SENT
        assert not queue.row(take.take_id).delivered
        assert queue.receipt(take.take_id) is None
        for _ in range(4):
            uploader(server.url).run_once()
            put(queue, take.take_id, due_at=0)
        assert server.stored() == [take.path.read_bytes()]
    assert queue.row(take.take_id).delivered


def test_with_a_key_a_proof_that_the_server_still_gives_is_not_sent_again(
    queue: Queue, uploader: Make, take: FinishedTake
) -> None:
    with TusServer() as server:
        queue.add(take)
        uploader(server.url).run_once()
        with queue._write() as db:
            db.execute("DELETE FROM deliveries")
        assert entered(queue, take, server.url, key=True) is State.SENT
        uploader(server.url).run_once()
        assert len(server.of_takes()) == 1
    assert (queue.row(take.take_id).state, queue.row(take.take_id).verify_level) == (
        State.VERIFIED,
        ProofLevel.L2,
    )


def test_with_a_key_a_claim_that_nobody_can_be_asked_about_is_none(queue: Queue, take: FinishedTake) -> None:
    beside(take, carried=True)
    assert entered(queue, take, "http://centre/files/", key=True) is State.QUEUED


@pytest.mark.parametrize(
    "more",
    [
        {"upload_url": "http://elsewhere/files/1"},
        {"upload_url": "http://centre:81/files/1"},
        {"upload_url": "http://["},
        {"receipt": {"take_id": "else", "sha256": "00" * 32, "size": 6_044}},
        {"receipt": 7},
    ],
    ids=["host", "port", "no address", "another recording", "no receipt"],
)
def test_without_a_key_it_must_be_of_this_recording_and_at_our_server(
    queue: Queue, take: FinishedTake, more: Receipt
) -> None:
    beside(take, **{"upload_url": "http://centre/files/1", **more})
    assert entered(queue, take, "http://centre/files/", key=False) is State.QUEUED


def test_without_a_key_the_server_is_asked_at_once(queue: Queue, take: FinishedTake) -> None:
    beside(take, upload_url="http://centre/files/1")
    assert entered(queue, take, "http://centre/files/", key=False) is State.VERIFIED
    assert queue.row(take.take_id).due_at is not None


def test_a_recording_that_has_other_bytes_now_is_not_proven(queue: Queue, take: FinishedTake) -> None:
    beside(take, level="L3", receipt=of_centre(take))
    take.path.write_bytes(bytes(take.size))
    assert entered(queue, take, "http://centre/files/", key=True) is State.QUEUED
