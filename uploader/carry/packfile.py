"""A carry pack on a stick: files with their digests, each written whole and read back.

<folder>/<station>/manifest.json            what is in it
<folder>/<station>/<session>/<take>.wav     and `.json` beside each
<folder>/receipts/<take id>.json            what the delivering station brings back
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from config.base import DiskError, reason_of, say
from config.disk import is_there, remove, replace

VERSION = 1
MANIFEST = "manifest.json"
RECEIPTS = "receipts"
COPY_BLOCK = 1024 * 1024
Progress = Callable[[int, int, str], None]
"""Bytes done, bytes in all, name of the file."""


@dataclass(frozen=True)
class Packed:
    """One take in a pack; paths are relative to its station's folder, with /."""

    take_id: str
    file: str
    size: int
    sha256: str
    sidecar_sha256: str


@dataclass(frozen=True)
class Manifest:
    folder: Path
    station: str
    takes: tuple[Packed, ...]


def read_manifests(folder: Path) -> list[Manifest]:
    """The packs of all stations on a stick. Raises DiskError where there is none or one is damaged."""
    paths = sorted(folder.glob(f"*/{MANIFEST}"))
    if not paths:
        raise DiskError(
            say("There are no recordings of a station in {folder}.", folder=folder.name),
            say("Name the folder into which “station queue export” has written."),
        )
    return [_read_manifest(path) for path in paths]


def read_manifest(folder: Path, station: str) -> Manifest:
    """One station's; empty where there is none yet."""
    path = folder / station / MANIFEST
    return _read_manifest(path) if is_there(path) else Manifest(path.parent, station, ())


def _read_manifest(path: Path) -> Manifest:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["v"] != VERSION:
            raise ValueError(f"version {body['v']}")
        takes = tuple(Packed(**take) for take in body["takes"])
        if any(Path(take.file).is_absolute() or ".." in Path(take.file).parts for take in takes):
            raise ValueError("a path that leads out of the pack")
        return Manifest(path.parent, str(body["station"]), takes)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DiskError(
            say("The list of recordings in {folder} is damaged.", folder=path.parent.name),
            say("Export to the stick once more, or use another stick."),
        ) from error


def write_manifest(manifest: Manifest) -> None:
    """Raises DiskError."""
    takes = [asdict(take) for take in sorted(manifest.takes, key=lambda take: take.file)]
    write_json(manifest.folder / MANIFEST, {"v": VERSION, "station": manifest.station, "takes": takes})


def write_json(path: Path, body: dict[str, Any]) -> None:
    """Whole or not at all. Raises DiskError."""
    with stick(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(path.name + ".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(body, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)


def copy_proven(source: Path, target: Path, sha256: str) -> bool:
    """Copy and read back, unless it is there already; False where the source is damaged. Raises DiskError."""
    with stick(source.name):
        if is_there(target) and digest_from_disk(target) == sha256:
            return True
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(target.name + ".tmp")
        found = hashlib.sha256()
        with source.open("rb") as read, temporary.open("wb") as write:
            while block := read.read(COPY_BLOCK):
                found.update(block)
                write.write(block)
            write.flush()
            os.fsync(write.fileno())
        good = found.hexdigest() == sha256 == digest_from_disk(temporary)
        if good:
            replace(temporary, target)
        else:
            remove(temporary)
        return good


def digest_from_disk(path: Path) -> str:
    """sha256 of what the medium gives back, not of what memory still holds, where the system allows that."""
    with path.open("rb") as file:
        advise = getattr(os, "posix_fadvise", None)
        if advise is not None:
            with contextlib.suppress(OSError):
                advise(file.fileno(), 0, 0, getattr(os, "POSIX_FADV_DONTNEED", 4))
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def stick(name: str) -> Iterator[None]:
    """What goes wrong with a stick, as one sentence."""
    try:
        yield
    except OSError as error:
        raise DiskError(
            say("{file} can't be copied: {detail}", file=name, detail=reason_of(error)),
            say("Check that the stick is in its place and has room, then start again: it goes on."),
        ) from error
