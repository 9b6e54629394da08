"""What comes one by one and is done together: all that came while the last were done is the next batch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
MOST = 100
"""Of a batch: who comes first waits for as many at most."""


class Together(Generic[Asked, Answer]):
    """`work` runs on a thread, never twice at once. All else is for one event loop."""

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Answer]]) -> None:
        self._work = work
        self._waiting = list[tuple[Asked, asyncio.Future[Answer]]]()
        self._going: asyncio.Task[None] | None = None

    async def ask(self, one: Asked) -> Answer:
        """Raises what `work` raised for the batch."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, future))
        if self._going is None:
            self._going = asyncio.create_task(self._go_on())
        return await future

    async def _go_on(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._do(batch)
        finally:
            self._going = None

    async def _do(self, batch: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await run_in_threadpool(self._work, [one for one, _ in batch])
        except Exception as error:  # noqa: BLE001 - each of those who wait raises it
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            # Who has hung up meanwhile is not told.
            if not future.done():
                future.set_result(answer)
