"""fsync of a file that grows, beside its writing: a slow disk holds up no sample.

1. What is written is in the system's hands, and outlives a killed process; fsync is for a lost power supply.
   Samples that waited for it in memory would be lost with the process.
2. A handle of its own: Windows lets a file's handle do one thing at a time, so a flush would hold up
   every write through the same one (learn.microsoft.com, “Synchronous and Asynchronous I/O”).
"""

from __future__ import annotations

import threading
from os import fsync
from pathlib import Path


class Syncing:
    """Begin as often as you like; there is one fsync at a time. Nothing else may be left open: close it."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        # FlushFileBuffers wants a handle that may write.
        self._file = path.open("r+b", buffering=0)
        self._thread: threading.Thread | None = None
        self._error: OSError | None = None

    def begin(self) -> bool:
        """Start one; False while the one before still runs. Raises OSError where that one failed."""
        if self._thread is not None and self._thread.is_alive():
            return False
        self._finish()
        self._thread = threading.Thread(target=self._run, name="fsync")
        self._thread.start()
        return True

    def close(self) -> None:
        """Wait for the one that runs and give the handle back: Windows renames no file that is open."""
        try:
            self._finish()
        finally:
            self._file.close()

    def _finish(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self) -> None:
        try:
            fsync(self._file.fileno())
        except OSError as error:
            self._error = error
