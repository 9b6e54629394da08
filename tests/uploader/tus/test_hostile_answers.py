"""Whatever a server answers, a request ends soon, needs little memory, and is a fault with a sentence."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.uploader.talker import saying
from uploader.ceilings import ANSWER_BYTES
from uploader.faults import UploadFault
from uploader.tus import transport
from uploader.tus.client import TusClient
from uploader.tus.transport import Timing, Transport

MB = 1_000_000
TUS = b"HTTP/1.1 200 OK\r\nTus-Resumable: 1.0.0\r\n"
Say = Callable[[socket.socket], None]


def endless_body(line: socket.socket) -> None:
    line.sendall(TUS + b"Upload-Offset: 1\r\n\r\n")
    while True:
        line.sendall(b"x" * 65536)


def endless_chunks(line: socket.socket) -> None:
    line.sendall(TUS + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        line.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def endless_headers(line: socket.socket) -> None:
    line.sendall(TUS)
    while True:
        line.sendall(b"X-A: " + b"x" * 60000 + b"\r\n")


def headers_letter_by_letter(line: socket.socket) -> None:
    line.sendall(TUS)
    while True:
        line.sendall(b"X")
        time.sleep(0.05)


def bomb(line: socket.socket) -> None:
    packed = gzip.compress(bytes(200 * MB))
    line.sendall(TUS + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)


def deep(line: socket.socket) -> None:
    body = b"[" * 60_000
    line.sendall(TUS + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def huge_number(line: socket.socket) -> None:
    line.sendall(TUS + b"Upload-Offset: " + b"9" * 5000 + b"\r\nContent-Length: 0\r\n\r\n")


def other_digits(line: socket.socket) -> None:
    line.sendall(TUS + b"Upload-Offset: \xb2\r\nUpload-Length: -1\r\nContent-Length: 0\r\n\r\n")


def nonsense(line: socket.socket) -> None:
    line.sendall(bytes(range(256)) * 10)


def huge_receipt(line: socket.socket) -> None:
    line.sendall(TUS + b"Content-Length: 900000000\r\n\r\n")
    with suppress(OSError):
        for _ in range(900):
            line.sendall(b"1" * MB)


SAY: list[Say] = [
    endless_body,
    endless_chunks,
    endless_headers,
    headers_letter_by_letter,
    bomb,
    deep,
    huge_number,
    other_digits,
    nonsense,
    huge_receipt,
]


@pytest.mark.sampled(25, fewest=2)
@pytest.mark.parametrize("say", SAY, ids=lambda say: say.__name__)
@pytest.mark.parametrize("method", ["create", "head", "copy", "fetch", "options"])
def test_no_answer_costs_much_time_or_memory(say: Say, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "HEADER_SECONDS", 0.5)
    with saying(say) as url:
        line = Transport(url, None, None, Timing(stall=1.0, answer=1.0))
        client = TusClient(url, line)
        asked: dict[str, Callable[[], object]] = {
            "create": lambda: client.create(1, {}),
            "head": lambda: client.head(url + "1"),
            "copy": lambda: client.copy(url + "1", 300_044, lambda _: None),
            "fetch": lambda: client.fetch(url + "1.json"),
            "options": client.options,
        }
        tracemalloc.start()
        began = time.monotonic()
        with suppress(UploadFault):
            found = asked[method]()
            assert found is None or method in ("copy", "head"), "no document, no address, no server"
        seconds = time.monotonic() - began
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        line.close()
    assert seconds < 8.0, "twice what a dead line takes"
    # The server of the test makes its bytes in the same process.
    assert peak < 30 * MB + (205 * MB if say is bomb else 0)
    assert ANSWER_BYTES < MB
