"""What screens, commands and the uploader read of one delivery, and of a database with strange words."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from config.disk import UnknownContentError
from config.disk.database import open_database
from tests.clock import Clock
from tests.station.tui.fake import row
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.ceilings import DAY, HOUR, STICKS
from uploader.queue.queue import Queue
from uploader.queue.states import DELIVERED, Event, ProofLevel, State

SENT = row("0107", State.UPLOADING)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("level", [None, *ProofLevel])
def test_delivered_is_what_is_proven(state: State, level: ProofLevel | None) -> None:
    proven = level in (ProofLevel.L1, ProofLevel.L2, ProofLevel.L3)
    assert replace(SENT, state=state, verify_level=level).delivered == (proven and state in DELIVERED)


def test_levels_are_numbers_that_stand_in_databases() -> None:
    assert [(level.name, int(level)) for level in ProofLevel] == [("L0", 0), ("L1", 1), ("L2", 2), ("L3", 3)]


def test_progress_is_the_part_that_the_server_has() -> None:
    assert replace(SENT, offset=0).progress == 0.0
    assert replace(SENT, offset=SENT.wire_size // 4).progress == 0.25
    assert replace(SENT, offset=0, wire_size=0).progress == 0.0
    assert replace(SENT, offset=1, wire_size=1).progress == 1.0
    proven = replace(SENT, state=State.VERIFIED, verify_level=ProofLevel.L2, offset=0)
    assert proven.progress == 1.0


def test_a_time_is_told_to_the_second_with_its_zone() -> None:
    told = replace(SENT, due_at=1_800_000_000.75).as_json()["next_attempt_at"]
    assert isinstance(told, str)
    assert len(told) == len("2027-01-15T08:00:00+08:00")
    assert datetime.fromisoformat(told).timestamp() == 1_800_000_000
    assert SENT.as_json()["next_attempt_at"] is None


# --- the tables


@pytest.fixture
def clock() -> Clock:
    return Clock(1_800_000_000.0)


@pytest.fixture
def timed(tmp_path: Path, clock: Clock) -> Queue:
    return Queue.open(tmp_path / "new" / "folder" / "station.db", clock=clock)


def test_uploads_of_a_take_are_counted_for_an_hour_and_for_a_day(
    timed: Queue, clock: Clock, tmp_path: Path
) -> None:
    take = new_take(tmp_path)
    timed.add(take)

    def upload(*, whole: bool) -> None:
        put(timed, take.take_id, state=State.CREATING)
        timed.change(take.take_id, Event.CREATED, state=State.UPLOADING)
        for _ in range(2 if whole else 0):
            put(timed, take.take_id, state=State.UPLOADING)
            timed.change(take.take_id, Event.SENT, state=State.VERIFYING)

    upload(whole=True)
    begun = timed.begun(take.take_id)
    assert (begun.hour, begun.day, begun.copies) == (1, 1, 1)
    clock.now += HOUR - 1
    upload(whole=False)
    begun = timed.begun(take.take_id)
    assert (begun.hour, begun.day, begun.copies) == (2, 2, 1)
    clock.now += 2
    assert timed.begun(take.take_id).hour == 1
    clock.now += DAY - HOUR
    assert timed.begun(take.take_id).day == 1
    clock.now += HOUR
    begun = timed.begun(take.take_id)
    assert (begun.hour, begun.day, begun.copies) == (0, 0, 0)
    timed.close()


def test_what_is_written_is_on_the_disk_unless_it_is_said_otherwise(timed: Queue, tmp_path: Path) -> None:
    db: sqlite3.Connection = timed._db
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    take = new_take(tmp_path)
    timed.add(take)
    timed.change(take.take_id, Event.PROGRESS, offset=1)
    timed.pause()
    assert [text for text in asked if "synchronous" in text] == []
    timed.change(take.take_id, Event.PROGRESS, lasting=False, offset=2)
    assert [text for text in asked if "synchronous" in text] == [
        "PRAGMA synchronous = NORMAL",
        "PRAGMA synchronous = FULL",
    ]
    db.set_trace_callback(None)
    timed.close()


STRANGE = {
    "a state of a newer program": "state = 'flying'",
    "a level that is none": "verify_level = 9",
    "a receipt that is none": "receipt = '[1]'",
    "a receipt in pieces": "receipt = '{'",
}


@pytest.mark.parametrize("what", STRANGE)
def test_words_that_are_none_of_ours_are_said_to_be_so(queue: Queue, tmp_path: Path, what: str) -> None:
    take = new_take(tmp_path)
    queue.add(take)
    other = open_database(tmp_path / "data" / "station.db")
    other.execute(f"UPDATE deliveries SET {STRANGE[what]}")
    other.close()
    with pytest.raises(UnknownContentError):
        queue.receipt(take.take_id) if "receipt" in what else queue.rows()
    if "state" in what:
        with pytest.raises(UnknownContentError):
            queue.counts()


def test_what_was_learnt_about_a_server_is_added_to(queue: Queue) -> None:
    assert queue.known_server("http://x/") == {}
    queue.learn_server("http://x/", a=1, b=2)
    queue.learn_server("http://x/", b=3)
    queue.learn_server("http://y/", b=4)
    assert queue.known_server("http://x/") == {"a": 1, "b": 3}


def test_the_last_sticks_are_known_each_once_the_newest_first(queue: Queue) -> None:
    assert queue.sticks == []
    for number in (*range(STICKS + 2), 3):
        queue.remember_stick(f"/media/{number}")
    assert queue.sticks[0] == "/media/3"
    assert len(queue.sticks) == len(set(queue.sticks)) == STICKS


def test_a_database_has_one_origin_and_no_two_have_the_same(queue: Queue, timed: Queue) -> None:
    assert queue.origin == queue.origin != timed.origin
    assert len(queue.origin) == 8
    timed.close()


def test_what_an_export_left_half_done_goes_on_from_here_after_a_while(
    timed: Queue, clock: Clock, tmp_path: Path
) -> None:
    take = new_take(tmp_path)
    timed.add(take)
    timed.change(take.take_id, Event.CARRIED, paused=1, error_kind="carrying")
    timed.free_abandoned(clock.now)
    assert timed.row(take.take_id).state is State.PAUSED
    timed.free_abandoned(clock.now + 1)
    assert (timed.row(take.take_id).state, timed.row(take.take_id).error_kind) == (State.QUEUED, None)
    timed.close()


def test_only_what_was_carried_away_is_sent_from_here_after_all(timed: Queue, tmp_path: Path) -> None:
    takes = [new_take(tmp_path, number) for number in range(3)]
    for take in takes:
        timed.add(take)
    timed.change(takes[0].take_id, Event.CARRIED, paused=1, error_kind="carried", due_at=9e9)
    timed.pause(takes[1].take_id)
    assert timed.send_carried() == 1
    assert timed.send_carried() == 0
    assert [found.state for found in timed.rows()] == [State.QUEUED, State.PAUSED, State.QUEUED]
    assert timed.rows()[0].due_at is None
    timed.close()
