"""What several commands share: --config, --json, and loading the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from config.load import load_settings
from config.settings import Settings
from station.i18n import set_language, tr

F = TypeVar("F", bound=Callable[..., Any])


def config_option(function: F) -> F:
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        default=Path("station.toml"),
        show_default=True,
        envvar="STATION_CONFIG",
        help=tr("The settings of this station."),
    )(function)


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help=tr("Print one JSON document."))(function)


def settings_of(config_path: Path) -> Settings:
    """The settings, with the language switched to theirs. Raises ConfigError."""
    settings = load_settings(config_path)
    set_language(settings.station.language)
    return settings
