"""What travels for a take: the WAV itself, or a FLAC made of it beside it until it is delivered."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from config.disk import digest_of
from config.disk import remove as remove_file
from uploader.queue.row import Row

log = logging.getLogger(__name__)
Encoding = Literal["wav", "flac"]
FILETYPES = {"wav": "audio/wav", "flac": "audio/flac"}


@dataclass(frozen=True)
class Wire:
    """One file as it is sent."""

    encoding: Encoding
    path: Path
    size: int
    sha256: str
    pcm_md5: str | None = None


def wire_path(row: Row) -> Path:
    return row.path.with_suffix(".flac") if row.encoding == "flac" else row.path


def prepare(row: Row, encoding: Encoding) -> Wire:
    """The file to send for a take whose own file is checked. What can't be FLAC goes as WAV."""
    if encoding == "flac":
        from uploader.encode.flac import FlacError, encode

        path = row.path.with_suffix(".flac")
        try:
            pcm_md5 = encode(row.path, path)
            return Wire("flac", path, path.stat().st_size, digest_of(path), pcm_md5)
        except (FlacError, OSError) as error:
            log.warning("%s is sent as it is: %s", row.path.name, error)
    return Wire("wav", row.path, row.size, row.sha256)


def is_ready(row: Row) -> bool:
    """Whether the file of an upload that was begun is still the same; the WAV is checked elsewhere."""
    if row.encoding != "flac":
        return True
    try:
        return digest_of(wire_path(row)) == row.wire_sha256
    except OSError:
        return False


def remove(row: Row) -> None:
    """The FLAC of a delivered take has done its work; the recording is the WAV."""
    if row.encoding == "flac":
        try:
            remove_file(wire_path(row), missing_ok=True)
        except OSError as error:
            log.info("%s stays: %s", wire_path(row).name, error)
