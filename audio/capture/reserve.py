"""A few kilobytes put aside, so that a full disk still takes the facts of what was sung."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

SIZE = 64 * 1024


class Reserve:
    """A file of SIZE bytes in `folder` while a take runs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".reserve"

    def hold(self) -> None:
        """Raises OSError when not even this fits."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("wb") as file:
            file.write(os.urandom(SIZE))

    def release(self) -> None:
        with suppress(OSError):
            self._path.unlink()
