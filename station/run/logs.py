"""The log of the station: a rotating file, never the terminal that the screens are drawn on.

What breaks unexpectedly is always written down somewhere: in the log of the data folder, or, for commands
without one, in the log folder that the system has for each user.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import threading
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

import platformdirs

from config.access import close_to_others
from config.base import DiskError, reason_of, say
from config.disk import is_there

log = logging.getLogger(__name__)
SIZE = 2_000_000
KEPT = 3
PROGRAM = "singing-test-station"
DETAIL = "STATION_LOG"
"""Environment variable; `debug` writes down every step of our own packages. Those of libraries could show
what is secret."""
SECRET = re.compile(r"token|secret|passw|api_?key|credential", re.IGNORECASE)
"""In the name of an environment variable whose value nobody may read in a log."""
SHORTEST = 6
"""Letters of such a value; a shorter one stands in too many words."""
HIDDEN = "***"
BEARER = re.compile(r"\b(Bearer|Basic)\s+[^\s\"']+", re.IGNORECASE)
LOGIN = re.compile(r"(https?://)[^/\s@]+@")
IN_ADDRESS = re.compile(r"(https?://[^\s?\"']+)\?[^\s\"']+")
OWN = ("audio", "config", "station", "uploader")


class BrokenError(Exception):
    """A fault of the program itself, already written to `file`; its cause is the fault."""

    def __init__(self, file: Path | None) -> None:
        super().__init__("the program broke")
        self.file = file


class Discreet(logging.Formatter):
    """Leaves out what may be secret, of tracebacks too: tokens, passwords, what follows a ? in an address."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        named = (value for name, value in os.environ.items() if SECRET.search(name))
        self._secrets = sorted({value.strip() for value in named if len(value.strip()) >= SHORTEST}, key=len)

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in reversed(self._secrets):
            text = text.replace(secret, HIDDEN)
        text = BEARER.sub(rf"\1 {HIDDEN}", text)
        return IN_ADDRESS.sub(rf"\1?{HIDDEN}", LOGIN.sub(rf"\1{HIDDEN}@", text))


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
    close_to_others()
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
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    close_logs()
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    detailed = os.environ.get(DETAIL, "").strip().lower() == "debug"
    for name in OWN:
        logging.getLogger(name).setLevel(logging.DEBUG if detailed else logging.NOTSET)
    logging.captureWarnings(True)
    faulthandler.enable(crashes)
    _open.append(crashes)
    # A full disk and a thread that breaks must not write over the screens.
    logging.raiseExceptions = False
    threading.excepthook = _log_broken


def log_file() -> Path | None:
    """Where records go now."""
    logs = (handler for handler in logging.getLogger().handlers if isinstance(handler, Log))
    return next((Path(handler.baseFilename) for handler in logs), None)


def write_down(error: Exception) -> Path | None:
    """Put an unexpected error into a log that stays readable; None where nothing can be written."""
    if isinstance(error, BrokenError) and error.file is not None and is_there(error.file):
        return error.file
    if log_file() is None:
        try:
            log_to(Path(platformdirs.user_log_dir(PROGRAM, appauthor=False)))
        except DiskError:
            return None
    log.critical("unexpected", exc_info=error)
    return log_file()


def _log_broken(broken: threading.ExceptHookArgs) -> None:
    name = broken.thread.name if broken.thread is not None else "?"
    log.critical("the thread %s broke", name, exc_info=broken.exc_value)
