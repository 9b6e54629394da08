"""What each step leaves in the queue: no less than it must, and nothing of before."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from config.base import DiskError, say
from tests.uploader.rows import put
from tests.uploader.takes import make_take, new_take
from uploader.faults import Kind
from uploader.queue.queue import Queue
from uploader.queue.row import json_of, message_of
from uploader.queue.states import Event, State, sources
from uploader.queue.take import FinishedTake


@pytest.fixture
def take(queue: Queue, tmp_path: Path) -> FinishedTake:
    take = new_take(tmp_path / "a", 1, 6_044)
    queue.add(take, just_read=True)
    return take


def told(queue: Queue) -> list[tuple[str, object]]:
    with queue._read() as db:
        rows = db.execute("SELECT kind, detail FROM events ORDER BY seq").fetchall()
    return [(row["kind"], json.loads(row["detail"] or "null")) for row in rows]


def test_what_is_sent_from_here_after_all_stands_in_the_events_with_its_number(
    queue: Queue, take: FinishedTake
) -> None:
    assert queue.send_carried() == 0
    assert told(queue)[-1][0] == "added", "nothing happened"
    put(queue, take.take_id, paused=1, error=say("On a stick."), error_kind="carried", due_at=5.0)
    assert queue.send_carried() == 1
    assert told(queue)[-1] == ("send_carried", {"count": 1})
    row = queue.row(take.take_id)
    assert (row.state, row.error, row.error_kind, row.due_at) == (State.QUEUED, None, None, None)


def test_a_file_that_was_moved_is_read_anew_and_by_its_own_time(queue: Queue, take: FinishedTake) -> None:
    moved = take.path.parent.with_name("b") / take.path.name
    moved.parent.mkdir()
    take.path.rename(moved)
    assert not queue.add(replace(take, path=moved, mtime_ns=7))
    row = queue.row(take.take_id)
    assert (row.path, row.mtime_ns, row.compared_at) == (moved, 7, 0)


def test_what_a_person_wants_sent_anew_has_nothing_of_the_upload_before(
    queue: Queue, take: FinishedTake
) -> None:
    of_before = {"offset": 9, "sending_to": 9, "checked": 0, "doubtful": 1, "address_failures": 2}
    trouble = {"failures": 3, "restarts": 2, "error": say("Lost."), "error_kind": "vanished", "due_at": 9e9}
    put(queue, take.take_id, state="unconfirmed", upload_url="http://h/1", **of_before, **trouble)
    queue.retry(take.take_id)
    row = queue.row(take.take_id)
    assert (row.state, row.upload_url, row.verify_level) == (State.QUEUED, None, None)
    assert (row.offset, row.sending_to, row.checked, row.doubtful) == (0, 0, True, False)
    assert (row.address_failures, row.failures, row.restarts, row.error, row.error_kind) == (
        0,
        0,
        0,
        None,
        None,
    )
    assert row.due_at is None


def test_a_reason_is_kept_as_it_was_said_whatever_stands_in_it() -> None:
    name = say("{file} can't be read: {detail}", file="娄山.wav", detail=Path("x"))
    kept = json_of(name)
    assert kept is not None
    assert "娄山" in kept, "a person can read the database"
    assert str(message_of(kept)) == str(name)
    assert (json_of(None), message_of(None), message_of("{")) == (None, None, None)


def test_only_what_was_sent_or_could_be_is_unconfirmed() -> None:
    found = sources(Event.UNCONFIRMED, State.UNCONFIRMED)
    assert {State.UPLOADING, State.WAITING, State.SENT, State.UNCONFIRMED} <= found
    assert not found & {State.VERIFIED, State.PURGE_DUE, State.PURGED, State.PAUSED}


@pytest.mark.parametrize(("missing", "whole"), [(0, True), (44, True), (45, False)])
def test_a_file_that_is_shorter_than_its_samples_is_no_finished_take(
    tmp_path: Path, missing: int, whole: bool
) -> None:
    """Shorter than its header and its samples it may be: other programs write shorter headers."""
    sidecar = make_take(tmp_path, 1, 6_044)
    path = sidecar.with_suffix(".wav")
    path.write_bytes(path.read_bytes()[: 6_044 - missing])
    if whole:
        assert FinishedTake.from_sidecar(sidecar).size == 6_044 - missing
    else:
        with pytest.raises(DiskError, match=sidecar.name):
            FinishedTake.from_sidecar(sidecar)


def test_a_queue_that_was_closed_is_closed(queue: Queue) -> None:
    queue.close()
    with pytest.raises(DiskError):
        queue.rows()


@pytest.mark.parametrize(("lasting", "level"), [({}, 2), ({"lasting": True}, 2), ({"lasting": False}, 1)])
def test_only_what_is_said_not_to_last_may_be_lost_in_a_power_cut(
    queue: Queue, lasting: dict[str, bool], level: int
) -> None:
    """synchronous 2 is FULL, 1 is NORMAL (SQLite)."""
    with queue._write(**lasting) as db:
        found = db.execute("PRAGMA synchronous").fetchone()[0]
    assert found == level
    with queue._read() as db:
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_recording_that_was_gone_and_is_there_again_waits_for_nothing(
    queue: Queue, take: FinishedTake
) -> None:
    put(queue, take.take_id, state="missing", error=say("The file is gone."), error_kind="missing")
    assert not queue.add(take), "it is not new"
    row = queue.row(take.take_id)
    assert (row.state, row.error, row.error_kind) == (State.QUEUED, None, None)


def test_that_all_had_to_wait_and_may_go_on_stands_in_the_events(queue: Queue, take: FinishedTake) -> None:
    queue.wake()
    assert told(queue)[-1][0] == "added", "nobody waited"
    queue.spread(State.WAITING, Kind.NETWORK, say("Nothing answers."), 5.0)
    assert told(queue)[-1] == (Event.ALL_WAIT, {"kind": Kind.NETWORK})
    queue.wake()
    assert told(queue)[-1] == (Event.WOKEN, {"count": 1})
