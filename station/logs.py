"""The log of the station: a rotating file, never the terminal that the screens are drawn on."""

from __future__ import annotations

import faulthandler
import logging
import threading
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from config.errors import DiskError
from config.message import say
from config.systemerror import reason_of

log = logging.getLogger(__name__)
SIZE = 2_000_000
KEPT = 3


class Log(RotatingFileHandler):
    """Goes on in the same file where Windows does not let it be renamed: somebody reads it."""

    def doRollover(self) -> None:  # noqa: N802 - a name of logging
        # The attempt has closed it; the next record opens it again.
        with suppress(OSError):
            super().doRollover()


_open: list[TextIO] = []
"""The file of crashes, as long as log_to() sends them there."""


def close_logs() -> None:
    """Let go of the files, so that their folder can be removed: Windows keeps what is open."""
    if _open:
        faulthandler.disable()
    while _open:
        _open.pop().close()
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, Log)]:
        root.removeHandler(handler)
        handler.close()


def log_to(folder: Path) -> None:
    """Send all records of this process to `folder`/station.log, crashes to crash.log. Raises DiskError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = Log(
            folder / "station.log",
            maxBytes=SIZE,
            backupCount=KEPT,
            encoding="utf-8",
            errors="backslashreplace",
        )
        # Stays open as long as the process: faulthandler writes to its descriptor.
        crashes = (folder / "crash.log").open("a", encoding="utf-8")
    except OSError as error:
        raise DiskError(
            say("The folder of the logs can't be written: {detail}", detail=reason_of(error)),
            say("Choose another folder under [data] dir in station.toml, or free some space."),
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    close_logs()
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    faulthandler.enable(crashes)
    _open.append(crashes)
    # A full disk and a thread that breaks must not write over the screens.
    logging.raiseExceptions = False
    threading.excepthook = _log_broken


def _log_broken(broken: threading.ExceptHookArgs) -> None:
    name = broken.thread.name if broken.thread is not None else "?"
    log.critical("the thread %s broke", name, exc_info=broken.exc_value)
