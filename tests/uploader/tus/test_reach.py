"""A name that nobody answers for is waited for as long as a connection is, and no longer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.uploader.conftest import Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import TusServer
from uploader.queue.queue import Queue
from uploader.tus.client import TusClient
from uploader.tus.reach import is_reached, look_up
from uploader.tus.transport import Timing, Transport

SILENT = "silent.example"
TIMING = Timing(stall=0.3, answer=5.0)


class Resolver:
    """In place of the system's."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.known: dict[str, list[str]] = {}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        if host == SILENT:
            assert self.answers.wait(60)
        addresses = self.known.get(host, ["127.0.0.1"])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    found = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", found)
    yield found
    found.answers.set()
    while left := [thread for thread in threading.enumerate() if thread.name.startswith("lookup ")]:
        left[0].join(5)


def took(step: Callable[[], object], error: type[Exception]) -> float:
    began = time.monotonic()
    with pytest.raises(error):
        step()
    return time.monotonic() - began


def lookups() -> int:
    return sum(thread.name.startswith("lookup ") for thread in threading.enumerate())


def test_a_request_is_over_although_nobody_answers_for_the_name(resolver: Resolver) -> None:
    transport = Transport(f"http://{SILENT}/", None, None, TIMING)
    for _ in range(3):
        assert took(lambda: transport.send("GET", f"http://{SILENT}/", {}), requests.ConnectTimeout) < 2.0
    transport.close()
    assert (lookups(), resolver.asked) == (1, [SILENT]), "one question is open, however often it is asked"


def test_the_answer_counts_for_whoever_still_waits(resolver: Resolver) -> None:
    threading.Timer(0.2, resolver.answers.set).start()
    assert look_up(SILENT, 80, 5.0) == ["127.0.0.1"]


def test_the_end_of_the_program_does_not_wait_for_a_name(resolver: Resolver) -> None:
    transport = Transport(f"http://{SILENT}/", None, None, Timing(stall=20.0))
    threading.Timer(0.3, transport.abort).start()
    assert took(lambda: transport.send("GET", f"http://{SILENT}/", {}), requests.ConnectTimeout) < 2.0
    transport.close()


def test_all_that_is_due_once_is_over_soon(
    resolver: Resolver, queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    for number in range(4):
        queue.add(new_take(tmp_path / "takes", number, 6_044))
    began = time.monotonic()
    uploader(f"http://{SILENT}/files/", timing=TIMING).run_once()
    assert time.monotonic() - began < 10.0
    assert {row.error_kind for row in queue.rows()} == {"network"}


def test_an_address_that_does_not_answer_is_passed_over(resolver: Resolver) -> None:
    with TusServer() as server:
        resolver.known["two.example"] = ["127.0.0.99", "127.0.0.1"]
        url = f"http://two.example:{server.port}/files/"
        transport = Transport(url, None, None, TIMING)
        assert TusClient(url, transport).options() is not None
        transport.close()


def test_the_self_test_is_over_although_nobody_answers_for_the_name(resolver: Resolver) -> None:
    assert took(lambda: is_reached(SILENT, 80, 0.3), TimeoutError) < 2.0


def test_the_end_of_the_program_breaks_a_line_through_a_proxy_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        transport = Transport("http://centre.example/", None, None, Timing(stall=5.0, answer=20.0))
        threading.Timer(0.5, transport.abort).start()
        send = lambda: transport.send("GET", "http://centre.example/", {})  # noqa: E731
        assert took(send, requests.ConnectionError) < 3.0
        transport.close()
