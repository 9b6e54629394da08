"""`<take>.receipt.json` beside the take: the proof for whoever has only the folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.base import DiskError, reason_of, say
from config.disk import remove, write_whole

log = logging.getLogger(__name__)


def receipt_path(take: Path) -> Path:
    return take.with_suffix(".receipt.json")


def receipt_text(receipt: Mapping[str, Any]) -> str:
    return json.dumps(receipt, ensure_ascii=False, indent=1)


def parsed(text: str | bytes) -> Any:
    """A receipt from outside. Raises ValueError, also for what could not be written again, RecursionError."""
    found = json.loads(text)
    receipt_text({"": found}).encode("utf-8")
    return found


def write_receipt(take: Path, receipt: Mapping[str, Any]) -> None:
    """Whole or not at all. A failure is logged only: the database has the receipt already."""
    path = receipt_path(take)
    try:
        write_whole(path, receipt_text(receipt).encode("utf-8"), lasting=False)
    except OSError as error:
        log.warning("no receipt beside %s: %s", take.name, error)


def remove_receipt(take: Path) -> None:
    """Raises DiskError: what is disproven must not stand beside the take."""
    path = receipt_path(take)
    try:
        remove(path, missing_ok=True)
    except OSError as error:
        raise DiskError(
            say("{file} can't be removed: {detail}", file=path.name, detail=reason_of(error)),
            say("Close programs that have it open, then ask the server once more."),
        ) from error
