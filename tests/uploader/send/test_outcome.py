"""What becomes of a take whose session of tries has ended, and of the others in the queue."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from config.base import say
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.faults import POLICY, Kind, UploadFault
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import OPEN, PLACED, ProofLevel, State
from uploader.send.outcome import DeliveryOutcome, sentence, unforeseen


@pytest.fixture
def outcome(queue: Queue) -> DeliveryOutcome:
    return DeliveryOutcome(queue)


@pytest.fixture
def rows(queue: Queue, tmp_path: Path) -> list[Row]:
    """Three takes, the first of them on its way."""
    takes = [new_take(tmp_path, number, 1000) for number in range(3)]
    for take in takes:
        queue.add(take)
    put(queue, takes[0].take_id, state=State.UPLOADING, upload_url="http://x/1")
    return queue.rows()


def fault(kind: Kind, *, timed_out: bool = False) -> UploadFault:
    return UploadFault(kind, say("It broke."), say("Mend it."), timed_out=timed_out)


@pytest.mark.parametrize("kind", Kind)
def test_a_take_waits_with_its_reason_as_long_as_its_fault_asks(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row], kind: Kind
) -> None:
    before = time.time()
    outcome.failed(rows[0], fault(kind))
    row = queue.row(rows[0].take_id)
    expected = State.MISSING if kind is Kind.MISSING else State.WAITING
    assert row.state is (State.BLOCKED if POLICY[kind].blocking and kind is not Kind.MISSING else expected)
    assert (row.error_kind, str(row.error), row.failures) == (kind.value, "It broke. Mend it.", 1)
    assert row.address_failures == int(POLICY[kind].about_address)
    wait = POLICY[kind].row_seconds[0]
    assert row.due_at is not None
    assert before + 0.7 * wait < row.due_at < time.time() + 1.3 * wait
    assert [other.state for other in queue.rows()[1:]] == [State.QUEUED] * 2, "the others have their turn"


def test_an_upload_that_has_no_address_yet_has_no_trouble_with_it(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row]
) -> None:
    outcome.failed(rows[1], fault(Kind.NETWORK))
    assert queue.row(rows[1].take_id).address_failures == 0


@pytest.mark.parametrize("state", sorted(PLACED))
def test_what_the_server_has_stays_so_and_only_its_proof_waits(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row], state: State
) -> None:
    put(queue, rows[0].take_id, state=state, verify_level=int(ProofLevel.L1))
    outcome.failed(queue.row(rows[0].take_id), fault(Kind.NETWORK))
    row = queue.row(rows[0].take_id)
    assert (row.state, row.failures, row.verify_level) == (state, 1, ProofLevel.L1)
    assert row.due_at is not None


def test_two_takes_with_the_servers_trouble_make_all_wait_and_one_success_wakes_them(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row]
) -> None:
    outcome.failed(rows[0], fault(Kind.NETWORK))
    outcome.failed(rows[0], fault(Kind.NETWORK))
    assert outcome.troubled == {rows[0].take_id}
    assert queue.row(rows[2].take_id).state is State.QUEUED, "one take alone proves nothing"
    outcome.failed(rows[1], fault(Kind.NETWORK))
    assert {row.state for row in queue.rows()} == {State.WAITING}
    assert queue.row(rows[2].take_id).error_kind == "network"
    assert outcome.succeeded()
    assert {row.state for row in queue.rows()} == {State.QUEUED}
    assert (outcome.troubled, outcome.succeeded()) == (frozenset(), False)


def test_a_success_after_one_take_in_trouble_wakes_nobody(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row]
) -> None:
    outcome.failed(rows[0], fault(Kind.NETWORK))
    assert not outcome.succeeded()
    assert queue.row(rows[0].take_id).state is State.WAITING


def test_trouble_of_a_take_is_not_that_of_the_others(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row]
) -> None:
    for row in rows[:2]:
        outcome.failed(row, fault(Kind.TAKE))
    assert outcome.troubled == frozenset()
    assert queue.row(rows[2].take_id).state is State.QUEUED


def test_a_server_that_answers_nothing_to_a_new_upload_is_not_asked_by_every_take(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row]
) -> None:
    outcome.failed(rows[0], fault(Kind.NETWORK, timed_out=True))
    assert queue.row(rows[2].take_id).state is State.QUEUED, "its address may be the trouble"
    outcome.succeeded()
    outcome.failed(rows[1], fault(Kind.NETWORK, timed_out=True))
    assert queue.row(rows[2].take_id).state is State.WAITING


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAUSED])
def test_a_take_that_steps_back_is_queued_again_where_it_was_on_its_way(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row], state: State
) -> None:
    put(queue, rows[0].take_id, state=state)
    outcome.stepped_back(queue.row(rows[0].take_id))
    assert queue.row(rows[0].take_id).state is (State.QUEUED if state in OPEN else state)


def test_a_take_that_somebody_led_elsewhere_meanwhile_stays_there(
    queue: Queue, outcome: DeliveryOutcome, rows: list[Row]
) -> None:
    put(queue, rows[0].take_id, state=State.VERIFIED)
    outcome.stepped_back(rows[0])
    outcome.failed(rows[0], fault(Kind.TAKE))
    assert queue.row(rows[0].take_id).state is State.VERIFIED


def test_what_nobody_foresaw_is_said_of_this_take_alone() -> None:
    found = unforeseen(ZeroDivisionError("secret"))
    assert (found.kind, "secret" in str(sentence(found))) == (Kind.TAKE, False)
    assert "ZeroDivisionError" in str(sentence(found))
    assert "safe" in str(sentence(found))
    assert str(sentence(UploadFault(Kind.TAKE, say("It broke.")))) == "It broke."
