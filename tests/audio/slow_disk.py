"""The capture process on a disk whose fsync of a take needs two seconds: for tests only."""

from __future__ import annotations

import os
import time

from audio.__main__ import main
from audio.file.takefile import TakeFile

SECONDS = 2.0


def slow_sync(self: TakeFile) -> None:
    time.sleep(SECONDS)
    os.fsync(self._file.fileno())


if __name__ == "__main__":
    TakeFile.sync = slow_sync  # type: ignore[method-assign]
    code = main()
    os._exit(code)
