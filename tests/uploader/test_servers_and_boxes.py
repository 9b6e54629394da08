"""Every real server behind a box whose fault comes and goes: arrived once, without a hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.uploader.box import Box
from tests.uploader.conftest import Make
from tests.uploader.faulty import FAULTS
from tests.uploader.kinds import MATRIX, kind, matrix_kind
from tests.uploader.realservers import Running
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from tests.uploader.walk import Cell, note, walked
from uploader.queue.queue import Queue
from uploader.queue.states import State

SIZE = 1_300_044
"""Two pieces."""
BROKEN, HEALED = 2, 26
"""Sessions while the fault is there, and at most afterwards: a spoilt way back uses up a day's copies."""
SHORT = ("a page for PATCH (405)", "a shorter copy", "a finished upload not shown once (410)")
"""Of the faults, those that the quick suite takes, with one server."""


@pytest.fixture(scope="module", params=MATRIX)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    place = tmp_path_factory.mktemp(request.param) / "store"
    with matrix_kind(request.param, request.config.cache) as found, Running(found, place) as running:
        yield running


def settled(queue: Queue, take_id: str) -> bool:
    row = queue.row(take_id)
    return row.delivered or row.state is State.SENT or (row.state is State.UNCONFIRMED)


def session(queue: Queue, uploader: Make, url: str, take_id: str) -> None:
    """The next one, an hour later; it must come by itself."""
    row = queue.row(take_id)
    assert settled(queue, take_id) or row.due_at is not None or row.state is State.QUEUED, row.state
    put(queue, take_id, due_at=0)
    with queue._write() as db:
        db.execute("UPDATE events SET at = at - 3601")
    uploader(url).run_once()


def arrives(server: Running, fault: str, queue: Queue, uploader: Make, folder: Path) -> Cell:
    take = new_take(folder, size=SIZE)
    queue.add(take)
    with Box(server.port) as box:
        FAULTS[fault](box)
        for _ in range(BROKEN):
            session(queue, uploader, box.url, take.take_id)
        box.heal()
        for _ in range(HEALED):
            if queue.row(take.take_id).delivered:
                break
            session(queue, uploader, box.url, take.take_id)
        row = queue.row(take.take_id)
    found = [one.data for one in server.stored() if one.finished and one.take_id == take.take_id]
    assert found == [take.path.read_bytes()], f"{row.state} {row.error_kind}"
    if server.kind.level == "L0":
        assert settled(queue, take.take_id), row.state
    else:
        assert row.delivered, f"{row.state} {row.error_kind}"
    assert row.verify_level is not None
    return Cell(server.kind.name, fault, row.verify_level.name)


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_comes_and_goes_costs_time_and_nothing_else(
    server: Running, queue: Queue, uploader: Make, tmp_path: Path, fault: str
) -> None:
    note(Cell(server.kind.name, fault, ""))
    seen = arrives(server, fault, queue, uploader, tmp_path)
    if not note(seen):
        assert seen in walked(), "docs/delivery.md says so: `python -m tests.uploader.walk` writes it anew"


def test_the_page_has_every_server_before_every_fault_each_arrived_once() -> None:
    seen = {(cell.server, cell.fault) for cell in walked() if cell.level}
    servers = {server for server, _ in seen}
    assert len(servers) >= 9
    assert {"tusd", "tusd on S3", "@tus/server", "@tus/server on S3", "rustus"} < servers
    assert seen == set(product(servers, FAULTS))
    assert len(FAULTS) >= 25


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize("fault", SHORT)
def test_some_faults_before_one_server(
    queue: Queue, uploader: Make, tmp_path: Path, request: pytest.FixtureRequest, fault: str
) -> None:
    found = kind("resumable", request.config.cache)
    with Running(found, tmp_path / "store") as server:
        arrives(server, fault, queue, uploader, tmp_path / "takes")
