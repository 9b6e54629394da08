"""Statuses to a board in rounds, and which of them other programs of the computer disturbed least."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from tests.bench.centre.country import POSTS, STATIONS
from tests.bench.centre.knocking import Knocks, knock
from tests.bench.telling import tell
from tests.uploader.realservers import free_port

RATE = STATIONS / 60
ROUNDS = 3
CONTROL_SECONDS = 3.0
NOTHING = """
import asyncio, sys
async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 201 Created\\r\\nContent-Length: 0\\r\\n\\r\\n")
    writer.close()
async def main():
    await (await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1]))).serve_forever()
asyncio.run(main())
"""


@dataclass(frozen=True)
class Round:
    board: Knocks
    nothing: float
    """p99 seconds of a server on the same core that does nothing but answer, before or after: the worse."""
    core: float
    """Part of one core that the board used."""


@contextmanager
def doing_nothing() -> Iterator[int]:
    """The port of such a server."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", NOTHING, str(port)])
    try:
        if (psutil.cpu_count() or 1) > 1:
            psutil.Process(process.pid).cpu_affinity([0])
        deadline = time.monotonic() + 60
        while knock(port, [b"GET / HTTP/1.1\r\n\r\n"], 1.0).codes != {201: 1}:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def quietest(name: str, port: int, nothing: int, process: psutil.Process, seconds: float, seq: int) -> Round:
    """That of ROUNDS in which the server that does nothing was answered soonest; `codes` are of all."""
    found, before = list[Round](), _control(nothing)
    for number in range(ROUNDS):
        first = seq + 100 * number
        count, used, began = int(RATE * seconds), busy(process), time.perf_counter()
        board = knock(port, (POSTS[n % STATIONS].request(first + n // STATIONS) for n in range(count)), RATE)
        core = (busy(process) - used) / (time.perf_counter() - began)
        after = _control(nothing)
        found.append(Round(board, max(before, after), core))
        before = after
        tell(
            f"{name}: p99 {board.quantile(0.99) * 1000:.0f} ms, of a server that does nothing"
            f" {found[-1].nothing * 1000:.0f} ms, {dict(board.codes)}"
        )
    best = min(found, key=lambda one: one.nothing)
    best.board.codes = sum((one.board.codes for one in found), Counter[int]())
    return best


def _control(port: int) -> float:
    count = int(RATE * CONTROL_SECONDS)
    return knock(port, (POSTS[n % STATIONS].request(2) for n in range(count)), RATE).quantile(0.99)


def busy(process: psutil.Process) -> float:
    """Seconds of a core that it has used."""
    times = process.cpu_times()
    return times.user + times.system
