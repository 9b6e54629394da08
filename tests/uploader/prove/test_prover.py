"""Each word of a server alone: which proof it makes, and when the next question is due."""

from __future__ import annotations

import time
from typing import cast

import pytest

from config.base import say
from tests.uploader.prove.far import URL, Far, as_it_is, far, fault, receipt
from tests.uploader.rows import put
from uploader.ceilings import DAY, HOUR, TRUST_FAILURES
from uploader.faults import Kind, UploadFault
from uploader.flow.gate import TakeGate
from uploader.prove.proof import LAST_POLL, lose_proof, poll_seconds
from uploader.prove.receiptfile import receipt_path
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import ProofLevel, State
from uploader.tus.client import Head
from uploader.tus.readback import Copy


@pytest.fixture
def row(queue: Queue, row: Row) -> Row:
    return as_it_is(queue, row.take_id)


def test_the_strongest_proof_that_there_is_counts(queue: Queue, row: Row) -> None:
    whole = Head(row.wire_size, None, {}, row.wire_sha256)
    cases: list[tuple[Far, ProofLevel, str]] = [
        (far(row, copy=None), ProofLevel.L0, "accepted"),
        (far(row, copy=None, algorithm="sha1"), ProofLevel.L1, "checksums sha1"),
        (far(row, algorithm="sha1"), ProofLevel.L2, "read-back"),
        (far(row, receipt=receipt(row)), ProofLevel.L3, "receipt"),
        (far(row, head=whole, receipt=receipt(row)), ProofLevel.L3, "repr-digest"),
    ]
    for server, level, words in cases:
        found = server.prove(queue, as_it_is(queue, row.take_id, checked=1, verify_level=None))
        assert found.verify_level is level
        assert found.state is (State.SENT if level is ProofLevel.L0 else State.VERIFIED)
        kept = queue.receipt(row.take_id)
        assert kept is not None
        assert (kept["proof"], kept["level"], kept["upload_url"]) == (words, level.name, URL)
        assert receipt_path(row.path).exists()


@pytest.mark.parametrize(
    "head",
    [
        Head(6_043, 6_044),
        Head(6_044, 6_045),
        Head(6_044, 6_044, {"take_id": "else"}),
        Head(6_044, 6_044, {"sha256": "00" * 32}),
        Head(6_044, 6_044, {}, "00" * 32),
    ],
    ids=["part", "longer", "another take", "other bytes", "another digest"],
)
def test_one_word_of_the_server_that_differs_is_enough_to_doubt_all(
    queue: Queue, row: Row, head: Head
) -> None:
    with pytest.raises(UploadFault) as raised:
        far(row, head=head, receipt=receipt(row)).prove(queue, row)
    assert raised.value.kind is Kind.LIE
    assert not queue.row(row.take_id).delivered


def test_a_digest_in_capitals_is_the_same_digest(queue: Queue, row: Row) -> None:
    echo = {"take_id": row.take_id, "sha256": row.sha256.upper()}
    assert far(row, head=Head(6_044, 6_044, echo)).prove(queue, row).delivered


@pytest.mark.parametrize("other", [{"sha256": "00" * 32}, {"size": 7}], ids=str)
def test_a_receipt_of_other_bytes_is_a_lie(queue: Queue, row: Row, other: dict[str, object]) -> None:
    with pytest.raises(UploadFault, match="other bytes"):
        far(row, receipt=receipt(row, **other)).prove(queue, row)


WRONG = Copy("00" * 32, 6_044)


def test_what_was_read_back_wrong_is_read_once_more_before_the_server_is_blamed(
    queue: Queue, row: Row
) -> None:
    same = Copy(row.wire_sha256, row.wire_size)
    assert far(row, copy=[WRONG, same]).prove(queue, row).verify_level is ProofLevel.L2
    again = as_it_is(queue, row.take_id, verify_level=None)
    with pytest.raises(UploadFault, match="other bytes"):
        far(row, copy=[WRONG, WRONG, same]).prove(queue, again)


def test_reading_back_is_given_up_after_so_many_refusals_and_not_at_the_first(queue: Queue, row: Row) -> None:
    same = Copy(row.wire_sha256, row.wire_size)
    server = far(row, copy=[None, None, same])
    assert server.prove(queue, row).verify_level is ProofLevel.L2
    assert server.slept == TRUST_FAILURES - 1
    server = far(row, copy=None)
    assert server.prove(queue, as_it_is(queue, row.take_id, verify_level=None)).state is State.SENT
    assert not server.read_back.usable


