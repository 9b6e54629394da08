"""The capture process goes before everything else on a busy computer.

Its work is a few per cent of one core, but it must be done within the driver's buffer. Windows lets every
user do so; on Linux it needs a right that few have, and without it the process runs as before.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from config.disk import is_there

log = logging.getLogger(__name__)
NICENESS = -11
"""What PulseAudio gives itself."""


AUTOGROUP = Path("/proc/self/autogroup")
"""Linux desktops share the processor out among sessions first, and the capture process has its own."""


def go_first() -> None:
    """Raise the priority of this process; to be called before it has threads, which inherit it."""
    try:
        if sys.platform == "win32":
            _before_others()
        else:
            os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
            if is_there(AUTOGROUP):
                AUTOGROUP.write_text(str(NICENESS), encoding="ascii")
    except OSError as error:
        log.info("ordinary priority: %s", error)


def _before_others() -> None:
    """Raises OSError."""
    # Only here: on Linux the capture process does without.
    import psutil

    if sys.platform == "win32":
        try:
            psutil.Process().nice(psutil.HIGH_PRIORITY_CLASS)
        except psutil.Error as error:
            raise PermissionError(str(error)) from error
