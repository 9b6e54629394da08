"""What is asked of the server again and what is not, and how a receipt tells of packed bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.uploader.prove.far import as_it_is, far
from uploader.prove.proof import LAST_POLL, receipt_of
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel
from uploader.tus.readback import Copy


@pytest.fixture
def row(queue: Queue, row: Row) -> Row:
    return as_it_is(queue, row.take_id)


def test_a_take_without_any_proof_is_asked_about_as_long_as_there_is_none(queue: Queue, row: Row) -> None:
    last = as_it_is(queue, row.take_id, state="sent", failures=LAST_POLL)
    after = far(row, copy=None, configured=True).prove(queue, last)
    assert after.verify_level is ProofLevel.L0
    assert after.due_at is not None


def test_a_take_that_was_given_back_once_is_not_fetched_again(queue: Queue, row: Row) -> None:
    proven = far(row, configured=True).prove(queue, row)
    assert proven.verify_level is ProofLevel.L2
    other = Copy("00" * 32, row.wire_size)
    assert far(row, configured=True, copy=[other, other]).prove(queue, proven).delivered


def test_a_receipt_tells_of_other_bytes_only_where_others_travelled(row: Row) -> None:
    packed = replace(row, encoding="flac", wire_sha256="ab" * 32, wire_size=7)
    told = receipt_of(packed, ProofLevel.L2, {})
    assert (told["encoding"], told["wire_sha256"], told["wire_size"]) == ("flac", "ab" * 32, 7)
    assert {"encoding", "wire_sha256", "wire_size"}.isdisjoint(receipt_of(row, ProofLevel.L2, {}))
