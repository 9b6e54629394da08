"""A limit on time costs one thread for a whole afternoon, and strikes only what is late."""

from __future__ import annotations

import threading
import time

import pytest

from tests.uploader.tusserver import TusServer
from uploader.tus.client import TusClient
from uploader.tus.transport import Timing, Transport
from uploader.tus.watchdog import Watchdog

SHORT = 0.05


class Bitten:
    def __init__(self) -> None:
        self.times: list[float] = []

    def __call__(self) -> None:
        self.times.append(time.monotonic())


def test_what_is_late_is_struck_once() -> None:
    bitten = Bitten()
    dog = Watchdog(bitten)
    began = time.monotonic()
    dog.begin(SHORT)
    time.sleep(10 * SHORT)
    dog.end()
    dog.close()
    assert [time_ - began >= SHORT for time_ in bitten.times] == [True]


def test_what_ends_in_time_is_never_struck() -> None:
    bitten = Bitten()
    dog = Watchdog(bitten)
    for _ in range(100):
        dog.begin(SHORT)
        dog.end()
    time.sleep(2 * SHORT)
    dog.begin(10.0)
    time.sleep(2 * SHORT)
    dog.close()
    assert bitten.times == []


@pytest.mark.parametrize("before", [10.0, SHORT], ids=["longer", "over"])
def test_a_shorter_limit_after_another_one_is_kept(before: float) -> None:
    bitten = Bitten()
    dog = Watchdog(bitten)
    dog.begin(before)
    dog.end()
    time.sleep(2 * SHORT)
    dog.begin(SHORT)
    time.sleep(6 * SHORT)
    dog.close()
    assert len(bitten.times) == 1


def test_a_hundred_requests_need_one_thread_and_leave_none(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    start = threading.Thread.start

    def counted(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    with TusServer() as server:
        before = threading.active_count()
        transport = Transport(server.url, None, None, Timing())
        client = TusClient(server.url, transport)
        monkeypatch.setattr(threading.Thread, "start", counted)
        for _ in range(100):
            client.options()
        client.hang_up()
        client.options()
        transport.close()
        while threading.active_count() > before:
            time.sleep(0.01)
    assert started.count("watchdog") == 1
    # The server has one for each line.
    assert len(started) <= 3
