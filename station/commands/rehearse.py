"""`station rehearse`: the afternoon with this computer's headset and sample pupils; nothing is delivered."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from config.disk import DataDir
from station.commands.options import config_option, settings_of
from station.run.lock import only_station
from station.run.logs import close_logs, log_to
from station.words.i18n import tr


@click.command(
    help=tr(
        "A rehearsal with this computer's headset: sample pupils and songs, marked on every screen; nothing"
        " is delivered, and all of it is removed afterwards."
    )
)
@config_option
def rehearse(config_path: Path) -> int:
    from station.commands.run import need_terminal, show

    settings = settings_of(config_path)
    with ExitStack() as stack:
        # The headset is one for all: no rehearsal beside the real thing.
        stack.enter_context(only_station(DataDir(settings.data.dir)))
        need_terminal()
        folder = tempfile.TemporaryDirectory(prefix="station-rehearsal-", ignore_cleanup_errors=True)
        home = Path(stack.enter_context(folder))
        from station.run.rehearsing import rehearsal_of
        from station.run.station import Options, Station

        stack.callback(close_logs)
        log_to(home / "data" / "logs")
        return show(Station(rehearsal_of(settings, home), Options(rehearsal=True, deliver=False)))
