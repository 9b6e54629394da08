"""What a worker learns from each fault, and what it must not learn from it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.uploader.rows import put
from tests.uploader.send.line import URL, Line, delivered_by, fault
from tests.uploader.send.test_tries import SIZE, begun
from tests.uploader.takes import new_take
from uploader.ceilings import BEGUN_AN_HOUR, GONE_SESSIONS, TIMEOUTS
from uploader.faults import Kind
from uploader.flow.chunks import ChunkSize
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import Event, State


@pytest.mark.parametrize(
    ("status", "piece", "doubtful"),
    [(500, SIZE, True), (501, SIZE, False), (502, SIZE, False), (500, 2000, False), (None, SIZE, False)],
)
def test_only_a_server_that_broke_at_the_last_piece_may_have_spoilt_it(
    queue: Queue, row: Row, status: int | None, piece: int, doubtful: bool
) -> None:
    line = Line(heads=[1000], patches=[fault(Kind.BUSY, status=status)], chunk=ChunkSize(piece))
    delivered_by(line, queue, begun(queue, row), tries=1)
    assert queue.row(row.take_id).doubtful is doubtful


@pytest.mark.parametrize(
    ("columns", "left"),
    [
        ({"doubtful": 1, "failures": 2}, True),
        ({"doubtful": 1, "failures": 1}, False),
        ({"doubtful": 0, "failures": 2}, False),
    ],
    ids=str,
)
def test_what_may_be_spoilt_and_is_not_shown_for_two_sessions_is_sent_anew(
    queue: Queue, row: Row, columns: dict[str, object], left: bool
) -> None:
    whole = begun(queue, row, state="verifying", offset=SIZE, sending_to=SIZE, **columns)
    delivered_by(Line(proofs=[fault(Kind.UNPROVEN)]), queue, whole, tries=1)
    found = queue.row(row.take_id)
    assert (found.upload_url is None, found.state is State.QUEUED, found.restarts) == (left, left, int(left))


@pytest.mark.parametrize("status", [400, 403, 405, 501, 401, 404, 406, 502, None])
def test_another_method_is_tried_where_a_box_may_not_know_the_first(
    queue: Queue, row: Row, status: int | None
) -> None:
    line = Line(heads=[1000], patches=[fault(Kind.FOREIGN, status=status), None])
    delivered_by(line, queue, begun(queue, row), tries=2)
    assert ("patch as POST" in line.calls) == (status in (400, 403, 405, 501))


def test_where_nothing_answers_the_session_ends_after_a_few_tries(queue: Queue, row: Row) -> None:
    line = Line(heads=[fault(Kind.NETWORK, timed_out=True)])
    delivered_by(line, queue, begun(queue, row))
    assert line.calls.count("head") == TIMEOUTS


def test_a_line_that_breaks_before_a_piece_says_nothing_of_the_size_of_pieces(queue: Queue, row: Row) -> None:
    whole = ChunkSize(8 * 1024 * 1024)
    line = Line(heads=[fault(Kind.NETWORK), 1000], chunk=whole)
    assert delivered_by(line, queue, begun(queue, row)) is None
    assert line.chunk == whole
    put(queue, row.take_id, state="queued")
    broken = fault(Kind.NETWORK)
    line = Line(heads=[1000, broken, 1000], patches=[broken, None], chunk=whole)
    assert delivered_by(line, queue, begun(queue, row)) is None
    assert line.chunk == whole.broken(), "by the piece, and not by the question after it"


def test_the_screens_hear_of_every_fault_as_it_is_met_and_of_the_proof(queue: Queue, row: Row) -> None:
    met = fault(Kind.NETWORK)
    line, heard = Line(heads=[1000], patches=[met, None]), list[tuple[object, ...]]()
    proofs = list[int]()

    def hear(*change: object) -> None:
        heard.append(change)
        proofs.append(len(line.proven))

    assert delivered_by(line, queue, begun(queue, row), hear=hear) is None
    assert [change for change in heard if change] == [(met,)]
    assert (heard[-1], proofs[-1], proofs[-2]) == ((), 1, 0), "the last of all"


@pytest.mark.parametrize(
    ("algorithm", "in_piece", "distrusted"),
    [("sha1", True, True), (None, True, False), ("sha1", False, False), (None, False, False)],
)
def test_checksums_are_left_out_only_where_a_piece_that_had_one_was_refused(
    queue: Queue, row: Row, algorithm: str | None, in_piece: bool, distrusted: bool
) -> None:
    refused = fault(Kind.REFUSED, status=400)
    line = Line(heads=[1000], patches=[refused], algorithm=algorithm)
    line = line if in_piece else Line(heads=[refused], algorithm=algorithm)
    delivered_by(line, queue, begun(queue, row), tries=1)
    assert ("distrust checksums" in line.calls) == distrusted


# --- pieces that are too large


@pytest.fixture
def long(queue: Queue, tmp_path: Path) -> Row:
    take = new_take(tmp_path, 2, 2_000_044)
    queue.add(take)
    return queue.row(take.take_id)


def test_smaller_pieces_are_tried_without_counting_until_one_goes_through(queue: Queue, long: Row) -> None:
    large = fault(Kind.TOO_LARGE)
    line = Line(heads=[0], patches=[large, large, None])
    assert delivered_by(line, queue, long, tries=2) is None
    assert line.chunk.refused(line.chunk.size) is not None
    put(queue, long.take_id, state="queued", upload_url=None, offset=0, sending_to=0)
    broken = fault(Kind.NETWORK)
    line = Line(heads=[0], patches=[large, broken, broken, None])
    assert delivered_by(line, queue, queue.row(long.take_id), tries=2) is broken, "the others count"


def test_what_is_tried_next_is_smaller_than_the_piece_and_not_than_all_before_it(
    queue: Queue, long: Row
) -> None:
    line, size = Line(heads=[1_400_000], patches=[fault(Kind.TOO_LARGE), None]), long.wire_size - 1_400_000
    assert delivered_by(line, queue, begun(queue, long, offset=1_400_000)) is None
    assert line.chunk == ChunkSize().refused(size)


def test_a_network_that_refuses_the_smallest_pieces_and_a_server_that_refuses_the_file_are_told_apart(
    queue: Queue, long: Row
) -> None:
    large = fault(Kind.TOO_LARGE)
    found = delivered_by(Line(heads=[0], patches=[large]), queue, long)
    assert found is not None
    assert (found.kind, "smallest pieces" in str(found)) == (Kind.SMALLEST, True)
    found = delivered_by(Line(heads=[large]), queue, begun(queue, long))
    assert found is not None
    assert (found.kind, "larger than the server takes" in str(found)) == (Kind.SMALLEST, True)


# --- what is gone


@pytest.mark.parametrize(
    ("failures", "hides", "state", "created"),
    [
        (GONE_SESSIONS - 1, False, State.UPLOADING, False),
        (GONE_SESSIONS, False, State.VERIFYING, True),
        (GONE_SESSIONS - 1, True, State.UNCONFIRMED, False),
        (GONE_SESSIONS, True, State.UNCONFIRMED, False),
    ],
)
def test_what_was_sent_whole_and_is_gone_is_sent_again_only_where_the_server_hides_nothing(
    queue: Queue, row: Row, failures: int, hides: bool, state: State, created: bool
) -> None:
    line = Line(heads=[fault(Kind.GONE)], hides=hides)
    found = delivered_by(line, queue, begun(queue, row, sending_to=SIZE, failures=failures), tries=2)
    assert (found is not None and found.kind is Kind.VANISHED) == (state is State.UPLOADING)
    assert queue.row(row.take_id).state is state
    assert ("create" in line.calls) == created
    assert line.asked_anew == [failures == GONE_SESSIONS]


def test_what_is_gone_while_it_is_proven_and_hidden_is_only_asked_for_again(queue: Queue, row: Row) -> None:
    line = Line(heads=[fault(Kind.GONE)], proofs=[fault(Kind.GONE), None], hides=True)
    whole = begun(queue, row, state="verifying", offset=SIZE, sending_to=SIZE)
    assert delivered_by(line, queue, whole, tries=2) is None
    assert queue.row(row.take_id).state is State.VERIFYING
    assert "create" not in line.calls


# --- where an upload that was begun goes on


@pytest.mark.parametrize(
    ("columns", "line", "goes_on"),
    [
        ({}, {}, True),
        ({"endpoint": "http://other/files/"}, {}, False),
        ({}, {"trusted": False}, False),
        ({"upload_url": None}, {}, False),
    ],
    ids=["here", "at another server", "at an address that is not trusted", "nowhere"],
)
def test_an_upload_goes_on_only_at_the_server_where_it_was_begun(
    queue: Queue, row: Row, columns: dict[str, object], line: dict[str, bool], goes_on: bool
) -> None:
    way = Line(heads=[1000], **line)  # type: ignore[arg-type]
    assert delivered_by(way, queue, begun(queue, row, **columns)) is None
    assert way.calls == (["head", "patch"] if goes_on else ["create", "patch"])


@pytest.mark.parametrize(("sent", "goes_on"), [(5000, False), (SIZE, True)])
def test_a_file_that_was_written_anew_is_sent_anew_unless_it_was_compared_to_its_end(
    queue: Queue, row: Row, sent: int, goes_on: bool
) -> None:
    os.utime(row.path, ns=(row.mtime_ns + 10**10, row.mtime_ns + 10**10))
    line = Line(heads=[1000])
    assert delivered_by(line, queue, begun(queue, row, sending_to=sent)) is None
    assert line.calls == (["head", "patch"] if goes_on else ["create", "patch"])


def test_what_goes_on_where_it_stood_is_shown_as_being_sent(queue: Queue, row: Row) -> None:
    shown: list[Row] = []
    line = Line(heads=[1500], chunk=ChunkSize(2000))
    waiting = begun(queue, row, state="queued")
    delivered_by(line, queue, waiting, hear=lambda *_: shown.append(queue.row(row.take_id)))
    assert (shown[0].state, shown[0].offset) == (State.UPLOADING, 1500)
    assert shown[-1].state is State.VERIFYING


def test_a_piece_that_went_through_begins_the_count_of_tries_anew(queue: Queue, long: Row) -> None:
    busy = fault(Kind.BUSY)
    line = Line(heads=[0, 1024 * 1024], patches=[busy, None, busy, None])
    assert delivered_by(line, queue, long, tries=2) is None


def test_what_has_arrived_is_not_counted_as_left_and_the_next_piece_is_measured_by_it(
    queue: Queue, long: Row
) -> None:
    line, whole = Line(patches=[None, fault(Kind.AUTH)]), ChunkSize()
    delivered_by(line, queue, long)
    assert queue.row(long.take_id).offset == whole.size
    assert line.chunk != whole


def test_what_the_line_takes_is_measured_by_the_bytes_that_went_further(queue: Queue, row: Row) -> None:
    line = Line(heads=[1000])
    assert delivered_by(line, queue, begun(queue, row)) is None
    [(size, seconds)] = line.rates
    assert size == SIZE - 1000
    assert 0 <= seconds < 5
    assert line.expected == [pytest.approx(size / max(seconds, 0.001))]


def test_a_piece_without_a_checksum_is_remembered_as_such(queue: Queue, row: Row) -> None:
    delivered_by(Line(heads=[1000], patches=[fault(Kind.AUTH)]), queue, begun(queue, row, checked=1))
    found = queue.row(row.take_id)
    assert (found.sending_to, found.checked) == (SIZE, False)


@pytest.mark.parametrize("kind", [Kind.GONE, Kind.NETWORK])
def test_what_was_never_begun_is_not_looked_for(queue: Queue, row: Row, kind: Kind) -> None:
    put(queue, row.take_id, address_failures=9, failures=9)
    line = Line(creates=[fault(kind)])
    found = delivered_by(line, queue, queue.row(row.take_id), tries=1)
    assert found is not None
    assert found.kind is kind
    assert line.calls == ["create"]
    assert queue.row(row.take_id).error is None, "nothing is said of an address that there never was"


def test_an_address_is_kept_until_there_is_another_also_where_it_brings_nothing(
    queue: Queue, row: Row
) -> None:
    line = Line(heads=[fault(Kind.GONE)], creates=[fault(Kind.NETWORK)])
    delivered_by(line, queue, begun(queue, row, address_failures=9), tries=2)
    assert line.calls[-1] == "create"
    assert queue.row(row.take_id).upload_url == URL


def test_an_upload_that_was_lost_three_times_within_the_hour_is_not_begun_once_more(
    queue: Queue, row: Row
) -> None:
    for _ in range(BEGUN_AN_HOUR):
        queue.change(row.take_id, Event.CREATED)
    line = Line()
    found = delivered_by(line, queue, row)
    assert found is not None
    assert found.kind is Kind.OFTEN
    assert line.calls == []
