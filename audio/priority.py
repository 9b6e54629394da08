"""The capture process goes before everything else on a busy computer.

Its work is a few per cent of one core, but it must be done within the driver's buffer. Windows lets every
user do so; on Linux it needs a right that few have, and without it the process runs as before.
"""

from __future__ import annotations

import logging
import os
import sys

log = logging.getLogger(__name__)
NICENESS = -11
"""What PulseAudio gives itself."""


def go_first() -> None:
    """Raise the priority of this process, threads to come included."""
    try:
        if sys.platform == "win32":
            import psutil

            psutil.Process().nice(psutil.HIGH_PRIORITY_CLASS)
        else:
            os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    except OSError as error:
        log.info("ordinary priority: %s", error)
