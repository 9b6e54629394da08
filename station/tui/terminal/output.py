"""What is written to a terminal, until its window is gone: never an error, never an endless wait."""

from __future__ import annotations

import logging
import os
import select
from collections.abc import Callable

from station.tui.terminal.encoding import REPLACED

log = logging.getLogger(__name__)
WAIT_SECONDS = 0.1


class Output:
    """What Textual's writer thread writes to: never raises, and calls `gone` once when the window is."""

    def __init__(self, descriptor: int, encoding: str, gone: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._gone: Callable[[], None] | None = gone
        self._pending = bytearray()

    def fileno(self) -> int:
        return self._descriptor

    def write(self, text: str) -> int:
        self._pending += text.encode(self._encoding, REPLACED)
        return len(text)

    def flush(self) -> None:
        data, self._pending = memoryview(bytes(self._pending)), bytearray()
        while data and self._gone is not None:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                # Another program has made the terminal so, and it is the same for all.
                select.select([], [self._descriptor], [], WAIT_SECONDS)
            except OSError as error:
                log.warning("the window is gone: %s", error)
                gone, self._gone = self._gone, None
                gone()
