"""The log of the station: a rotating file, never the terminal that the screens are drawn on."""

from __future__ import annotations

import faulthandler
import logging
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path

from config.errors import DiskError
from config.message import say
from config.systemerror import reason_of

log = logging.getLogger(__name__)
SIZE = 2_000_000
KEPT = 3


def log_to(folder: Path) -> None:
    """Send all records of this process to `folder`/station.log, crashes to crash.log. Raises DiskError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "station.log", maxBytes=SIZE, backupCount=KEPT, encoding="utf-8"
        )
        # Stays open as long as the process: faulthandler writes to its descriptor.
        crashes = (folder / "crash.log").open("a", encoding="utf-8")
    except OSError as error:
        raise DiskError(
            say("The folder of the logs can't be written: {detail}", detail=reason_of(error)),
            say("Choose another folder under [data] dir in station.toml, or free some space."),
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    faulthandler.enable(crashes)
    # A full disk and a thread that breaks must not write over the screens.
    logging.raiseExceptions = False
    threading.excepthook = _log_broken


def _log_broken(broken: threading.ExceptHookArgs) -> None:
    name = broken.thread.name if broken.thread is not None else "?"
    log.critical("the thread %s broke", name, exc_info=broken.exc_value)
