"""What several commands share: --config, --json, and loading the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from station.words.i18n import set_language, tr

if TYPE_CHECKING:
    from config import Settings

F = TypeVar("F", bound=Callable[..., Any])


def _named(ctx: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """Given before the name of the command, it counts as if it were given after it."""
    at: click.Context | None = ctx
    while at is not None:
        if at.get_parameter_source("config_path") is ParameterSource.COMMANDLINE:
            return value if at is ctx else at.params["config_path"]
        at = at.parent
    return value


def config_option(function: F) -> F:
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        default=Path("station.toml"),
        show_default=True,
        envvar="STATION_CONFIG",
        callback=_named,
        help=tr("The settings of this station."),
    )(function)


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help=tr("Print one JSON document."))(function)


def tell_readable(settings: Settings) -> None:
    """Before anything is sent: that what goes over plain http can be read on the way."""
    from station.words import talk
    from uploader.tus import is_readable

    if is_readable(settings.server.url):
        talk.tell(talk.READABLE)
        talk.tell(talk.HTTPS)


def settings_of(config_path: Path) -> Settings:
    """The settings, with the language switched to theirs. Raises ConfigError."""
    # Imported only where there is something to load: --help and --version wait for nothing.
    from config import load_settings
    from config.access import close_to_others

    # Whoever has settings has a data folder, and may write into it.
    close_to_others()
    settings = load_settings(config_path)
    set_language(settings.station.language)
    return settings
