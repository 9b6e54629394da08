"""The capture process on a disk where an antivirus holds every new file for a while: for tests only."""

from __future__ import annotations

import os
import time
from pathlib import Path

from audio.__main__ import main

SECONDS = 1.0
plain = Path.replace
freed_at: dict[str, float] = {}


def held(self: Path, target: str | os.PathLike[str]) -> Path:
    now = time.monotonic()
    if now < freed_at.setdefault(str(self), now + SECONDS):
        raise PermissionError(13, "Access is denied", str(self))
    del freed_at[str(self)]
    return plain(self, target)


if __name__ == "__main__":
    Path.replace = held  # type: ignore[assignment, method-assign]
    code = main()
    os._exit(code)
