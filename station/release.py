"""The list of files that a bundle carries, and how what is installed compares with it.

1. The list is RELEASE.sha256 at the top of the bundle, in the format of `sha256sum`, sorted by path:
   anybody can check it without this program (`sha256sum -c RELEASE.sha256`).
2. The release is the SHA-256 of the list itself.
3. Whatever lies in one of the folders of the list and does not stand in it was added; beside these
   folders people may keep what they like.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from config.base import DiskError, say
from config.disk import digest_of, is_file

LIST = "RELEASE.sha256"
APP = "app"
"""The folder of a bundle in which the station and its packages are."""
LINE = re.compile(r"([0-9a-f]{64})  ([^\\\x00-\x1f:]+)")
MAX_LIST_BYTES = 8 << 20
"""A bundle of 10,000 files has a list of 1.3 MB."""


@dataclass(frozen=True)
class Release:
    """What a bundle should consist of."""

    root: Path
    digest: str
    """SHA-256 of the list, in hexadecimal."""
    files: Mapping[str, str]
    """Path below `root`, with slashes -> SHA-256 in hexadecimal."""


@dataclass(frozen=True)
class Differences:
    """Paths below the root, sorted."""

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.added)

    @property
    def count(self) -> int:
        return len(self.changed) + len(self.missing) + len(self.added)


def installed(own: Path = Path(__file__)) -> Release | None:
    """The release from which `own`, a module of the station, runs; None where it is no bundle.

    Raises DiskError where the list is damaged.
    """
    app = own.absolute().parents[1]
    listed = app.parent / LIST
    if app.name != APP or not is_file(listed):
        return None
    with listed.open("rb") as file:
        content = file.read(MAX_LIST_BYTES + 1)
    return Release(app.parent, hashlib.sha256(content).hexdigest(), parse(content))


def parse(content: bytes) -> dict[str, str]:
    """Path -> SHA-256. Raises DiskError for what is no such list."""
    files: dict[str, str] = {}
    try:
        lines = content.decode("utf-8").splitlines() if len(content) <= MAX_LIST_BYTES else []
    except UnicodeDecodeError:
        lines = []
    for line in lines:
        found = LINE.fullmatch(line)
        if found is None or not _below(PurePosixPath(found[2])):
            raise _damaged()
        files[found[2]] = found[1]
    if not files:
        raise _damaged()
    return files


def _below(path: PurePosixPath) -> bool:
    return not path.is_absolute() and ".." not in path.parts


def _damaged() -> DiskError:
    return DiskError(
        say("The list of this bundle's files, {name}, is damaged.", name=LIST),
        say("Unpack the archive of the station again."),
    )


def listing(files: Mapping[str, str]) -> bytes:
    """The content of the list."""
    return "".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode("utf-8")


def digests(root: Path) -> dict[str, str]:
    """Path -> SHA-256 of every file below a folder, but for the list itself. Raises OSError."""
    found = {path.relative_to(root).as_posix(): path for path in _files(root)}
    return {name: digest_of(path) for name, path in found.items() if name != LIST}


def compare(release: Release) -> Differences:
    """Read every file of the bundle and compare it with the list."""
    changed, missing = [], []
    for name, expected in release.files.items():
        path = release.root / name
        if not is_file(path):
            missing.append(name)
        elif _digest_or_none(path) != expected:
            changed.append(name)
    folders = {PurePosixPath(name).parts[0] for name in release.files if "/" in name}
    there = {
        path.relative_to(release.root).as_posix()
        for folder in folders
        for path in _files(release.root / folder)
    }
    return Differences(
        tuple(sorted(changed)), tuple(sorted(missing)), tuple(sorted(there - set(release.files)))
    )


def _files(folder: Path) -> Iterator[Path]:
    for where, _folders, names in os.walk(folder):
        yield from (Path(where, name) for name in names)


def _digest_or_none(path: Path) -> str | None:
    """None for a file that can't be read: it is not what it should be."""
    try:
        return digest_of(path)
    except OSError:
        return None
