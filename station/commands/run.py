"""`station run`: the terminal screens. The only command that imports textual, and only when called."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.base import ConfigError, is_console, is_keyboard, say
from config.disk import DataDir
from station.commands.options import config_option, settings_of, tell_readable
from station.exitcodes import Exit
from station.run.lock import only_station
from station.run.logs import BrokenError, log_file, log_to
from station.stopping import told
from station.words.i18n import tr

if TYPE_CHECKING:
    from config import Settings
    from config.kit import Kit
    from station.run.rehearsing import Wish
    from station.run.station import Station
    from station.tui.app import StationApp


@click.command(help=tr("Open the screens (the same as “station” alone)."))
@config_option
def run(config_path: Path) -> int:
    settings = settings_of(config_path)
    data = DataDir(settings.data.dir)
    with only_station(data, settings.session.roster):
        need_terminal()
        tell_readable(settings)
        from station.run.rehearsing import Wish

        while True:
            log_to(data.logs)
            code, wish = shown(prepared(settings))
            if wish is not Wish.REHEARSAL:
                return code
            from station.run.rehearsal import rehearsal

            with rehearsal(settings) as practice:
                code, _ = shown(practice)
            if code != Exit.OK:
                return code


def prepared(settings: Settings) -> Station:
    """The station of an ordinary afternoon. Raises StationError."""
    from config.roster import check_roster

    # An Excel file and new sounds are read by processes of their own: meanwhile the rest is imported.
    with ThreadPoolExecutor(max_workers=2) as ahead:
        roster = ahead.submit(check_roster, settings.session.roster)
        kit = ahead.submit(kit_with_sounds, settings)
        screens()
        from station.run.options import Options
        from station.run.station import Station

        return Station(settings, Options(stages=True, roster=roster.result, kit=kit.result))


def kit_with_sounds(settings: Settings) -> Kit:
    """The kit, with its sounds already in the cache. Raises StationError."""
    from config.kit import load_kit
    from station.sound.sounds import prepare_sounds

    cache = DataDir(settings.data.dir).cache
    kit = load_kit(settings.session.kit, cache / "kit")
    prepare_sounds(kit, settings.audio.samplerate, cache)
    return kit


def need_terminal() -> None:
    """Screens that nobody sees would wait for ever for keys that nobody can press. Raises ConfigError."""
    if not (is_keyboard(sys.stdin) and is_console(sys.stdout) and is_console(sys.stderr)):
        raise ConfigError(
            say("The screens need a terminal: input and output must not be redirected."),
            say("Without a terminal work “station demo --auto”, “station record” and “station queue”."),
        )


def screens() -> type[StationApp]:
    # Read once when textual is imported: some terminals swallow composed Chinese input otherwise.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    from station.tui.app import StationApp

    return StationApp


def show(station: Station) -> int:
    """The screens on a station until they are closed; the exit code. Raises BrokenError where they break."""
    return shown(station)[0]


def shown(station: Station) -> tuple[int, Wish | None]:
    """As show(), and what the person at the screens wants to see instead.

    Afterwards the station is stopped, whatever happened.
    """
    app = screens()(station)
    with told(app.leave):
        try:
            app.run()
        finally:
            station.stop()
    if app.fault is not None:
        raise BrokenError(log_file()) from app.fault
    return app.return_code or Exit.OK, app.wish
