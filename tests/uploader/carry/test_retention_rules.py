"""What `station queue remove` takes, whatever the server says: each rule alone, on its very edge."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from config.base import say
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.carry import retention
from uploader.carry.retention import DAY, Purged, mark_due, purge
from uploader.faults import Kind, UploadFault
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel, State

NOW = 1_800_000_000.0
PROVEN = {"state": "verified", "verify_level": 2, "verified_at": NOW - 30 * DAY, "receipt": "{}"}


def proves(row: Row) -> ProofLevel:
    return ProofLevel.L2


def says(fault: Kind) -> UploadFault:
    return UploadFault(fault, say("The server has something to say."))


@pytest.fixture
def row(queue: Queue) -> Row:
    take = new_take(queue.root / "takes" / "s", 1, 6_044)
    queue.add(take)
    put(queue, take.take_id, **PROVEN)
    return queue.row(take.take_id)


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, 1),
        ({"verified_at": NOW - 30 * DAY + 1}, 0),
        ({"verify_level": 3}, 1),
        ({"verify_level": 1}, 0),
        ({"verify_level": None}, 0),
        ({"state": "sent"}, 0),
    ],
    ids=str,
)
def test_a_take_is_due_on_its_day_and_only_proven_twice(
    queue: Queue, row: Row, change: dict[str, object], due: int
) -> None:
    put(queue, row.take_id, due_at=5.0, **change)
    assert mark_due(queue, 30, lambda: NOW) == due
    assert mark_due(queue, 30, lambda: NOW) == due, "and stays so"
    assert queue.row(row.take_id).due_at == (None if due else 5.0)


@pytest.mark.parametrize("level", ProofLevel)
def test_a_recording_goes_only_where_the_server_proves_it_at_that_moment(
    queue: Queue, row: Row, level: ProofLevel
) -> None:
    done = purge(queue, lambda _: level, [row.take_id])
    gone = level >= ProofLevel.L2
    assert (done.removed, done.kept) == (((row.take_id,), ()) if gone else ((), (row.take_id,)))
    assert row.path.exists() is not gone


@pytest.mark.parametrize("state", [State.SENT, State.QUEUED, State.UNCONFIRMED, State.PURGED])
def test_what_is_not_proven_or_is_gone_is_not_asked_about_though_it_was_named(
    queue: Queue, row: Row, state: State
) -> None:
    put(queue, row.take_id, state=state.value)
    assert purge(queue, proves, [row.take_id]) == Purged()
    assert row.path.exists()


def test_only_who_is_named_goes_before_the_time(queue: Queue, row: Row) -> None:
    other = new_take(queue.root / "takes" / "s", 2, 6_044)
    queue.add(other)
    put(queue, other.take_id, **PROVEN)
    assert purge(queue, proves, [row.take_id]).removed == (row.take_id,)
    assert other.path.exists()


def test_what_was_removed_has_its_time_and_nothing_more_is_planned_for_it(queue: Queue, row: Row) -> None:
    put(queue, row.take_id, due_at=5.0)
    before = time.time()
    purge(queue, proves, [row.take_id])
    after = queue.row(row.take_id)
    assert (after.state, after.due_at) == (State.PURGED, None)
    with queue._read() as db:
        [(removed_at,)] = db.execute("SELECT purged_at FROM deliveries").fetchall()
    assert before <= removed_at <= time.time()


def test_a_flac_that_was_left_beside_it_goes_with_it(queue: Queue, row: Row) -> None:
    flac = row.path.with_suffix(".flac")
    flac.write_bytes(b"the same voice")
    put(queue, row.take_id, encoding="flac", wire_size=14, wire_sha256="00" * 32)
    purge(queue, proves, [row.take_id])
    assert not flac.exists()
    assert not row.path.exists()


@pytest.mark.parametrize(
    ("kind", "removed", "state"),
    [
        (Kind.NETWORK, False, State.VERIFIED),
        (Kind.GONE, False, State.VERIFIED),
        (Kind.LIE, False, State.WAITING),
        (Kind.MISSING, True, State.PURGED),
    ],
)
def test_what_the_server_says_decides_what_becomes_of_it(
    queue: Queue, row: Row, kind: Kind, removed: bool, state: State
) -> None:
    def recheck(row: Row) -> ProofLevel:
        raise says(kind)

    done = purge(queue, recheck, [row.take_id])
    assert done == (Purged(removed=(row.take_id,)) if removed else Purged(kept=(row.take_id,)))
    assert queue.row(row.take_id).state is state


def test_a_recording_that_another_program_holds_is_kept_and_stays_proven(
    queue: Queue, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(13, "in use", str(path))

    monkeypatch.setattr(retention, "remove", refused)
    assert purge(queue, proves, [row.take_id]) == Purged(kept=(row.take_id,))
    assert queue.row(row.take_id).state is State.VERIFIED


def test_a_recording_outside_this_data_folder_is_kept(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path / "elsewhere", 1, 6_044)
    queue.add(take)
    put(queue, take.take_id, **PROVEN)
    assert purge(queue, proves, [take.take_id]) == Purged(kept=(take.take_id,))
    assert take.path.exists()
