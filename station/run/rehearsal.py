"""A rehearsal from its begin to its end: a station in a folder that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config import Settings
from station.run.logs import close_logs, log_to
from station.run.options import Options
from station.run.rehearsing import Emptier, rehearsal_of
from station.run.station import Station


@contextmanager
def rehearsal(settings: Settings) -> Iterator[Station]:
    """Invented pupils and sample songs with the headset of `settings`, until the block ends; the log, too.

    Raises DiskError. Call only_station() before: the headset is one for all.
    """
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="station-rehearsal-", ignore_cleanup_errors=True)
        home = Path(stack.enter_context(folder))
        stack.callback(close_logs)
        log_to(home / "data" / "logs")
        station = Station(rehearsal_of(settings, home), Options(rehearsal=True, deliver=False))
        station.observe(Emptier(station.data.session(station.session_id)).see)
        yield station
