"""The queue: what enters stays, once; states, waits and pauses; two processes; ten thousand rows."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from config.base.errors import DiskError
from config.base.message import say
from config.disk.database import open_database
from tests.clock import Clock
from tests.uploader.rows import put
from tests.uploader.takes import make_take, new_take
from uploader.ceilings import DAY
from uploader.faults import DeliveryError, Kind
from uploader.queue.queue import HORIZON_SECONDS, Queue
from uploader.queue.states import Event, State
from uploader.queue.take import FinishedTake

FIELDS = [
    "take_id",
    "student_id",
    "item",
    "attempt",
    "path",
    "size",
    "sha256",
    "state",
    "verify_level",
    "upload_url",
    "offset",
    "attempts",
    "next_attempt_at",
    "error",
]


def timed(tmp_path: Path) -> tuple[Queue, Clock]:
    clock = Clock(1_800_000_000.0)
    return Queue.open(tmp_path / "timed.db", clock=clock), clock


def test_a_take_enters_once(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    assert queue.add(take)
    assert not queue.add(take)
    assert [row.take_id for row in queue.rows()] == [take.take_id]
    assert queue.row(take.take_id).state is State.QUEUED


def test_an_id_with_other_bytes_is_refused(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    with pytest.raises(DeliveryError):
        queue.add(replace(take, sha256="0" * 64))
    assert queue.row(take.take_id).sha256 == take.sha256


def test_a_moved_folder_is_followed(queue: Queue, tmp_path: Path) -> None:
    old = make_take(tmp_path / "old")
    queue.add(FinishedTake.from_sidecar(old))
    moved = (tmp_path / "old").rename(tmp_path / "new")
    take = FinishedTake.from_sidecar(moved / old.name)
    assert not queue.add(take)
    assert queue.row(take.take_id).path == take.path


def test_what_was_committed_is_there_after_opening_again(tmp_path: Path) -> None:
    first = Queue.open(tmp_path / "q.db")
    take = new_take(tmp_path)
    first.add(take)
    row = first.change(
        take.take_id,
        Event.FAILED,
        state=State.WAITING,
        due_at=1_800_000_000.0,
        error=say("{what} now", what=say("Busy {n}", n=3)),
        error_kind="busy",
    )
    first.close()
    second = Queue.open(tmp_path / "q.db")
    assert second.row(take.take_id) == row
    assert str(row.error) == "Busy 3 now"
    second.close()


def test_json_has_the_fields_of_the_contract_and_no_more(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    body = queue.row(take.take_id).as_json()
    assert list(body) == FIELDS
    assert (body["state"], body["verify_level"], body["error"]) == ("queued", None, None)
    put(queue, take.take_id, due_at=1_800_000_000.0, error=say("No {x}.", x="way"), verify_level=2)
    body = json.loads(json.dumps(queue.row(take.take_id).as_json()))
    assert body["error"] == "No way."
    assert body["verify_level"] == "L2"
    assert datetime.fromisoformat(body["next_attempt_at"]).timestamp() == 1_800_000_000.0


def test_every_change_is_in_the_events(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    put(queue, take.take_id, state=State.CREATING)
    queue.change(take.take_id, Event.CREATED, state=State.UPLOADING, upload_url="http://x/1")
    queue.pause(take.take_id)
    db = open_database(tmp_path / "data" / "station.db", readonly=True)
    found = [(row["take_id"], row["kind"]) for row in db.execute("SELECT * FROM events ORDER BY seq")]
    db.close()
    assert found == [(take.take_id, kind) for kind in ("added", "created", "paused")]


# --- order and waits


def test_oldest_first_and_proofs_last(tmp_path: Path) -> None:
    queue, clock = timed(tmp_path)
    ids = []
    for number in range(4):
        take = new_take(tmp_path, number)
        queue.add(take)
        ids.append(take.take_id)
    put(queue, ids[0], state=State.SENT, due_at=clock.now - 1)
    put(queue, ids[1], state=State.WAITING, due_at=clock.now + 60)
    order: list[str] = []
    while (row := queue.due(order)) is not None:
        order.append(row.take_id)
    assert order == [ids[2], ids[3], ids[0]]
    assert queue.next_due() == clock.now - 1
    clock.now += 60
    assert queue.due() is not None
    assert queue.due() == queue.row(ids[1])
    queue.close()


@pytest.mark.parametrize("wait", [DAY, HORIZON_SECONDS - 1])
def test_the_longest_wait_is_waited_for_and_a_time_from_a_wrong_clock_is_not(
    tmp_path: Path, wait: float
) -> None:
    queue, clock = timed(tmp_path)
    take = new_take(tmp_path)
    queue.add(take)
    put(queue, take.take_id, state=State.WAITING, due_at=clock.now + wait)
    assert queue.due() is None
    clock.now -= 5 * 365 * 86400
    assert queue.due() is not None
    queue.close()


def test_pause_of_one_and_of_all(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    queue.pause(take.take_id)
    assert queue.row(take.take_id).state is State.PAUSED
    assert queue.counts() == {State.PAUSED: 1}
    assert queue.due() is None
    queue.resume(take.take_id)
    assert queue.counts() == {State.QUEUED: 1}
    assert not queue.control.paused
    queue.pause()
    assert queue.control.paused
    queue.resume()
    assert not queue.control.paused
    with pytest.raises(DeliveryError):
        queue.pause("nobody")


def test_retry_of_one_leaves_the_others(queue: Queue, tmp_path: Path) -> None:
    takes = [new_take(tmp_path, number) for number in range(3)]
    for take in takes:
        queue.add(take)
        put(queue, take.take_id, state=State.BLOCKED, error=say("no"), error_kind="take", failures=3)
    queue.retry(takes[0].take_id)
    assert queue.counts() == {State.QUEUED: 1, State.BLOCKED: 2}
    row = queue.row(takes[0].take_id)
    assert (row.error, row.failures) == (None, 0)
    queue.retry()
    assert queue.counts() == {State.QUEUED: 3}


def test_trouble_of_the_server_spreads_and_a_success_wakes(queue: Queue, tmp_path: Path) -> None:
    takes = [new_take(tmp_path, number) for number in range(3)]
    for take in takes:
        queue.add(take)
    put(queue, takes[0].take_id, state=State.BLOCKED, error=say("mine"), error_kind="take")
    queue.spread(State.BLOCKED, Kind.AUTH, say("no entry"), time.time() + 900)
    assert [str(row.error) for row in queue.rows()] == ["mine", "no entry", "no entry"]
    assert queue.due() is None
    queue.wake()
    assert queue.counts() == {State.BLOCKED: 1, State.QUEUED: 2}


def test_after_a_crash_what_was_under_way_begins_again(queue: Queue, tmp_path: Path) -> None:
    for number, state in enumerate((State.CREATING, State.UPLOADING, State.VERIFYING, State.VERIFIED)):
        take = new_take(tmp_path, number)
        queue.add(take)
        put(queue, take.take_id, state=state)
    queue.reset_active()
    assert queue.counts() == {State.QUEUED: 3, State.VERIFIED: 1}


# --- others at the same database


def test_another_process_pauses_and_retries(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    put(queue, take.take_id, state=State.BLOCKED, error_kind="auth")
    script = (
        "import sys, pathlib; from uploader.queue.queue import Queue; "
        "q = Queue.open(pathlib.Path(sys.argv[1])); "
    )
    script += "q.pause(); q.retry(); q.close()"
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "data" / "station.db")], check=True)
    assert queue.control.paused
    assert queue.row(take.take_id).state is State.QUEUED


def test_reading_works_while_another_writes(queue: Queue, tmp_path: Path) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    reader = Queue.open(tmp_path / "data" / "station.db", readonly=True)
    blocker = open_database(tmp_path / "data" / "station.db")
    blocker.execute("BEGIN IMMEDIATE")
    assert [row.take_id for row in reader.rows()] == [take.take_id]
    blocker.execute("ROLLBACK")
    blocker.close()
    with pytest.raises(DiskError):
        reader.pause()
    reader.close()


def test_many_threads(queue: Queue, tmp_path: Path) -> None:
    takes = [new_take(tmp_path, number, 200) for number in range(8)]

    def work(take: FinishedTake) -> None:
        queue.add(take)
        for offset in range(20):
            queue.change(take.take_id, Event.PROGRESS, offset=offset)
            queue.rows()

    threads = [threading.Thread(target=work, args=(take,)) for take in takes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.offset for row in queue.rows()] == [19] * 8


def test_a_damaged_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "q.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(DiskError, match="can't be used"):
        Queue.open(tmp_path / "q.db")


def test_commits_survive_a_power_cut_unless_they_need_not(queue: Queue, tmp_path: Path) -> None:
    db: sqlite3.Connection = queue._db
    asked: list[str] = []
    take = new_take(tmp_path)
    queue.add(take)
    db.set_trace_callback(asked.append)
    queue.change(take.take_id, Event.PROGRESS, lasting=False, offset=1)
    assert asked[0] == "PRAGMA synchronous = NORMAL"
    db.set_trace_callback(None)
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
