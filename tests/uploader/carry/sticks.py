"""A stick that somebody has written to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from uploader.carry.packfile import MANIFEST


@contextmanager
def changed_list(folder: Path) -> Iterator[dict[str, Any]]:
    """What is changed in it is written."""
    path = folder / MANIFEST
    body = json.loads(path.read_text(encoding="utf-8"))
    yield body
    path.write_text(json.dumps(body), encoding="utf-8")
