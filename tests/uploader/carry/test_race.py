"""Worker and export at one take, in every order: on the stick or delivered, never both, never neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from config.settings import DeliverySection, ServerSection
from tests.turns import Turns
from tests.uploader.conftest import QUICK, TIMING
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.carry import pack
from uploader.carry.packfile import read_manifest
from uploader.queue.queue import Queue
from uploader.queue.states import State
from uploader.send.worker import Uploader

MANY = 500
WORKER, EXPORT = 0, 1


class TurnQueue(Queue):
    """A queue of one thread, which gives its turn away before each thing that it asks or changes."""

    turns: Turns | None = None

    @contextmanager
    def _read(self) -> Iterator[Any]:
        # Inside a transaction nobody else could do anything.
        if self.turns is not None and not self._db.in_transaction:
            self.turns.at("queue")
        with super()._read() as db:
            yield db


class TurnServer(TusServer):
    """The export may go on before the server does what was asked for, and before the worker hears of it."""

    turns: Turns | None = None

    def do(self, request: Request) -> Answer:
        self._at(f"before {request.method}")
        answer = super().do(request)
        self._at(f"after {request.method}")
        return answer

    def _at(self, place: str) -> None:
        if self.turns is not None:
            self.turns.at(place, waiting=WORKER)


class Clock:
    """Sleeping passes the turn on instead; each look at the time costs a little."""

    def __init__(self, turns: Turns) -> None:
        self._turns, self._now = turns, 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
        self._turns.at("sleep")

    def time(self) -> float:
        return self._now


def race(
    turns: Turns,
    folder: Path,
    queues: tuple[TurnQueue, TurnQueue],
    server: TurnServer,
    patch: pytest.MonkeyPatch,
) -> bool:
    """Whether the take is on the stick; raises AssertionError unless it is delivered otherwise."""
    ours, theirs = queues
    number = len(ours.rows())
    take = new_take(folder / str(number), size=60_044)
    ours.add(take)
    section = DeliverySection()
    worker = Uploader(
        ours,
        ServerSection(url=server.url),
        section,
        lambda *_: turns.at("told"),
        None,
        timing=TIMING,
        retry_times=QUICK,
    )
    patch.setattr(pack, "time", Clock(turns))
    ours.turns = theirs.turns = server.turns = turns
    stick = folder / f"stick{number}"
    turns.run(worker.run_once, lambda: pack.export_pack(theirs, stick, lambda *_: turns.at("copied")))
    ours.turns = theirs.turns = server.turns = None
    worker.run_once()
    carried = [
        packed for packed in read_manifest(stick, take.station).takes if packed.take_id == take.take_id
    ]
    copies = sum(
        upload.complete for upload in server.of_takes() if upload.metadata["take_id"] == take.take_id
    )
    row = ours.row(take.take_id)
    assert (len(carried), copies) in ((1, 0), (0, 1)), turns.told
    assert row.delivered is (copies == 1), turns.told
    # Nothing of this take is left for the next race.
    put(ours, take.take_id, state=State.VERIFIED, paused=0, verify_level=2)
    return bool(carried)


Race = Callable[[Turns], bool]


@pytest.fixture
def raced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Race]:
    database = tmp_path / "data" / "station.db"
    with closing(TurnQueue.open(database)) as ours, closing(TurnQueue.open(database)) as theirs:
        assert isinstance(ours, TurnQueue)
        assert isinstance(theirs, TurnQueue)
        with TurnServer() as server:
            assert isinstance(server, TurnServer)
            yield lambda turns: race(turns, tmp_path, (ours, theirs), server, monkeypatch)


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize("first", [WORKER, EXPORT], ids=["worker", "export"])
def test_one_that_stands_still_anywhere_while_the_other_runs_has_no_take_twice_and_loses_none(
    raced: Race, first: int
) -> None:
    turns, carried = Turns(first=first), list[bool]()
    while not carried or turns.interrupted:
        turns = Turns(first=first, places=len(carried))
        carried.append(raced(turns))
    assert 0 < sum(carried) < len(carried), "both were seen"


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_five_hundred_orders_of_export_and_worker_have_no_take_twice_and_none_nowhere(raced: Race) -> None:
    carried = [raced(Turns(seed)) for seed in range(MANY)]
    assert 0 < sum(carried) < MANY, "both were seen"