def test_a_server_that_is_down_has_refused_nothing(queue: Queue, row: Row) -> None:
    whole = Head(row.wire_size, row.wire_size)
    server = far(row, head=[whole, fault(Kind.NETWORK)], copy=fault(Kind.NETWORK))
    with pytest.raises(UploadFault):
        server.prove(queue, row)
    assert server.read_back.usable
    for _ in range(TRUST_FAILURES - 1):
        with pytest.raises(UploadFault):
            far(row, copy=fault(Kind.NETWORK), read_back=server.read_back).prove(queue, row)
    found = far(row, copy=fault(Kind.NETWORK), read_back=server.read_back).prove(queue, row)
    assert found.state is State.SENT, "it answers, but gives nothing back"


def test_a_server_that_gives_back_nothing_but_its_own_fault_is_asked_so_often_and_no_more(
    queue: Queue, row: Row
) -> None:
    server = far(row, copy=fault(Kind.BUSY))
    for _ in range(TRUST_FAILURES - 1):
        with pytest.raises(UploadFault):
            server.prove(queue, row)
    assert server.prove(queue, row).state is State.SENT


@pytest.mark.parametrize(
    ("state", "kind", "hiding", "found"),
    [
        ("verifying", Kind.GONE, True, State.SENT),
        ("verifying", Kind.GONE, False, None),
        ("verifying", Kind.HELD, True, None),
        ("unconfirmed", Kind.GONE, False, State.UNCONFIRMED),
        ("unconfirmed", Kind.HELD, False, State.UNCONFIRMED),
        ("unconfirmed", Kind.NETWORK, True, None),
        ("sent", Kind.GONE, False, State.SENT),
        ("sent", Kind.HELD, False, None),
    ],
)
def test_what_a_server_does_not_show_is_believed_only_where_it_took_it_before(
    queue: Queue, row: Row, state: str, kind: Kind, hiding: bool, found: State | None
) -> None:
    row = as_it_is(queue, row.take_id, state=state, checked=1)
    server = far(row, head=fault(kind), hiding=hiding)
    if found is None:
        with pytest.raises(UploadFault) as raised:
            server.prove(queue, row)
        assert raised.value.kind is kind
    else:
        after = server.prove(queue, row)
        assert (after.state, after.verify_level) == (found, ProofLevel.L0)
        assert (after.error is not None) == (found is State.UNCONFIRMED)
    assert server.hides is None


def test_checksums_prove_nothing_of_what_nobody_acknowledged(queue: Queue, row: Row) -> None:
    levels = {}
    for state in ("unconfirmed", "sent"):
        hidden = as_it_is(queue, row.take_id, state=state, checked=1, verify_level=None)
        server = far(row, head=fault(Kind.GONE), algorithm="sha1")
        levels[state] = server.prove(queue, hidden).verify_level
    assert levels == {"unconfirmed": ProofLevel.L0, "sent": ProofLevel.L1}
    shown = as_it_is(queue, row.take_id, state="unconfirmed", checked=1, verify_level=None)
    assert far(row, copy=None, algorithm="sha1").prove(queue, shown).verify_level is ProofLevel.L1


def test_a_server_that_shows_a_finished_upload_hides_none(queue: Queue, row: Row) -> None:
    server = far(row)
    server.prove(queue, row)
    assert server.hides is False


@pytest.mark.parametrize("copy", [None, fault(Kind.NETWORK)], ids=["nothing", "no answer"])
def test_what_the_server_may_have_spoilt_is_proven_only_by_its_bytes(
    queue: Queue, row: Row, copy: object
) -> None:
    row = as_it_is(queue, row.take_id, doubtful=1, checked=1)
    server = far(row, copy=copy, algorithm="sha1")
    with pytest.raises(UploadFault):
        server.prove(queue, row)
    assert server.read_back.usable, "that says nothing of others"
    assert far(row).prove(queue, row).verify_level is ProofLevel.L2


@pytest.mark.parametrize("failures", [0, 1, 3, 4, 5, 20])
def test_a_sent_take_is_asked_about_slower_and_slower_but_once_a_day_at_least(
    queue: Queue, row: Row, failures: int
) -> None:
    row = as_it_is(queue, row.take_id, failures=failures)
    before = time.time()
    after = far(row, copy=None).prove(queue, row)
    assert after.due_at is not None
    assert after.due_at - before == pytest.approx(min(DAY, HOUR * 2**failures), abs=30)
    assert after.failures == failures + 1


def test_a_receipt_that_is_still_to_come_is_asked_for(queue: Queue, row: Row) -> None:
    row = as_it_is(queue, row.take_id, failures=2)
    after = far(row, configured=True).prove(queue, row)
    assert after.delivered
    assert after.due_at == pytest.approx(time.time() + 20, abs=10)
    assert after.failures == 3
    last = as_it_is(queue, row.take_id, state="verified", failures=LAST_POLL)
    assert far(row, configured=True).prove(queue, last).due_at is None


