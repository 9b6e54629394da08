"""A proof that the server has lost is taken back everywhere, and the recording is sent anew by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import TusServer
from uploader.faults import Kind, UploadFault
from uploader.prove.proof import lose_proof
from uploader.prove.receiptfile import receipt_path
from uploader.queue.queue import Queue
from uploader.queue.states import State
from uploader.send.worker import harmless


def test_damage_at_the_server_takes_the_proof_back_and_sends_anew(
    queue: Queue, tmp_path: Path, uploader: Make
) -> None:
    takes = [new_take(tmp_path / "home", number, 6_044) for number in range(3)]
    for take in takes:
        queue.add(take)
    with TusServer() as server:
        uploader(server.url).run_once()
        server.of_takes()[1].data[-1] ^= 1
        row = queue.rows()[1]
        with pytest.raises(UploadFault) as found:
            uploader(server.url).recheck(row)
        assert found.value.kind is Kind.LIE
        lost = lose_proof(queue, row, found.value)
        assert (lost.state, lost.delivered, lost.upload_url) == (State.WAITING, False, None)
        assert queue.receipt(row.take_id) is None
        assert not receipt_path(row.path).exists()
        assert queue.due() == lost, "nobody has to press a key"
        uploader(server.url).run_once()
        assert [row.delivered for row in queue.rows()] == [True] * 3
        assert server.stored().count(takes[1].path.read_bytes()) == 1
        assert len(server.of_takes()) == 3, (
            "the spoilt one is gone, those that were right were not sent again"
        )
    assert receipt_path(row.path).exists()


def test_a_closed_terminal_is_no_fault_of_a_take() -> None:
    def broken(*_: object) -> None:
        raise BrokenPipeError

    harmless(broken)("changed")
