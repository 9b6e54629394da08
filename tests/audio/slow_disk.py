"""The capture process on a disk whose fsync of a running take needs two seconds: for tests only."""

from __future__ import annotations

import os
import time

from audio.__main__ import main
from audio.file import syncing

SECONDS = 2.0


def slow(handle: int) -> None:
    time.sleep(SECONDS)
    os.fsync(handle)


if __name__ == "__main__":
    setattr(syncing, "fsync", slow)  # noqa: B010 - the module does not export it
    code = main()
    os._exit(code)
