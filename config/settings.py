"""station.toml as models; the text under each field is its manual (README's table is made of it)."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from config.bandwidth import parse_limit
from config.disk.filenames import fits_windows

LINE = 200
"""Characters of what is shown in one line."""
YEARS = range(2000, 2100)
"""In which a session can be."""
UPLOAD_ID = "{upload_id}"
"""Stands for the upload's id in `server.receipt_url`."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _number(value: Any) -> Any:
    """Environment variables are text; pydantic turns text into int, but not into a Literal of ints."""
    return int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) else value


def _folder_name(value: str) -> str:
    if not fits_windows(value):
        raise PydanticCustomError("folder_name", "no name of a folder")
    return value


def _of_this_time(value: datetime) -> datetime:
    # Windows knows no time zones before 1970, and no system those of the year 9999.
    if value.year not in YEARS:
        raise PydanticCustomError("far_away", "no time of ours")
    return value


def _limit(value: str) -> str:
    try:
        parse_limit(value)
    except ValueError as error:
        raise PydanticCustomError("bandwidth", "no bandwidth") from error
    return value


def _receipts(value: str) -> str:
    if UPLOAD_ID not in value:
        raise PydanticCustomError("receipt_url", "no place for the id")
    return value


def _variable(value: str) -> str:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", value) is None:
        raise PydanticCustomError("variable", "no name of a variable")
    return value


def _release(value: str) -> str:
    digest = value.strip().lower().removeprefix("sha256:")
    if re.fullmatch("[0-9a-f]{64}", digest) is None:
        raise PydanticCustomError("release", "no SHA-256")
    return digest


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise PydanticCustomError("origin", "no origin")
    return value


class StationSection(Section):
    id: Annotated[str, AfterValidator(_folder_name)] = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")
    """Id of this station, part of every take's tags: ASCII letters, digits, dot, dash, underscore."""
    school: str = Field(default="", max_length=LINE)
    """Name of the school, shown on screens and reports."""
    room: str = Field(default="", max_length=LINE)
    """Name of the room, shown on screens and reports."""
    language: Literal["zh_CN", "en"] | None = None
    """Language of screens and reports; without it, that of the computer."""
    release: Annotated[str, AfterValidator(_release)] | None = None
    """Release that must run here, as `station doctor` prints it; the self-test fails with any other."""


class AudioSection(Section):
    input: str = Field(max_length=LINE)
    """Microphone as `station devices` prints it: "name" or "name, host API"; "builtin" is virtual."""
    output: str = Field(max_length=LINE)
    """Headphones as printed by `station devices`."""
    samplerate: int = Field(default=48000, ge=8000, le=192000)
    """Sampling rate of takes in Hz."""
    bits: Annotated[Literal[16, 24], BeforeValidator(_number)] = 16
    """Sample size of takes in bits."""
    side: Literal["mix", "left", "right"] = "mix"
    """Side of a stereo microphone that takes are made of, where only one of them hears; "mix": both."""


class SessionSection(Section):
    roster: Path
    """The expected pupils: .csv (UTF-8, UTF-8 BOM, GB18030), .xlsx or .xls."""
    kit: Path
    """The test material: a folder or a .zip with kit.toml."""
    id: Annotated[str, AfterValidator(_folder_name)] | None = Field(
        default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    )
    """Name of the session, used as folder name; without it, made from the roster's file name and the date."""
    opens: Annotated[datetime, AfterValidator(_of_this_time)] | None = None
    """Before this it is opened for a reason only, e.g. 2026-11-25T13:00:00; without it, at any time."""
    starts: Annotated[datetime, AfterValidator(_of_this_time)] | None = None
    """When the first pupil comes, e.g. 2026-11-25T13:30:00; the self-test tells how much time is left."""
    ends: Annotated[datetime, AfterValidator(_of_this_time)] | None = None
    """When the last pupil must be done, e.g. 2026-11-25T16:30:00; the screens warn while there is time."""

    custody: Literal["one", "two"] = "one"
    """Who opens, closes and seals: one person by name, or two, each with a code chosen at the opening."""
    checkin: Literal["off", "on"] = "off"
    """"on": no pupil is called whose card was not seen at the check-in."""
    lock_minutes: int = Field(default=10, ge=0, le=240)
    """Minutes without a key after which the names of pupils are hidden at home; 0 for never."""

    @model_validator(mode="after")
    def _in_order(self) -> SessionSection:
        opens, starts, ends = (
            None if time is None else time.astimezone() for time in (self.opens, self.starts, self.ends)
        )
        if opens is not None and any(time is not None and time < opens for time in (starts, ends)):
            raise PydanticCustomError("opens_late", "opens after it starts")
        if starts is not None and ends is not None and ends <= starts:
            raise PydanticCustomError("ends_first", "ends before it starts")
        return self


class ServerSection(Section):
    url: str = Field(max_length=2000)
    """Creation address of a tus 1.0.0 server."""
    also: Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], Field(max_length=8)] = ()
    """Other servers that may have recordings and token, e.g. ["https://store.example.org"]."""
    token_env: Annotated[str, AfterValidator(_variable)] | None = None
    """Name of the environment variable that holds the bearer token; never the token itself."""
    ca_file: Path | None = None
    """Certificates to trust (PEM) where a school has its own authority; without it, the system's."""
    receipt_url: Annotated[str, AfterValidator(_receipts)] | None = Field(default=None, max_length=2000)
    """Where the centre publishes receipts, with {upload_id}; without it, none are asked for."""
    receipt_key: str | None = Field(default=None, max_length=LINE)
    """Ed25519 public key (base64) that signs the centre's receipts; a wrong signature is no receipt."""
    status: Literal["auto", "off"] = "auto"
    """Whether this station says over `url` how far it is, for the district's board; see docs/status.md."""


class DeliverySection(Section):
    encoding: Literal["wav", "flac"] = "wav"
    """What travels: the WAV itself, or lossless FLAC at about half the size."""
    limit: Annotated[str, AfterValidator(_limit)] = Field(default="", max_length=1000)
    """Bandwidth limit: "500k" (bytes per second), "off", or a timetable "13:30,200k 16:30,off"."""
    workers: int = Field(default=1, ge=1, le=2)
    """Uploads at the same time."""
    while_recording: Literal["pause", "throttle", "full"] = "pause"
    """What uploads do while a pupil is being recorded."""
    retention_days: int = Field(default=30, ge=1, le=3650)
    """Days for which local takes are kept even when their delivery is proven."""


class DataSection(Section):
    dir: Path = Path("data")
    """Folder of takes, database and logs; must not be on a volume that a restore card resets."""


class Settings(Section):
    """The whole of station.toml; paths are absolute after `config.load.load_settings`."""

    station: StationSection
    audio: AudioSection
    session: SessionSection
    server: ServerSection
    delivery: DeliverySection = DeliverySection()
    data: DataSection = DataSection()
