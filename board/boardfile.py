"""board.toml as a model; the text under each key is its manual."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from config import read_model
from config.base import ConfigError, say


class BoardSettings(BaseModel):
    """The whole of board.toml; `load_board` makes the path of an SQLite file absolute."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    """Address to listen on; behind a proxy with TLS that is this computer itself."""
    port: int = Field(default=8090, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""
    https: bool = False
    """Whether people reach the board by https, through a proxy: its cookie then never goes out without."""
    proxies: str = "127.0.0.1"
    """Addresses of proxies whose word about the sender's address is believed, with commas between."""
    database: str = "board.db"
    """An SQLite file, relative to this file."""
    database_env: str | None = None
    """Name of the variable with the address of a PostgreSQL database, `postgresql://…`; it wins."""
    language: Literal["zh_CN", "en"] = "zh_CN"
    """Language of the pages until a person chooses another."""
    begins: datetime | None = None
    """When the first word of every station is due; before that, silence is no trouble."""
    software: str = ""
    """Version that every station should run; without it, the one that most of them run."""


def load_board(path: Path, environ: Mapping[str, str] = os.environ) -> BoardSettings:
    """Read and check; `database` becomes an address for SQLAlchemy. Raises ConfigError."""
    settings = read_model(path, BoardSettings)
    return settings.model_copy(update={"database": _address(settings, path, environ)})


def _address(settings: BoardSettings, path: Path, environ: Mapping[str, str]) -> str:
    name = settings.database_env
    if name is None:
        if "://" in settings.database:
            raise ConfigError(
                say("{file}: “database” is the name of a file.", file=path.name),
                say("Put the address of a database into a variable and name it in “database_env”."),
            )
        return f"sqlite:///{(path.absolute().parent / settings.database).as_posix()}"
    address = environ.get(name, "").strip()
    if urlsplit(address).scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ConfigError(
            say(
                "The environment variable {name} must hold an address that begins with postgresql://.",
                name=name,
            )
        )
    return f"postgresql+psycopg{address[address.index('://') :]}"
