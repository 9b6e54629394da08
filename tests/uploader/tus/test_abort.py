"""The end of the program breaks a line on which nothing comes: no thread waits for an answer."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from uploader.tus.body import Body
from uploader.tus.transport import Timing, Transport, break_line

PATIENCE = Timing(stall=30, answer=30)


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a server that takes every request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def of(body: bytes | None) -> Body | None:
    return None if body is None else Body(io.BytesIO(body), 0, len(body), lambda _: None)


@pytest.mark.parametrize("body", [None, bytes(20_000_000)], ids=["waiting", "sending"])
def test_a_thread_on_a_dead_line_ends_at_once(deaf: str, body: bytes | None) -> None:
    transport = Transport(deaf, None, None, PATIENCE)
    ended: list[type[Exception]] = []

    def ask() -> None:
        try:
            transport.send("PATCH", deaf, {}, of(body))
        except requests.RequestException as error:
            ended.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not transport._live:
        time.sleep(0.05)
    time.sleep(0.5)
    began = time.monotonic()
    transport.abort()
    thread.join(20)
    assert time.monotonic() - began < 2.0
    assert len(ended) == 1
    transport.abort()
    transport.close()


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_line_is_broken_once_and_its_number_is_nobodys(platform: str) -> None:
    """Windows may give the number of a closed socket to the next one: nothing is done with it any more."""
    ours, theirs = socket.socketpair()
    with theirs, ours:
        break_line(ours, platform)
        assert (ours.fileno() == -1) == (platform == "win32")
        with pytest.raises(OSError, match=r"."):
            ours.send(b"x")
        break_line(ours, platform)
