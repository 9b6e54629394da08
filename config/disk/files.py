"""Files that take their final name, or go: a file that is written whole or not at all ends with this.

Windows refuses both while an antivirus, an indexer or a backup holds the file for a moment.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

TRY_SECONDS = 2.0
PAUSE_SECONDS = 0.07


def replace(source: Path, target: Path) -> None:
    """Rename over `target`; a refusal is tried again for TRY_SECONDS. Raises OSError.

    The capture process calls this at the end of a take: its callback queues blocks without a limit
    meanwhile (2 s are 400 kB), and they are worked off in order, so that no sample waits in the driver.
    """
    _patiently(lambda: source.replace(target))


def remove(path: Path, *, missing_ok: bool = False) -> None:
    """Delete a file; a refusal is tried again for TRY_SECONDS. Raises OSError."""
    _patiently(lambda: path.unlink(missing_ok=missing_ok))


def _patiently(step: Callable[[], object]) -> None:
    until = monotonic() + TRY_SECONDS
    while True:
        try:
            step()
        except PermissionError:
            if monotonic() >= until:
                raise
        else:
            return
        sleep(PAUSE_SECONDS)
