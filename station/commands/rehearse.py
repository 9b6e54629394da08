"""`station rehearse`: the afternoon with this computer's headset and invented pupils; nothing goes out."""

from __future__ import annotations

from pathlib import Path

import click

from config.disk import DataDir
from station.commands.options import config_option, settings_of
from station.run.lock import only_station
from station.words.i18n import tr


@click.command(
    help=tr(
        "A rehearsal with this computer's headset: invented pupils and sample songs, marked on every screen;"
        " nothing is delivered, and all of it is removed afterwards."
    )
)
@config_option
def rehearse(config_path: Path) -> int:
    from station.commands.run import need_terminal, show

    settings = settings_of(config_path)
    # The headset is one for all: no rehearsal beside the real thing.
    with only_station(DataDir(settings.data.dir)):
        need_terminal()
        from station.run.rehearsal import rehearsal

        with rehearsal(settings) as station:
            return show(station)
