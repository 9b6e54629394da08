"""Work that is done now and then while others come and go: nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

log = logging.getLogger(__name__)
EVERY_SECONDS = 5.0
"""Of 6,000 stations 500 speak meanwhile: a tenth of a second of work."""


class Upkeep:
    """`work` runs on a thread, never twice at once. For one event loop."""

    def __init__(self, work: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._work, self._clock = work, clock
        self._done_at = float("-inf")
        self._going: asyncio.Task[None] | None = None

    def nudge(self) -> None:
        """Something happened: begin, unless that was done a moment ago or is being done."""
        if self._going is None and self._clock() - self._done_at >= EVERY_SECONDS:
            self._going = asyncio.create_task(self._do())

    async def _do(self) -> None:
        try:
            await run_in_threadpool(self._work)
        except SQLAlchemyError as error:
            log.error("the list was not kept up: %s", type(error).__name__)
        finally:
            self._done_at, self._going = self._clock(), None
