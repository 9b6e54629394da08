"""A take that is delivered while it is written to a stick is delivered: not counted, listed or waiting."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.carry import pack
from uploader.carry.pack import export_pack
from uploader.carry.packfile import RECEIPTS, copy_proven, read_manifest
from uploader.carry.receiptpack import import_receipts
from uploader.queue.queue import Queue
from uploader.queue.states import State
from uploader.queue.take import FinishedTake


def receipt_comes(queue: Queue, take: FinishedTake, folder: Path) -> None:
    """From another stick, in another window."""
    facts = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2"}
    (folder / RECEIPTS).mkdir(parents=True)
    (folder / RECEIPTS / "1.json").write_text(json.dumps(facts), encoding="utf-8")
    assert import_receipts(queue, folder) == 1


@pytest.mark.parametrize("moment", [0, 1, 3], ids=["before it", "after it", "at the end"])
def test_what_is_delivered_meanwhile_is_no_take_on_the_stick(
    queue: Queue, tmp_path: Path, moment: int
) -> None:
    takes = [new_take(tmp_path / "home", number, 6_044) for number in (1, 2, 3)]
    for take in takes:
        queue.add(take)
    steps = iter(range(10))

    def progress(done: int, total: int, name: str) -> None:
        # Before each take, and once more at the end.
        if next(steps) == min(moment, 2):
            receipt_comes(queue, takes[0 if moment < 3 else 1], tmp_path / "other")

    result = export_pack(queue, tmp_path / "stick", progress)
    delivered, *others = sorted(queue.rows(), key=lambda row: not row.delivered)
    assert delivered.delivered
    assert (result.takes, result.known, result.elsewhere, result.damaged) == (2, 0, 0, ())
    listed = {packed.take_id for packed in read_manifest(tmp_path / "stick", "test-1").takes}
    assert listed == {row.take_id for row in others}
    assert delivered.error is None, "it waits for nothing"
    assert {row.error_kind for row in others} == {"carried"}


def while_copied(patch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Before each file."""

    def copied(*what: object, over: bool) -> bool:
        happens()
        return copy_proven(*what, over=over)  # type: ignore[arg-type]

    patch.setattr(pack, "copy_proven", copied)


def test_what_is_delivered_while_it_is_copied_waits_for_no_receipt(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = new_take(tmp_path / "home", 1, 6_044)
    queue.add(take)

    def delivered() -> None:
        if not queue.row(take.take_id).delivered:
            receipt_comes(queue, take, tmp_path / "other")

    while_copied(monkeypatch, delivered)
    assert export_pack(queue, tmp_path / "stick", lambda *_: None).takes == 0
    row = queue.row(take.take_id)
    assert (row.state, row.error) == (State.VERIFIED, None)


def test_what_took_so_long_to_copy_that_it_was_let_go_waits_for_its_receipt_all_the_same(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = new_take(tmp_path / "home", 1, 6_044)
    queue.add(take)

    def let_go() -> None:
        put(queue, take.take_id, paused=0, error=None, error_kind=None)

    while_copied(monkeypatch, let_go)
    assert export_pack(queue, tmp_path / "stick", lambda *_: None).takes == 1
    row = queue.row(take.take_id)
    assert row.state is State.PAUSED
    assert str(row.error).startswith("Carried away on a stick")


@pytest.mark.parametrize(
    ("begun", "carried"), [(6_044, 0), (6_043, 1)], ids=["its last piece", "a piece before the last"]
)
def test_a_take_that_may_be_whole_at_the_server_is_not_on_the_stick_too(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: int, carried: int
) -> None:
    take = new_take(tmp_path / "home", 1, 6_044)
    queue.add(take)
    put(queue, take.take_id, state="uploading", upload_url="https://centre.example/7", sending_to=begun)

    def step_back(seconds: float) -> None:
        # The worker hears of the pause while the piece travels.
        assert 0 < seconds <= 0.5, "who looks on is not held up"
        put(queue, take.take_id, state="queued")

    monkeypatch.setattr(pack, "time", SimpleNamespace(monotonic=time.monotonic, sleep=step_back))
    assert export_pack(queue, tmp_path / "stick", lambda *_: None).takes == carried
    assert len(read_manifest(tmp_path / "stick", "test-1").takes) == carried
    assert queue.row(take.take_id).state is (State.PAUSED if carried else State.QUEUED)
