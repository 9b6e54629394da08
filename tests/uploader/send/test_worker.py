"""The uploader's threads: turns, pauses, recordings, trouble that is everybody's, and a quick end."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.proxy import Line, Proxy
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.flow.connectivity import own_addresses
from uploader.queue.queue import Queue
from uploader.queue.states import State
from uploader.queue.take import FinishedTake

MB = 1_000_000


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.01)
    return true()


def entered(queue: Queue, folder: Path, count: int, size: int = 50_044) -> list[FinishedTake]:
    takes = [new_take(folder, number, size) for number in range(1, count + 1)]
    for take in takes:
        queue.add(take)
    return takes


def all_delivered(queue: Queue) -> bool:
    return all(row.delivered for row in queue.rows())


def of(take: FinishedTake, request: Request, server: TusServer) -> bool:
    upload = server.uploads.get(request.path)
    return upload is not None and upload.metadata.get("take_id") == take.take_id


def test_a_take_added_while_it_runs_is_delivered(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        worker = uploader(server.url)
        worker.start()
        take = new_take(tmp_path)
        queue.add(take)
        worker.wake()
        assert until(lambda: queue.row(take.take_id).delivered)
        assert worker.finish_at() is None, "nothing is left"


def test_one_bad_take_never_blocks_the_others(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    takes = entered(queue, tmp_path, 4)
    takes[0].path.write_bytes(b"x")
    with TusServer() as server:

        def rule(request: Request) -> Answer | None:
            bad = request.method == "PATCH" and of(takes[1], request, server)
            return Answer(500) if bad else None

        server.rule = rule
        uploader(server.url).run_once()
    states = [row.state for row in queue.rows()]
    assert states == [State.BLOCKED, State.WAITING, State.VERIFIED, State.VERIFIED]


def test_a_take_that_meets_a_dead_line_each_time_is_not_in_everybodys_way(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    takes = entered(queue, tmp_path, 5)
    with TusServer() as server:

        def rule(request: Request) -> Answer | None:
            bad = request.method == "PATCH" and of(takes[0], request, server)
            return Answer(502, tus=False) if bad else None

        server.rule = rule
        worker = uploader(server.url)
        worker.start()
        assert until(lambda: queue.counts() == {State.WAITING: 1, State.VERIFIED: 4})
        assert queue.row(takes[0].take_id).attempts == 1


def test_a_refused_token_is_tried_with_two_takes_and_then_all_wait(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    entered(queue, tmp_path, 10)
    with TusServer(lambda request: Answer(401) if request.method == "POST" else None, checks=False) as server:
        uploader(server.url).run_once()
        assert len(server.asked("POST")) == 2
        rows = queue.rows()
        assert {row.state for row in rows} == {State.BLOCKED}
        assert len({str(row.error) for row in rows}) == 1
        assert all(row.due_at is not None for row in rows)
        server.rule = None
        uploader(server.url).run_once()
        assert all_delivered(queue)


def test_the_first_success_wakes_all_that_waited(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    takes = entered(queue, tmp_path, 4)
    down = [True]

    def rule(request: Request) -> Answer | None:
        return Answer(502, tus=False) if down else None

    with TusServer(rule) as server:
        worker = uploader(server.url)
        worker.start()
        assert until(lambda: queue.counts() == {State.WAITING: 4})
        down.clear()
        queue.retry(takes[2].take_id)
        worker.wake()
        assert until(lambda: all_delivered(queue))


def test_another_network_wakes_all_that_waited(
    queue: Queue, uploader: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(queue, tmp_path, 2)
    addresses = frozenset({"192.168.1.7"})
    monkeypatch.setattr("uploader.send.worker.own_addresses", lambda: addresses)
    monkeypatch.setattr("uploader.send.worker.IDLE_SECONDS", 0.05)
    down = [True]
    with TusServer(lambda _: Answer(502, tus=False) if down else None) as server:
        worker = uploader(server.url)
        worker.start()
        assert until(lambda: queue.counts() == {State.WAITING: 2})
        down.clear()
        addresses = frozenset()
        time.sleep(0.2)
        assert queue.counts() == {State.WAITING: 2}, "no network is no reason"
        addresses = frozenset({"10.0.0.3"})
        assert until(lambda: all_delivered(queue))


def test_own_addresses_are_addresses() -> None:
    for address in own_addresses():
        ipaddress.ip_address(address)


def test_a_pupil_being_recorded_stops_the_line_at_once(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = entered(queue, tmp_path, 1, 2 * MB)[0]
    with TusServer(downloads=False) as server, Proxy(server.port, Line(rate=1 * MB)) as proxy:
        worker = uploader(f"http://127.0.0.1:{proxy.port}/files/")
        worker.start()
        assert until(lambda: proxy.line.carried > 200_000)
        worker.hold()
        time.sleep(0.3)
        before = proxy.line.carried
        time.sleep(0.3)
        assert proxy.line.carried == before
        assert before < 0.7 * MB
        assert queue.row(take.take_id).state is State.QUEUED
        proxy.line.rate = None
        worker.release()
        assert until(lambda: all_delivered(queue))
        assert server.stored() == [take.path.read_bytes()]


def test_full_speed_while_recording_where_that_is_wished(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    entered(queue, tmp_path, 1)
    with TusServer() as server:
        worker = uploader(server.url, while_recording="full")
        worker.hold()
        worker.start()
        assert until(lambda: all_delivered(queue))


def test_throttled_while_recording_where_that_is_wished(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    entered(queue, tmp_path, 1, 2 * MB)
    with TusServer(downloads=False) as server, Proxy(server.port) as proxy:
        worker = uploader(f"http://127.0.0.1:{proxy.port}/files/", while_recording="throttle")
        worker.hold()
        worker.start()
        assert until(lambda: proxy.line.carried > 10_000)
        time.sleep(0.5)
        assert 10_000 < proxy.line.carried < 80_000
        worker.release()
        assert until(lambda: all_delivered(queue))


def test_the_limit_is_kept(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    entered(queue, tmp_path, 1, 500_044)
    with TusServer(downloads=False) as server:
        began = time.monotonic()
        uploader(server.url, limit="500k").run_once()
        assert 0.8 < time.monotonic() - began < 2.0
    assert all_delivered(queue)


def test_an_operators_pause_stops_and_resume_goes_on(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    first, second = entered(queue, tmp_path, 2, 3 * MB)
    with TusServer(downloads=False) as server, Proxy(server.port, Line(rate=1 * MB)) as proxy:
        worker = uploader(f"http://127.0.0.1:{proxy.port}/files/")
        worker.start()
        assert until(lambda: proxy.line.carried > 100_000)
        queue.pause(first.take_id)
        time.sleep(1.2)
        assert queue.row(first.take_id).state is State.PAUSED
        proxy.line.rate = None
        assert until(lambda: queue.row(second.take_id).delivered)
        assert not queue.row(first.take_id).delivered
        queue.resume(first.take_id)
        worker.wake()
        assert until(lambda: all_delivered(queue))
        assert len(server.stored()) == 2


def test_stopping_is_quick_even_in_a_black_hole(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = entered(queue, tmp_path, 1, 3 * MB)[0]
    with TusServer() as server, Proxy(server.port) as proxy:
        proxy.line.rate = 3 * MB
        worker = uploader(f"http://127.0.0.1:{proxy.port}/files/")
        worker.start()
        assert until(lambda: proxy.line.carried > 500_000)
        proxy.line.black_hole = True
        time.sleep(0.1)
        began = time.monotonic()
        worker.stop(5)
        assert time.monotonic() - began < 1.0
        assert not any(thread.name.startswith("uploader-") for thread in threading.enumerate())
    assert queue.row(take.take_id).state is State.QUEUED


def test_two_workers_share_the_queue(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    takes = entered(queue, tmp_path, 6)
    with TusServer() as server:
        worker = uploader(server.url, workers=2)
        worker.start()
        assert until(lambda: all_delivered(queue))
        assert sorted(server.stored()) == sorted(take.path.read_bytes() for take in takes)


def test_the_expected_end_is_told_while_it_runs(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    entered(queue, tmp_path, 2, 3 * MB)
    with TusServer(downloads=False) as server, Proxy(server.port, Line(rate=2 * MB)) as proxy:
        worker = uploader(f"http://127.0.0.1:{proxy.port}/files/")
        assert worker.finish_at() is None
        worker.start()
        assert until(lambda: worker.finish_at() is not None)
        found = worker.finish_at()
        assert found is not None
        # Three seconds at the line's rate; a busy computer is slower.
        assert 0.2 < found.timestamp() - time.time() < 60


def test_the_observer_hears_of_changes(queue: Queue, tmp_path: Path, uploader: Make) -> None:
    entered(queue, tmp_path, 1)
    heard = []
    with TusServer() as server:
        worker = uploader(server.url)
        worker._on_change = lambda *_: heard.append(queue.rows()[0].state)
        worker.run_once()
    assert heard[-1] is State.VERIFIED
    assert State.UPLOADING in heard
