"""Nothing is removed below L2, inside the retention time, or without asking the server again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, TusServer
from uploader.carry.retention import DAY, Purged, mark_due, purge
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel, State


def delivered(queue: Queue, uploader: Make, server: TusServer, folder: Path) -> Row:
    take = new_take(folder / "data" / "takes" / "afternoon")
    queue.add(take)
    uploader(server.url).run_once()
    return queue.row(take.take_id)


def later() -> float:
    return time.time() + 31 * DAY


def test_after_the_retention_time_it_goes_and_stays_on_record(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer() as server:
        row = delivered(queue, uploader, server, tmp_path)
        worker = uploader(server.url)
        assert mark_due(queue, 30) == 0
        assert purge(queue, worker.recheck) == Purged()
        assert mark_due(queue, 30, later) == 1
        assert queue.row(row.take_id).state is State.PURGE_DUE
        assert queue.row(row.take_id).delivered
        before = len(server.asked("GET"))
        assert purge(queue, worker.recheck) == Purged(removed=(row.take_id,))
        assert len(server.asked("GET")) == before + 1, "read back once more"
    assert not row.path.exists()
    after = queue.row(row.take_id)
    assert (after.state, after.verify_level, after.delivered) == (State.PURGED, ProofLevel.L2, True)
    assert row.path.with_suffix(".json").exists()
    assert row.path.with_suffix(".receipt.json").exists()
    assert queue.receipt(row.take_id) is not None


@pytest.mark.parametrize("abilities", [{"downloads": False}, {"downloads": False, "checks": False}])
def test_below_level_2_nothing_goes_even_when_named(
    queue: Queue, uploader: Make, tmp_path: Path, abilities: dict[str, Any]
) -> None:
    with TusServer(None, **abilities) as server:
        row = delivered(queue, uploader, server, tmp_path)
        assert mark_due(queue, 30, later) == 0
        purge(queue, uploader(server.url).recheck, [row.take_id])
    assert row.path.exists()


def test_a_receipt_of_level_2_must_be_on_record_before(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer(downloads=False) as server:
        row = delivered(queue, uploader, server, tmp_path)
        assert row.verify_level is ProofLevel.L1
        server.downloads = True
        assert purge(queue, uploader(server.url).recheck, [row.take_id]).removed == ()
    assert row.path.exists()


def test_a_named_take_goes_before_its_time(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = delivered(queue, uploader, server, tmp_path)
        assert purge(queue, uploader(server.url).recheck, [row.take_id]).removed == (row.take_id,)
    assert not row.path.exists()


@pytest.mark.parametrize("status", [404, 405, 500])
def test_a_server_that_does_not_prove_it_again_keeps_it(
    queue: Queue, uploader: Make, tmp_path: Path, status: int
) -> None:
    with TusServer() as server:
        row = delivered(queue, uploader, server, tmp_path)
        server.rule = lambda request: Answer(status) if request.method in ("GET", "HEAD") else None
        assert purge(queue, uploader(server.url).recheck, [row.take_id]).kept == (row.take_id,)
        assert len(server.of_takes()) == 1, "what is there stays there"
    assert row.path.exists()
    assert queue.row(row.take_id).delivered


def test_other_bytes_on_the_server_are_sent_anew(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = delivered(queue, uploader, server, tmp_path)
        server.of_takes()[0].data[7] ^= 1
        assert purge(queue, uploader(server.url).recheck, [row.take_id]).kept == (row.take_id,)
        assert not queue.row(row.take_id).delivered
        uploader(server.url).run_once()
        assert row.path.read_bytes() in server.stored()
    assert queue.row(row.take_id).delivered


def test_another_file_in_its_place_is_not_removed(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = delivered(queue, uploader, server, tmp_path)
        row.path.write_bytes(b"something else")
        assert purge(queue, uploader(server.url).recheck, [row.take_id]).kept == (row.take_id,)
    assert row.path.exists()


def test_a_kill_between_removing_and_noting_is_settled(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = delivered(queue, uploader, server, tmp_path)
        mark_due(queue, 30, later)
        row.path.unlink()
        assert purge(queue, uploader(server.url).recheck).removed == (row.take_id,)
    assert queue.row(row.take_id).state is State.PURGED
