"""One session of tries, answer by answer: what is learnt from each, and what stands in the row after it."""

from __future__ import annotations

import os
import time

import pytest

from tests.uploader.rows import put
from tests.uploader.send.line import URL, Line, delivered_by, fault
from tests.uploader.send.test_worker import until
from uploader.ceilings import ADDRESS_SESSIONS
from uploader.faults import Kind
from uploader.flow.chunks import ChunkSize
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import State

SIZE = 6_044
NEVER = fault(Kind.AUTH)
"""Ends the session."""


def begun(queue: Queue, row: Row, **columns: object) -> Row:
    """An upload of which 1,000 bytes are there, and which was sent as far as 5,000."""
    part = {"state": "uploading", "upload_url": URL, "endpoint": "http://h/files/", "offset": 1000}
    put(queue, row.take_id, **{**part, "sending_to": 5000, **columns})
    return queue.row(row.take_id)


@pytest.mark.parametrize(("encoding", "begun"), [("flac", False), ("wav", True)])
def test_other_bytes_are_made_into_nothing_else_and_only_a_recording_as_it_is_is_compared_on_its_way(
    queue: Queue, row: Row, encoding: str, begun: bool
) -> None:
    row.path.write_bytes(bytes(SIZE))
    line = Line()
    found = delivered_by(line, queue, row, encoding=encoding)
    assert found is not None
    assert found.kind is Kind.TAKE
    assert ("create" in line.calls) == begun
    assert "patch" not in line.calls


def test_what_was_sent_whole_is_proven_and_said_to_be_whole(queue: Queue, row: Row) -> None:
    line = Line()
    assert delivered_by(line, queue, row) is None
    assert line.calls == ["create", "patch"]
    [proven] = line.proven
    assert (proven.state, proven.offset, proven.sending_to) == (State.VERIFYING, SIZE, SIZE)


@pytest.mark.parametrize(
    ("endpoint", "calls"),
    [("http://h/files/", ["head", "patch"]), ("http://h/other/", ["create", "patch"])],
    ids=["as before", "another"],
)
def test_what_was_begun_at_the_address_of_before_is_begun_anew_at_the_one_that_is_set_now(
    queue: Queue, row: Row, endpoint: str, calls: list[str]
) -> None:
    line = Line(heads=[1000], endpoint=endpoint)
    assert delivered_by(line, queue, begun(queue, row)) is None
    assert line.calls == calls
    assert queue.row(row.take_id).endpoint == endpoint


@pytest.mark.parametrize(
    ("limit", "refused"), [(None, False), (0, False), (1, True), (SIZE - 1, True), (SIZE, False)]
)
def test_a_recording_that_is_larger_than_the_server_takes_is_not_begun(
    queue: Queue, row: Row, limit: int | None, refused: bool
) -> None:
    line = Line(max_size=limit)
    found = delivered_by(line, queue, row)
    assert (found is not None and found.kind is Kind.SMALLEST) == refused
    assert ("create" in line.calls) != refused


@pytest.mark.parametrize(
    ("checked", "offset", "after"),
    [(1, 1000, True), (1, 5000, True), (1, 3000, False), (0, 1000, False), (0, 5000, False)],
)
def test_half_a_piece_that_the_server_kept_had_no_checksum(
    queue: Queue, row: Row, checked: int, offset: int, after: bool
) -> None:
    line = Line(heads=[offset], patches=[NEVER], algorithm="sha1")
    delivered_by(line, queue, begun(queue, row, checked=checked))
    found = queue.row(row.take_id)
    assert (found.offset, found.checked) == (offset, after)


@pytest.mark.parametrize("offset", [999, SIZE + 1])
def test_a_server_that_forgot_bytes_or_has_too_many_is_left(queue: Queue, row: Row, offset: int) -> None:
    line = Line(heads=[offset])
    assert delivered_by(line, queue, begun(queue, row, restarts=1)) is None, "a new upload is right"
    assert line.calls == ["head", "delete", "create", "patch"]
    assert queue.row(row.take_id).restarts == 2


def test_a_server_that_contradicts_itself_is_asked_past_old_answers_and_then_left(
    queue: Queue, row: Row
) -> None:
    line = Line(heads=[1000], patches=[fault(Kind.OFFSET)])
    delivered_by(line, queue, begun(queue, row), tries=5)
    assert line.known == [1000, 1000, 1001, 1001, 1001]
    found = queue.row(row.take_id)
    assert (found.upload_url, found.state, found.restarts) == (None, State.QUEUED, 1)
    assert "delete" not in line.calls, "what is there may be right"


