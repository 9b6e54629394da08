"""How long a worker waits when there is nothing to do, and what of its steps a power cut may forget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.base import say
from config.base.errors import DiskError
from tests.uploader.conftest import Make
from tests.uploader.deliveries import MB, deliver, looks
from tests.uploader.rows import put
from tests.uploader.send.test_worker import entered, until
from tests.uploader.tusserver import TusServer
from uploader.queue.queue import Queue
from uploader.queue.row import Row
from uploader.queue.states import Event

NOWHERE = "http://127.0.0.1:9/files/"
WAKES = 5


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that workers wanted to wait; they wait for a moment only."""
    found: list[float] = []

    class Noted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            found.append(timeout or 0.0)
            return super().wait(0.01)

    parts = SimpleNamespace(Event=Noted, Thread=threading.Thread, Lock=threading.Lock)
    monkeypatch.setattr("uploader.send.worker.threading", parts)
    return found


def due_in(seconds: float) -> Callable[[Queue, str], None]:
    return lambda queue, take_id: put(queue, take_id, state="waiting", due_at=time.time() + seconds)


def paused(queue: Queue, take_id: str) -> None:
    queue.pause()


def paused_alone(queue: Queue, take_id: str) -> None:
    queue.pause(take_id)


@pytest.mark.parametrize(
    ("bring", "least", "most"),
    [(paused_alone, 5, 5), (due_in(3600), 5, 5), (due_in(4), 2, 4), (due_in(0.9), 1, 1), (paused, 1, 1)],
    ids=["nothing due", "in an hour", "in four seconds", "in less than one", "paused"],
)
def test_a_worker_looks_again_when_something_is_due_and_every_five_seconds(
    queue: Queue, uploader: Make, tmp_path: Path, waited: list[float], bring: Any, least: float, most: float
) -> None:
    [take] = entered(queue, tmp_path, 1)
    bring(queue, take.take_id)
    uploader(NOWHERE).start()
    assert until(lambda: bool(waited))
    assert least <= waited[0] <= most


def test_a_queue_that_can_not_be_used_is_looked_at_again_after_five_seconds_and_not_at_once(
    queue: Queue, uploader: Make, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[float] = []

    def full(self: Queue, claimed: object = ()) -> Row | None:
        tried.append(time.monotonic())
        raise DiskError(say("The disk is full."))

    monkeypatch.setattr(Queue, "due", full)
    uploader(NOWHERE).start()
    assert until(lambda: len(tried) > 2)
    assert waited[:2] == [5, 5], "and the worker lives on"


def test_a_disk_that_fails_in_the_middle_of_a_take_is_said_and_is_no_fault_of_the_take(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = Queue.change

    def full(self: Queue, take_id: str, event: Event, **more: Any) -> Row:
        if event is Event.CREATED:
            raise DiskError(say("The disk is full."))
        return change(self, take_id, event, **more)

    monkeypatch.setattr(Queue, "change", full)
    with TusServer(checks=False) as server, pytest.raises(DiskError, match="disk is full"):
        deliver(queue, uploader, server, tmp_path, 6_044)
    assert [row.failures for row in queue.rows()] == [0]


def test_workers_can_be_told_apart_and_hold_up_no_program_that_dies_without_stopping_them(
    queue: Queue, uploader: Make, waited: list[float]
) -> None:
    uploader(NOWHERE, workers=2).start()
    found = {thread.name: thread.daemon for thread in threading.enumerate()}
    assert {name: daemon for name, daemon in found.items() if name.startswith("uploader")} == {
        "uploader-0": True,
        "uploader-1": True,
    }


def test_a_worker_that_was_woken_looks_once_and_not_all_the_time(
    queue: Queue, uploader: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = looks(monkeypatch)
    worker = uploader(NOWHERE)
    worker.start()
    assert until(lambda: len(looked) == 1)
    for wakes in range(1, WAKES + 1):
        worker.wake()
        assert until(lambda: len(looked) > wakes), "at once"  # noqa: B023 - asked before it changes
    assert len(looked) == 1 + WAKES


def test_another_network_wakes_what_waits_once_and_not_at_every_look(
    queue: Queue, uploader: Make, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    here = ["192.168.1.7"]
    monkeypatch.setattr("uploader.send.worker.own_addresses", lambda: frozenset(here))
    monkeypatch.setattr(Queue, "wake", lambda self: woken.append(len(waited)))
    uploader(NOWHERE).start()
    assert until(lambda: len(waited) > 1)
    assert woken == []
    here[0] = "10.0.0.3"
    assert until(lambda: bool(woken))
    looked = len(waited)
    assert until(lambda: len(waited) > looked + 3)
    assert len(woken) == 1


FORGOTTEN = {Event.BEGUN, Event.CREATING, Event.SENT}
"""What the next start does again without harm."""


@pytest.fixture
def lasts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Event, bool]]:
    """What happened, and whether it waited for the disk."""
    found: list[tuple[Event, bool]] = []
    change = Queue.change

    def noted(self: Queue, take_id: str, event: Event, *, lasting: bool = True, **more: Any) -> Row:
        found.append((event, lasting))
        return change(self, take_id, event, lasting=lasting, **more)

    monkeypatch.setattr(Queue, "change", noted)
    return found


def test_that_a_trouble_is_over_does_not_wait_for_the_disk(
    queue: Queue, uploader: Make, tmp_path: Path, lasts: list[tuple[Event, bool]]
) -> None:
    [take] = entered(queue, tmp_path, 1, 6_044)
    put(queue, take.take_id, failures=1)
    with TusServer(downloads=False) as server:
        uploader(server.url).run_once()
    assert [lasting for event, lasting in lasts if event is Event.PROGRESS] == [False]


def test_a_power_cut_forgets_no_address_no_last_piece_and_no_proof(
    queue: Queue, uploader: Make, tmp_path: Path, lasts: list[tuple[Event, bool]]
) -> None:
    with TusServer(downloads=False) as server:
        assert deliver(queue, uploader, server, tmp_path, 3 * MB).delivered
    pieces = [lasting for event, lasting in lasts if event is Event.PIECE]
    assert len(pieces) > 1
    assert pieces == [False] * (len(pieces) - 1) + [True]
    rest = {event: lasting for event, lasting in lasts if event is not Event.PIECE}
    assert {event for event, lasting in rest.items() if not lasting} == FORGOTTEN
    assert {Event.CREATED, Event.PROVEN} <= rest.keys() - FORGOTTEN
