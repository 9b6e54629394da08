"""station.toml and the environment -> Settings.

Environment variables win over the file: STATION_SERVER__URL for [server] url. Every mistake is one
sentence that names the file and the key.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from config.base.errors import ConfigError
from config.base.message import say
from config.base.problems import Problem, of_validation, raise_first
from config.base.systemerror import reason_of, toml_fault
from config.disk.filenames import too_long
from config.settings import Settings

AnyModel = TypeVar("AnyModel", bound=BaseModel)
LONGEST_NAME = 110
"""takes/SESSION/NUMBER_ITEM_1.receipt.json.tmp, as long as they are in schools."""
LONGEST_TOKEN = 8000
"""Servers take no longer lines."""
MAX_BYTES = 1_000_000
"""Of settings or of a kit.toml; real ones have a few kilobytes."""
PREFIX = "STATION_"
PATHS = (("session", "roster"), ("session", "kit"), ("data", "dir"), ("server", "ca_file"))


def load_settings(path: Path) -> Settings:
    """Read, override, validate; paths become absolute. Raises ConfigError."""
    values = read_toml(path)
    _merge(values, _environment())
    problems: list[Problem] = []
    settings = None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        problems = of_validation(error, path.name, dotted_keys(Settings))
    # Outside of the handler: pydantic's error holds all values, and a traceback in the log would show them.
    raise_first(problems)
    assert settings is not None
    _check_url(settings.server.url, path.name)
    settings = _absolute(settings, path.absolute().parent)
    check_length(settings.data.dir)
    return settings


def check_length(folder: Path, platform: str = sys.platform) -> None:
    """Windows would refuse the first take in a folder that lies too deep. Raises ConfigError."""
    if too_long(folder / ("x" * LONGEST_NAME), platform):
        raise ConfigError(
            say(
                "The path of the data folder has {length} characters; with its recordings that is too long "
                "for Windows.",
                length=len(str(folder)),
            ),
            say("Choose a shorter one under [data] dir in station.toml, such as C:/station."),
        )


def _environment() -> dict[str, Any]:
    """Settings from variables STATION_<SECTION>__<KEY>, nested as in the file. Raises ConfigError."""
    if not any(name.upper().startswith(PREFIX) for name in os.environ):
        return {}
    # Imported only where it has something to do: it takes longer than the rest of a short command.
    from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict, SettingsError

    class Environment(BaseSettings, Settings):
        model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore")

    try:
        return EnvSettingsSource(Environment)()
    except SettingsError as error:
        found = re.search(r'field "(\w+)"', str(error))
        name = PREFIX + (found[1] if found else "?").upper()
        raise ConfigError(
            say("The environment variable {name} can't be understood.", name=name),
            say("Remove it, or set single values, such as {name}.", name=PREFIX + "SERVER__URL"),
        ) from None


def _check_url(url: str, file: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        sound = sound and not re.search(r"\s", url)
    except ValueError:
        sound = False
    if not sound:
        raise ConfigError(
            say("{file}: “server.url” must be an address that begins with https:// or http://.", file=file)
        )
    if parts.username is not None:
        raise ConfigError(
            say("{file}: “server.url” must not hold a user name or password.", file=file),
            say("Put the token into an environment variable and name it in “server.token_env”."),
        )


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict. Raises ConfigError."""
    text = _text_of(path)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # A number of five thousand digits is a ValueError of Python's own.
        raise ConfigError(toml_fault(path.name, error, text)) from None


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ConfigError(say("{file} is too large for settings.", file=path.name))
        text = data.decode("utf-8-sig")
        if "\0" in text:
            raise UnicodeDecodeError("utf-8", data, 0, 1, "UTF-16 without a mark")
        return text.replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError as error:
        raise ConfigError(
            say("There is no file {file} in this folder.", file=path.name),
            say("“station init .” writes one, ready to run; or name another with --config."),
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            say("{file} is not in UTF-8. Save it as UTF-8 in the editor.", file=path.name)
        ) from error
    except OSError as error:
        raise ConfigError(
            say("{file} can't be read: {detail}", file=path.name, detail=reason_of(error))
        ) from error


def read_model(path: Path, kind: type[AnyModel]) -> AnyModel:
    """A TOML file that has a model of its own. Raises ConfigError."""
    values = read_toml(path)
    problems: list[Problem] = []
    found = None
    try:
        found = kind.model_validate(values)
    except ValidationError as error:
        problems = of_validation(error, path.name, dotted_keys(kind))
    # Outside of the handler, as in load_settings().
    raise_first(problems)
    assert found is not None
    return found


def server_token(settings: Settings, environ: Mapping[str, str] = os.environ) -> str | None:
    """The bearer token, None where none is configured. Raises ConfigError where it is not set."""
    name = settings.server.token_env
    if name is None:
        return None
    token = environ.get(name, "").strip()
    if len(token) > LONGEST_TOKEN or not all("!" <= sign <= "~" for sign in token):
        # It travels in a line of its own: a line end in it would begin another one.
        raise ConfigError(
            say(
                "The token in the environment variable {name} has blanks, line ends or strange signs in it.",
                name=name,
            ),
            say("Copy it again, in one piece, without anything before and behind it."),
        )
    if not token:
        raise ConfigError(
            say("The environment variable {name} with the server's token is not set.", name=name),
            say("Ask the district's technician for the token and set the variable."),
        )
    return token


def dotted_keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """All keys of a model and of the models in it, `server.url`."""
    for name, field in model.model_fields.items():
        yield prefix + name
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from dotted_keys(kind, f"{prefix}{name}.")


def _merge(values: dict[str, Any], over: Mapping[str, Any]) -> None:
    for name, value in over.items():
        if isinstance(value, Mapping) and isinstance(values.get(name), dict):
            _merge(values[name], value)
        else:
            values[name] = value


def check_path(key: str, value: str) -> None:
    """Refuse what backslashes between double quotation marks have become. Raises ConfigError."""
    if re.search(r"[\t\n\r\f\b\x1b]", value) or re.match(r"[A-Za-z]:[^/\\]", value):
        raise ConfigError(
            say(
                "“{key}”: a backslash has a meaning of its own between double quotation marks. Write /"
                " instead of it, or put the path between single ones: 'D:\\folder'.",
                key=key,
            )
        )
    if not value.isprintable():
        raise ConfigError(say("“{key}” is not the name of a file.", key=key))


def _absolute(settings: Settings, folder: Path) -> Settings:
    for section_name, key in PATHS:
        section = getattr(settings, section_name)
        value = getattr(section, key)
        if value is not None:
            check_path(f"{section_name}.{key}", str(value))
            section = section.model_copy(update={key: folder / value})
            settings = settings.model_copy(update={section_name: section})
    return settings