@pytest.mark.parametrize("trouble", ["failures", "address_failures", "doubtful"])
def test_one_piece_that_got_through_ends_the_count_of_each_trouble(
    queue: Queue, row: Row, trouble: str
) -> None:
    delivered_by(Line(heads=[1000]), queue, begun(queue, row, **{trouble: 2 - (trouble == "doubtful")}))
    found = queue.row(row.take_id)
    assert (found.failures, found.address_failures, found.doubtful) == (0, 0, False)


def test_a_line_that_breaks_in_the_proof_says_nothing_of_the_size_of_pieces(queue: Queue, row: Row) -> None:
    whole = ChunkSize(8 * 1024 * 1024)
    line = Line(proofs=[fault(Kind.NETWORK), None], chunk=whole)
    assert delivered_by(line, queue, row) is None
    assert line.chunk == whole
    line = Line(heads=[1000], patches=[fault(Kind.NETWORK), None], chunk=whole)
    put(queue, row.take_id, state="queued")
    assert delivered_by(line, queue, begun(queue, row)) is None
    assert line.chunk == whole.broken()
    assert line.expected[0] == 0, "nor is its speed relied on"


def test_the_file_is_looked_at_once_where_the_server_calls_pieces_damaged(
    queue: Queue, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []
    line = Line(heads=[1000], patches=[fault(Kind.DAMAGED)])
    monkeypatch.setattr("uploader.send.delivery.check_file", lambda row: looked.append(len(line.calls)))
    found = delivered_by(line, queue, begun(queue, row))
    assert found is not None
    assert found.kind is Kind.DAMAGED
    assert looked == [6], "after the third try"


def test_where_a_box_refuses_the_method_another_is_tried_and_given_up_again(queue: Queue, row: Row) -> None:
    box = fault(Kind.FOREIGN, status=405)
    line = Line(heads=[1000], patches=[box, None])
    assert delivered_by(line, queue, begun(queue, row)) is None
    assert [call for call in line.calls if call != "head"] == ["patch", "patch as POST"]
    put(queue, row.take_id, state="queued")
    line = Line(heads=[1000], patches=[box, fault(Kind.REFUSED, status=400), None])
    assert delivered_by(line, queue, begun(queue, row)) is None, "that it is refused too says nothing"
    assert [call for call in line.calls if call != "head"] == ["patch", "patch as POST", "patch"]


def test_a_server_that_refuses_a_piece_with_its_checksum_is_sent_it_without(queue: Queue, row: Row) -> None:
    line = Line(heads=[1000], patches=[fault(Kind.REFUSED, status=400)], algorithm="sha1")
    delivered_by(line, queue, begun(queue, row))
    assert "distrust checksums" in line.calls


@pytest.mark.parametrize(
    ("columns", "state", "created"),
    [
        ({"failures": 1}, State.VERIFYING, False),
        ({"failures": 2}, State.VERIFYING, True),
        ({"failures": 2, "sending_to": SIZE}, State.UNCONFIRMED, False),
    ],
    ids=str,
)
def test_a_lock_that_nobody_opens_is_left_after_long(
    queue: Queue, row: Row, columns: dict[str, object], state: State, created: bool
) -> None:
    line = Line(heads=[*[fault(Kind.HELD)] * 5, 1000])
    delivered_by(line, queue, begun(queue, row, **columns))
    assert queue.row(row.take_id).state is state
    assert ("create" in line.calls) == created
    assert line.calls.count("head") == (6 if columns["failures"] == 1 else 5), "not before the fifth try"


@pytest.mark.parametrize(
    ("columns", "alive", "kind", "left"),
    [
        ({"address_failures": ADDRESS_SESSIONS}, True, Kind.NETWORK, State.QUEUED),
        ({"address_failures": ADDRESS_SESSIONS - 1}, True, Kind.NETWORK, None),
        ({"address_failures": ADDRESS_SESSIONS}, False, Kind.NETWORK, None),
        ({"address_failures": ADDRESS_SESSIONS}, True, Kind.FULL, None),
        ({"address_failures": 9, "sending_to": SIZE}, True, Kind.NETWORK, State.UNCONFIRMED),
        ({"address_failures": 9, "sending_to": SIZE, "doubtful": 1}, True, Kind.NETWORK, State.QUEUED),
        ({"address_failures": 9, "sending_to": SIZE, "offset": 0}, True, Kind.NETWORK, State.QUEUED),
    ],
    ids=str,
)
def test_an_address_that_brings_nothing_is_given_up_where_the_server_itself_answers(
    queue: Queue, row: Row, columns: dict[str, object], alive: bool, kind: Kind, left: State | None
) -> None:
    line = Line(heads=[fault(kind)], alive=alive)
    delivered_by(line, queue, begun(queue, row, **columns), tries=1)
    found = queue.row(row.take_id)
    assert found.state is (left or State.UPLOADING)
    assert (found.upload_url is None) == (left is State.QUEUED)
    assert ("(h) brings nothing" in str(found.error)) == (left is not None)
    assert "delete" not in line.calls


def test_an_upload_that_is_gone_is_asked_for_on_new_lines_before_another_is_made(
    queue: Queue, row: Row
) -> None:
    line = Line(heads=[fault(Kind.GONE)])
    assert delivered_by(line, queue, begun(queue, row)) is None
    assert line.calls == ["head", *["hang up", "head"] * 4, "create", "patch"]
    put(queue, row.take_id, state="queued")
    line = Line(heads=[fault(Kind.GONE), 1000])
    found = delivered_by(line, queue, begun(queue, row), tries=1)
    assert found is not None
    assert found.kind is Kind.SCATTERED
    found = delivered_by(Line(heads=[fault(Kind.GONE), NEVER]), queue, begun(queue, row))
    assert found is not None
    assert found.kind is Kind.AUTH, "a token that is refused says nothing of the upload"
    assert queue.row(row.take_id).upload_url == URL


def test_after_an_upload_that_was_gone_the_new_one_goes_on_where_it_breaks_off(
    queue: Queue, row: Row
) -> None:
    line = Line(heads=[*[fault(Kind.GONE)] * 5, 0], patches=[fault(Kind.NETWORK), None])
    assert delivered_by(line, queue, begun(queue, row)) is None
    assert line.calls[-4:] == ["create", "patch", "head", "patch"]


def test_what_is_found_to_have_arrived_begins_the_count_of_tries_anew(queue: Queue, row: Row) -> None:
    lost = fault(Kind.NETWORK)
    line = Line(heads=[1000, 3000], patches=[lost, lost, None])
    assert delivered_by(line, queue, begun(queue, row), tries=2) is None


def test_a_file_that_was_exchanged_between_two_sessions_is_not_sent_to_its_end(
    queue: Queue, row: Row
) -> None:
    """With the date and the size of before, and however lately the recording was read."""
    row.path.write_bytes(b"x" * SIZE)
    os.utime(row.path, ns=(row.mtime_ns, row.mtime_ns))
    changed = row.path.stat().st_ctime
    assert until(lambda: time.time() > changed)
    line = Line(heads=[1000])
    found = delivered_by(line, queue, begun(queue, row, compared_at=time.time()))
    assert found is not None
    assert found.kind is Kind.TAKE
    assert "patch" not in line.calls


def test_an_upload_whose_last_answer_was_lost_is_not_sent_twice(queue: Queue, row: Row) -> None:
    line = Line(heads=[SIZE])
    assert delivered_by(line, queue, begun(queue, row, sending_to=SIZE)) is None
    assert line.calls == ["head"]
    assert [proven.offset for proven in line.proven] == [SIZE]


def test_a_server_that_takes_nothing_more_is_left_and_not_sent_the_same_for_ever(
    queue: Queue, row: Row
) -> None:
    line = Line(heads=[1000], patches=[*[1000] * 5, NEVER])
    delivered_by(line, queue, begun(queue, row))
    assert line.calls == [*["head", "patch"] * 5, "create", "patch"]


@pytest.mark.parametrize("written", [False, True])
def test_a_reading_of_the_recording_counts_until_it_is_written_to(
    queue: Queue, row: Row, written: bool
) -> None:
    if written:
        os.utime(row.path, ns=(row.mtime_ns + 10**9, row.mtime_ns + 10**9))
    put(queue, row.take_id, compared_at=5.0)
    delivered_by(Line(patches=[NEVER]), queue, queue.row(row.take_id))
    found = queue.row(row.take_id)
    assert found.mtime_ns == row.path.stat().st_mtime_ns
    assert found.compared_at == (0.0 if written else 5.0)
