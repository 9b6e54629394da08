"""A carry pack on a stick: files with their digests, each written whole and read back.

<folder>/<station>/manifest.json            what is in it
<folder>/<station>/<session>/<take>.wav     and `.json` beside each; <take> ends with its take id
<folder>/receipts/<take id>.json            what the delivering station brings back

A stick was in strange hands: every word of it is checked before it becomes a path, and one bad entry does not
keep the others.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from config.base import DiskError, reason_of, say
from config.disk import (
    digest_of,
    fits_windows,
    is_file,
    is_there,
    put_in_place,
    remove,
    write_whole,
)
from config.takes import sidecar_path

VERSION = 2
"""2 has the computer that a take comes from; 1 is read as before."""
READABLE = (1, 2)
MANIFEST = "manifest.json"
RECEIPTS = "receipts"
LARGEST_TEXT = 16 * 1024 * 1024
"""Bytes of a list of some 40,000 takes."""
TAKE_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
ORIGIN = re.compile(r"[0-9a-f]{0,32}")
DIGEST = re.compile(r"[0-9a-f]{64}")
NO_JSON = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What comes of reading JSON that is none, or another one."""
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
    origin: str = ""
    """Of the data folder it comes from: two computers may have the same station id by mistake."""


@dataclass(frozen=True)
class Manifest:
    folder: Path
    station: str
    takes: tuple[Packed, ...]
    unreadable: tuple[Any, ...] = ()
    """Entries that are none, as they stand there: kept, never used."""


def read_manifests(folder: Path) -> tuple[list[Manifest], tuple[str, ...]]:
    """The packs of all stations on a stick, and the names of folders whose list is damaged.

    Raises DiskError where no list can be read.
    """
    found, damaged = [], []
    for path in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            found.append(_read_manifest(path))
        except DiskError:
            damaged.append(path.parent.name)
    if damaged and not found:
        raise _damaged(damaged[0])
    if not found:
        raise DiskError(
            say("There are no recordings of a station in {folder}.", folder=folder.name),
            say("Name the folder into which “station queue export” has written."),
        )
    return found, tuple(damaged)


def read_manifest(folder: Path, station: str) -> Manifest:
    """One station's; empty where there is none yet. Raises DiskError where it is damaged."""
    path = folder / station / MANIFEST
    return _read_manifest(path) if is_there(path) else Manifest(path.parent, station, ())


def _read_manifest(path: Path) -> Manifest:
    try:
        body = json.loads(read_bounded(path, LARGEST_TEXT))
        if body["v"] not in READABLE or body["station"] != path.parent.name or not _is_name(body["station"]):
            raise ValueError("another version, or the list of another folder")
        takes: list[Packed] = []
        unreadable: list[Any] = []
        for entry in body["takes"]:
            packed = _packed(entry)
            if packed is None:
                unreadable.append(entry)
            else:
                takes.append(packed)
        return Manifest(path.parent, body["station"], tuple(takes), tuple(unreadable))
    except (OSError, *NO_JSON) as error:
        raise _damaged(path.parent.name) from error


def _damaged(folder: str) -> DiskError:
    return DiskError(
        say("The list of recordings in {folder} is damaged.", folder=folder),
        say("Export to the stick once more, or use another stick."),
    )


def _packed(entry: Any) -> Packed | None:
    """One entry; None where a word of it can't be right."""
    try:
        packed = Packed(**entry)
        session, name = packed.file.split("/")
        right = (
            _is_name(session)
            and _is_name(name)
            and name.endswith(".wav")
            and not name.endswith(".part.wav")
            and TAKE_ID.fullmatch(packed.take_id)
            and type(packed.size) is int
            and packed.size > 0
            and DIGEST.fullmatch(packed.sha256)
            and DIGEST.fullmatch(packed.sidecar_sha256)
            and ORIGIN.fullmatch(packed.origin)
        )
    except NO_JSON:
        return None
    return packed if right else None


def _is_name(text: object) -> bool:
    """One name of a file or folder that is a plain one on every system."""
    return isinstance(text, str) and 0 < len(text) <= 200 and fits_windows(text) and text.isprintable()


def read_bounded(path: Path, limit: int) -> str:
    """A text file that comes from outside. Raises OSError, or ValueError where it is longer or no text, or no
    file but a folder, pipe or device."""
    if is_there(path) and not is_file(path):
        raise ValueError("no file")
    with path.open("rb") as file:
        found = file.read(limit + 1)
    if len(found) > limit:
        raise ValueError(f"more than {limit} bytes")
    return found.decode("utf-8")


def write_manifest(manifest: Manifest) -> None:
    """Raises DiskError."""
    takes: list[Any] = [asdict(take) for take in sorted(manifest.takes, key=lambda take: take.file)]
    takes += manifest.unreadable
    write_json(manifest.folder / MANIFEST, {"v": VERSION, "station": manifest.station, "takes": takes})


def write_json(path: Path, body: dict[str, Any]) -> None:
    """Whole or not at all. Raises DiskError."""
    with stick(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(body, ensure_ascii=False, indent=1).encode("utf-8"))


def are_files(take: Path) -> bool:
    """Recording and facts, as far as they are there: a pipe would hold up all the others."""
    with stick(take.name):
        return all(is_file(path) or not is_there(path) for path in (take, sidecar_path(take)))


def copy_proven(source: Path, target: Path, sha256: str, *, over: bool = False) -> bool:
    """Copy and read back, unless it is there already; False where the source is damaged, or no file. Raises
    DiskError.

    Another file at its place is replaced only `over` it; else False too.
    """
    with stick(source.name):
        if is_there(target):
            same = digest_of(target, from_medium=True) == sha256
            if same or not over:
                return same
        if is_there(source) and not is_file(source):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(target.name + ".tmp")
        found = hashlib.sha256()
        with source.open("rb") as read, temporary.open("wb") as write:
            while block := read.read(COPY_BLOCK):
                found.update(block)
                write.write(block)
            write.flush()
            os.fsync(write.fileno())
        good = found.hexdigest() == sha256 == digest_of(temporary, from_medium=True)
        if good:
            put_in_place(temporary, target, synced=True)
        else:
            remove(temporary)
        return good


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
