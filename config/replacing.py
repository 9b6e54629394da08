"""The last step of a file that is written whole or not at all: it takes the place of its final name.

Windows refuses it while an antivirus, an indexer or a backup holds one of the two for a moment.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

TRY_SECONDS = 2.0
PAUSE_SECONDS = 0.07


def replace(source: Path, target: Path) -> None:
    """Rename over `target`; a refusal is tried again for TRY_SECONDS. Raises OSError.

    The capture process calls this at the end of a take: its callback queues blocks without a limit
    meanwhile (2 s are 400 kB), and they are worked off in order, so that no sample waits in the driver.
    """
    until = monotonic() + TRY_SECONDS
    while True:
        try:
            source.replace(target)
        except PermissionError:
            if monotonic() >= until:
                raise
        else:
            return
        sleep(PAUSE_SECONDS)
