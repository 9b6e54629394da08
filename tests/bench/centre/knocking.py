"""Requests at fixed times, each over a line of its own, and how long their answers took."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

PATIENCE = 30.0


@dataclass
class Knocks:
    """Seconds from the time at which each was due to the end of its answer."""

    seconds: list[float] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)
    """Of the answers; 0 where there was none."""

    def quantile(self, part: float) -> float:
        """Nearest rank, `part` of 1."""
        ordered = sorted(self.seconds)
        return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


async def _ask(port: int, request: bytes) -> int:
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request)
                answer = await reader.read()
            finally:
                writer.close()
        return int(answer.split(b" ", 2)[1])
    except (OSError, TimeoutError, ValueError, IndexError):
        return 0


async def _at_times(port: int, requests: Iterable[bytes], rate: float) -> Knocks:
    found, asked = Knocks(), set[asyncio.Task[None]]()
    began = time.perf_counter()

    async def one(request: bytes, due: float) -> None:
        found.codes[await _ask(port, request)] += 1
        found.seconds.append(time.perf_counter() - due)

    for number, request in enumerate(requests):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(one(request, due))
        asked.add(task)
        task.add_done_callback(asked.discard)
    await asyncio.gather(*asked)
    return found


async def _as_fast(port: int, requests: Sequence[bytes], lines: int) -> Knocks:
    found, left = Knocks(), iter(requests)

    async def line() -> None:
        for request in left:
            began = time.perf_counter()
            found.codes[await _ask(port, request)] += 1
            found.seconds.append(time.perf_counter() - began)

    await asyncio.gather(*(line() for _ in range(lines)))
    return found


def knock(port: int, requests: Iterable[bytes], rate: float) -> Knocks:
    """So many a second, whether the answers come or not."""
    return asyncio.run(_at_times(port, requests, rate))


def rush(port: int, requests: Sequence[bytes], lines: int = 8) -> tuple[Knocks, float]:
    """One after the other on so many lines; and how many a second."""
    began = time.perf_counter()
    found = asyncio.run(_as_fast(port, requests, lines))
    return found, len(requests) / (time.perf_counter() - began)
