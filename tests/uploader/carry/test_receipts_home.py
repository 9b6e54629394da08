"""A receipt that came home on a stick: what the station says of the take afterwards."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from config.base import say
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.carry.receiptpack import LARGEST, import_receipts
from uploader.prove.receiptfile import receipt_path
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.queue.take import FinishedTake

ENDPOINT = "https://centre.example/files/"


@pytest.fixture
def take(queue: Queue, tmp_path: Path) -> FinishedTake:
    take = new_take(tmp_path / "home", 1, 6_044)
    queue.add(take)
    return take


def facts_of(take: FinishedTake) -> dict[str, Any]:
    return {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2"}


def came_home(queue: Queue, take: FinishedTake, folder: Path, **more: Any) -> int:
    path = folder / "receipts" / "1.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**facts_of(take), **more}), encoding="utf-8")
    return import_receipts(queue, folder, None, ENDPOINT)


@pytest.mark.parametrize("state", [State.QUEUED, State.WAITING, State.BLOCKED, State.UNCONFIRMED])
def test_what_came_home_proven_shows_no_trouble_of_before(
    queue: Queue, take: FinishedTake, tmp_path: Path, state: State
) -> None:
    trouble = {"error": say("It is on a stick."), "error_kind": "carried", "due_at": 1.0, "paused": 1}
    put(queue, take.take_id, state=state.value, upload_url="https://elsewhere.example/9", **trouble)
    assert came_home(queue, take, tmp_path / "stick", upload_url=f"{ENDPOINT}7") == 1
    row = queue.row(take.take_id)
    assert (row.state, row.verify_level, row.delivered) == (State.VERIFIED, ProofLevel.L2, True)
    assert (row.error, row.error_kind, row.due_at) == (None, None, None)
    assert row.upload_url == f"{ENDPOINT}7"
    assert time.time() - 60 < row.verified_at <= time.time(), "the time for which it is kept begins now"
    put(queue, take.take_id, state=State.QUEUED.value)
    assert queue.row(take.take_id).state is State.QUEUED, "it is no longer paused"


def test_a_receipt_that_came_home_stands_beside_the_take_and_says_how_it_came(
    queue: Queue, take: FinishedTake, tmp_path: Path
) -> None:
    came_home(queue, take, tmp_path / "stick")
    beside = json.loads(receipt_path(take.path).read_text(encoding="utf-8"))
    assert beside["carried"] is True
    assert beside == queue.receipt(take.take_id)


def test_only_a_stronger_proof_takes_the_place_of_another(
    queue: Queue, take: FinishedTake, tmp_path: Path
) -> None:
    levels = ["L0", "L1", "L1", "L2", "L1", "L3", "L3", "L2"]
    found = [came_home(queue, take, tmp_path / "stick", level=level) for level in levels]
    assert found == [0, 1, 0, 1, 0, 1, 0, 0]
    assert queue.row(take.take_id).verify_level is ProofLevel.L3


def test_a_receipt_that_is_too_long_or_can_t_be_written_again_is_left_on_the_stick(
    queue: Queue, take: FinishedTake, tmp_path: Path
) -> None:
    length = len(json.dumps({**facts_of(take), "x": ""}))
    assert came_home(queue, take, tmp_path / "stick", x="-" * (LARGEST + 1 - length)) == 0
    assert came_home(queue, take, tmp_path / "stick", x="\ud800") == 0
    assert came_home(queue, take, tmp_path / "stick", x="-" * (LARGEST - length)) == 1
