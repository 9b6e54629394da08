"""The disk as it may stand after a power cut, made from what a program did to it.

Names are kept in the order in which they were given (file systems with a journal, NTFS among them, do that),
at least up to the last fsync of anything. Bytes are kept of what was synced; of what was written after that,
any part, torn at any sector. So a file may have its new name and be empty: a rename brings no bytes along.
"""

from __future__ import annotations

import os
import random
import struct
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
HEAD = struct.Struct("=cIIQQ")
SECTOR = 512
ABSENT_AT_START = ("-shm",)
"""SQLite's memory shared by processes; made anew from the log when the first one opens the database."""


@dataclass(frozen=True)
class Step:
    """One call: `kind` is C(reate), W(rite), T(runcate), S(ync), R(ename), U(nlink) or M(ake folder)."""

    kind: str
    path: str
    inode: int
    offset: int
    data: bytes


def build(folder: Path) -> Path:
    """The library. Raises CalledProcessError."""
    library = folder / "disk.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
    return library


def watched(library: Path, root: Path, log: Path) -> dict[str, str]:
    """The variables for a program whose steps below `root` are written to `log`."""
    return {**os.environ, "LD_PRELOAD": str(library), "DISK_ROOT": str(root), "DISK_LOG": str(log)}


def steps_of(log: Path) -> list[Step]:
    data, at, found = log.read_bytes(), 0, []
    while at < len(data):
        kind, path_bytes, data_bytes, inode, offset = HEAD.unpack_from(data, at)
        begin = at + HEAD.size
        path = data[begin : begin + path_bytes].decode()
        at = begin + path_bytes + data_bytes
        found.append(Step(kind.decode(), path, inode, offset, data[begin + path_bytes : at]))
    return found


@dataclass
class _Bytes:
    """One file's contents: what is on the disk, and the changes that may or may not be."""

    synced: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)
    """(offset, bytes), or (length, None) of a truncation."""

    def sync(self) -> None:
        for change in self.waiting:
            _apply(self.synced, *change)
        self.waiting.clear()

    def after_cut(self, rng: random.Random | None) -> bytes:
        kept = bytearray(self.synced)
        if rng is None:
            return bytes(kept)
        share = rng.choice((0.0, 0.5, 1.0))
        for offset, data in self.waiting:
            if rng.random() >= share:
                continue
            if data is not None and rng.random() < 0.3:
                data = data[: rng.randrange(len(data) // SECTOR + 1) * SECTOR]
            _apply(kept, offset, data)
        return bytes(kept)


def _apply(found: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del found[offset:]
        found.extend(bytes(offset - len(found)))
    else:
        found.extend(bytes(max(0, offset - len(found))))
        found[offset : offset + len(data)] = data


class Disk:
    """Give it steps in their order; then cut the power."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._files: list[_Bytes] = []
        self._of_inode: dict[int, int] = {}
        """Inode -> index in _files; a number is used again for another file."""
        self._names: list[tuple[str, ...]] = []
        """Changes of names, oldest first."""
        self._durable = 0
        """So many of them are on the disk."""

    def do(self, step: Step) -> None:
        match step.kind:
            case "C":
                self._of_inode[step.inode] = len(self._files)
                self._files.append(_Bytes())
                self._names.append(("C", step.path, str(self._of_inode[step.inode])))
            case "W" if step.inode in self._of_inode:
                self._file(step).waiting.append((step.offset, step.data))
            case "T" if step.inode in self._of_inode:
                self._file(step).waiting.append((step.offset, None))
            case "S":
                self._durable = len(self._names)
                if step.inode in self._of_inode:
                    self._file(step).sync()
            case "R":
                self._names.append(("R", step.path, step.data.decode()))
            case "U" | "M":
                self._names.append((step.kind, step.path))

    def _file(self, step: Step) -> _Bytes:
        return self._files[self._of_inode[step.inode]]

    def cut(self, rng: random.Random | None, target: Path) -> None:
        """Write below `target` what is left; without `rng` that is nothing but what was synced."""
        kept = rng.randint(self._durable, len(self._names)) if rng else self._durable
        folders, files = names_after(self._names[:kept])
        for folder in sorted(folders):
            (target / os.path.relpath(folder, self._root)).mkdir(parents=True, exist_ok=True)
        for path, index in files.items():
            if not path.endswith(ABSENT_AT_START):
                place = target / os.path.relpath(path, self._root)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(self._files[index].after_cut(rng))


def names_after(changes: Sequence[tuple[str, ...]]) -> tuple[set[str], Mapping[str, int]]:
    folders: set[str] = set()
    files: dict[str, int] = {}
    for kind, path, *more in changes:
        if kind == "C":
            files[path] = int(more[0])
        elif kind == "R" and path in files:
            files[more[0]] = files.pop(path)
        elif kind == "U":
            files.pop(path, None)
        elif kind == "M":
            folders.add(path)
    return folders, files


def said_until(steps: Sequence[Step], name: str) -> Iterator[str]:
    """Lines that a program wrote to the file of this name, in the order of its steps."""
    text = b"".join(step.data for step in steps if step.kind == "W" and Path(step.path).name == name)
    yield from text.decode().split("\n")[:-1]
