"""Where a take lies, as the queue writes it down: from the data folder, so that a copy knows its own takes.

1. A path in the table has no drive and no root, and slashes between its parts.
2. Earlier versions wrote whole paths. The data folder may have been copied or moved since: what counts of
   such a path is its end, takes/SESSION/FILE, in the data folder of this very database.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

TAKES = "takes"
PARTS = re.compile(r"[/\\]+")
WHOLE = re.compile(r"[/\\]|[A-Za-z]:")


def written(root: Path, path: Path) -> str:
    """A take's path as it is stored; a whole one where the take lies elsewhere (only tests have such)."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - links stay links
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)


def relative(root: Path, stored: str) -> str:
    """What an earlier version stored, as it is stored now."""
    if not WHOLE.match(stored):
        return stored
    if Path(stored).is_relative_to(root):
        return Path(stored).relative_to(root).as_posix()
    parts = PARTS.split(stored)
    return "/".join(parts[-3:]) if len(parts) > 3 and parts[-3] == TAKES else stored


def located(root: str, stored: str) -> str:
    """The inverse of written(), for both versions."""
    if WHOLE.match(stored):
        stored = _relative_again(root, stored)
    return os.path.join(root, stored.replace("/", os.sep))  # noqa: PTH118 - of ten thousand rows


@lru_cache(1024)
def _relative_again(root: str, stored: str) -> str:
    """A row is read at each of its steps."""
    return relative(Path(root), stored)


def is_below(root: Path, path: Path) -> bool:
    """Whether a path leads below the data folder, links and “..” followed."""
    return path.resolve().is_relative_to(root.resolve())