def test_a_recording_that_is_given_back_is_trust_in_the_server_again(queue: Queue, row: Row) -> None:
    same = Copy(row.wire_sha256, row.wire_size)
    server = far(row, copy=[None, None, same])
    assert server.prove(queue, row).verify_level is ProofLevel.L2
    second = far(row, copy=[None, None, same], read_back=server.read_back)
    assert second.prove(queue, as_it_is(queue, row.take_id, verify_level=None)).verify_level is ProofLevel.L2


def test_who_has_the_centres_receipt_asks_for_no_other(queue: Queue, row: Row) -> None:
    after = far(row, configured=True, receipt=receipt(row)).prove(queue, row)
    assert (after.verify_level, after.due_at, after.failures) == (ProofLevel.L3, None, 0)


def test_who_tries_again_is_told_of_a_receipt_that_came_late(queue: Queue, row: Row) -> None:
    # Without receipts there is none to ask for.
    far(row).prove(queue, row)
    queue.retry()
    assert queue.due() is None
    last = as_it_is(queue, row.take_id, state="verified", failures=LAST_POLL)
    far(row, configured=True).prove(queue, last)
    assert queue.due() is None
    queue.retry()
    due = queue.due()
    assert due is not None
    after = far(row, receipt=receipt(row)).prove(queue, due)
    assert (after.verify_level, after.due_at) == (ProofLevel.L3, None)
    queue.retry()
    assert queue.due() is None


def test_what_is_proven_has_no_trouble_and_nothing_due(queue: Queue, row: Row) -> None:
    trouble = {"error": say("Trouble."), "error_kind": "network", "failures": 3, "restarts": 2, "due_at": 5}
    after = far(row).prove(queue, as_it_is(queue, row.take_id, **trouble))
    assert (after.error, after.error_kind, after.failures, after.restarts) == (None, None, 0, 0)
    assert after.due_at is None
    assert time.time() - 60 < after.verified_at <= time.time()


def test_a_proof_is_never_made_weaker_and_keeps_its_time(queue: Queue, row: Row) -> None:
    proven = far(row, receipt=receipt(row)).prove(queue, row)
    put(queue, row.take_id, verified_at=5.0)
    after = far(row, copy=None).prove(queue, queue.row(row.take_id))
    assert (after.verify_level, after.verified_at) == (proven.verify_level, 5.0)
    kept = queue.receipt(row.take_id)
    assert kept is not None
    assert kept["level"] == "L3"


def test_who_asks_anew_hears_what_is_proven_now(queue: Queue, row: Row) -> None:
    far(row, receipt=receipt(row)).prove(queue, row)
    row, gate = queue.row(row.take_id), cast(TakeGate, Far([None]))
    assert far(row).prover(queue).recheck(row, gate) is ProofLevel.L2
    assert far(row, copy=None).prover(queue).recheck(row, gate) is ProofLevel.L0
    carried = as_it_is(queue, row.take_id, upload_url=None)
    with pytest.raises(UploadFault, match="another station"):
        far(row).prover(queue).recheck(carried, gate)


def test_a_proof_that_was_lost_leaves_nothing_of_itself(queue: Queue, row: Row) -> None:
    proven = far(row).prove(queue, as_it_is(queue, row.take_id, checked=0, doubtful=0))
    put(queue, row.take_id, failures=3)
    lost = lose_proof(queue, proven, fault(Kind.LIE))
    assert (lost.state, lost.verify_level, lost.upload_url) == (State.WAITING, None, None)
    assert (lost.offset, lost.sending_to, lost.verified_at, lost.failures) == (0, 0, 0, 0)
    assert (str(lost.error), lost.error_kind) == ("The server has something to say.", "lie")
    assert lost.due_at == pytest.approx(time.time(), abs=30)
    assert queue.receipt(row.take_id) is None
    assert not receipt_path(row.path).exists()


def test_receipts_are_asked_for_within_seconds_and_then_every_hour() -> None:
    assert [poll_seconds(asked, proven=False) for asked in (0, 1, 2)] == [5, 10, 20]
    assert poll_seconds(9, proven=True) == 2560
    assert poll_seconds(10, proven=True) == poll_seconds(999, proven=False) == HOUR
    assert poll_seconds(LAST_POLL - 1, proven=True) == HOUR
    assert poll_seconds(LAST_POLL, proven=True) is None


@pytest.mark.parametrize(("copy", "there"), [("the same", False), (None, True)])
def test_the_flac_that_was_made_for_the_way_goes_when_the_take_is_delivered_and_not_before(
    queue: Queue, row: Row, copy: object, there: bool
) -> None:
    flac = row.path.with_suffix(".flac")
    flac.write_bytes(b"fLaC")
    sent = as_it_is(queue, row.take_id, encoding="flac", wire_size=6_044, wire_sha256="ab" * 32)
    far(sent, copy=copy).prove(queue, sent)
    assert flac.exists() is there
    assert row.path.exists()
