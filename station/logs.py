"""The log of the station: a rotating file, never the terminal that the screens are drawn on."""

from __future__ import annotations

import faulthandler
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

SIZE = 2_000_000
KEPT = 3


def log_to(folder: Path) -> None:
    """Send all records of this process to `folder`/station.log, crashes to crash.log."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "station.log", maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    # Stays open as long as the process: faulthandler writes to its descriptor.
    faulthandler.enable((folder / "crash.log").open("a", encoding="utf-8"))
