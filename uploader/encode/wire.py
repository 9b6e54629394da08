"""What travels for a take: the WAV itself, or a FLAC made of it beside it until it is delivered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.disk import digest_of
from config.disk import remove as remove_file
from uploader.queue.row import Row

log = logging.getLogger(__name__)


def _flac(wav: Path, target: Path) -> str:
    # Only who encodes waits for numpy and libsndfile.
    from uploader.encode.flac import encode

    return encode(wav, target)


@dataclass(frozen=True)
class Encoder:
    """Another form in which a take may travel."""

    filetype: str
    suffix: str
    """Of the file that is made beside the take."""
    make: Callable[[Path, Path], str | None]
    """Writes it and proves that it is the take; the MD5 of the samples where it names one. Raises OSError,
    and ValueError for a take that can't be had in this form."""


PLAIN = "wav"
ENCODERS = {"flac": Encoder("audio/flac", ".flac", _flac)}
"""By the name in `delivery.encoding`; the take itself is PLAIN."""


@dataclass(frozen=True)
class Wire:
    """One file as it is sent."""

    encoding: str
    path: Path
    size: int
    sha256: str
    pcm_md5: str | None = None


def filetype(encoding: str) -> str:
    """Of the upload's metadata."""
    return ENCODERS[encoding].filetype if encoding in ENCODERS else "audio/wav"


def wire_path(row: Row) -> Path:
    return row.path.with_suffix(ENCODERS[row.encoding].suffix) if row.encoding in ENCODERS else row.path


def prepare(row: Row, encoding: str) -> Wire:
    """The file to send for a take whose own file is checked. What can't be encoded goes as it is."""
    encoder = ENCODERS.get(encoding)
    if encoder is not None:
        path = row.path.with_suffix(encoder.suffix)
        try:
            pcm_md5 = encoder.make(row.path, path)
            return Wire(encoding, path, path.stat().st_size, digest_of(path), pcm_md5)
        except (ValueError, OSError) as error:
            log.warning("%s is sent as it is: %s", row.path.name, error)
    return Wire(PLAIN, row.path, row.size, row.sha256)


def is_ready(row: Row) -> bool:
    """Whether the file of an upload that was begun is still the same; a take itself is checked elsewhere."""
    if row.encoding not in ENCODERS:
        return True
    try:
        return digest_of(wire_path(row)) == row.wire_sha256
    except OSError:
        return False


def remove(row: Row) -> None:
    """What was made of a delivered take has done its work; the recording is the WAV."""
    if row.encoding in ENCODERS:
        try:
            remove_file(wire_path(row), missing_ok=True)
        except OSError as error:
            log.info("%s stays: %s", wire_path(row).name, error)
