"""What the station keeps beside the pupils' recordings, for how long, and how it goes.

1. Each kind has its rule in one table, RULES; docs/retention.md shows it. The recordings of test items have
   their own (uploader.carry.retention): they go only when the server proves them again.
2. What has a pupil's voice in it goes when the program is closed, or when a person says "queue remove".
3. An age is that of the file on the disk. A file of the future is not old.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from config.disk import DataDir, is_folder, remove
from config.takes import PART, SidecarError, read_facts, sidecar_path
from station.words.i18n import tr_noop

log = logging.getLogger(__name__)
DAY = 86400.0


@dataclass(frozen=True)
class Retention:
    """One kind of things that are kept."""

    id: str
    what: str
    """English, marked for translation."""
    until: str
    """When it goes; English, marked for translation."""
    days: float
    """Age at which it may go."""
    find: Callable[[DataDir], Iterable[Path]]
    """Files, or folders that go as a whole."""


@dataclass(frozen=True)
class Kept:
    """What there is of one kind."""

    rule: Retention
    count: int
    size: int
    """Bytes."""
    due: int
    """So many of them may go now."""


def kept(data: DataDir, now: float | None = None) -> list[Kept]:
    """All kinds, for station doctor."""
    now = time.time() if now is None else now
    found = []
    for rule in RULES:
        paths = list(rule.find(data))
        old = [path for path in paths if _age(path, now) >= rule.days * DAY]
        found.append(Kept(rule, len(paths), sum(map(_size, paths)), len(old)))
    return found


def due(data: DataDir, rules: Collection[str], now: float | None = None) -> dict[str, list[Path]]:
    """What may go of the named kinds."""
    now = time.time() if now is None else now
    return {
        rule.id: [path for path in rule.find(data) if _age(path, now) >= rule.days * DAY]
        for rule in RULES
        if rule.id in rules
    }


def clear(data: DataDir, rules: Collection[str], now: float | None = None) -> dict[str, int]:
    """Remove what may go; how many of each kind. What can't be removed is tried again the next time."""
    return {kind: sum(_remove(path) for path in paths) for kind, paths in due(data, rules, now).items()}


def _remove(path: Path) -> bool:
    try:
        if is_folder(path) and not path.is_symlink():
            shutil.rmtree(path)
        else:
            remove(path, missing_ok=True)
            if path.suffix == ".wav":
                remove(sidecar_path(path), missing_ok=True)
    except OSError as error:
        log.warning("%s can't be removed: %s", path.name, error)
        return False
    return True


def _age(path: Path, now: float) -> float:
    """Seconds since the newest file in it was written."""
    times = [file.lstat().st_mtime for file in (path, *_below(path))]
    return now - max(times)


def _size(path: Path) -> int:
    return sum(file.lstat().st_size for file in (path, *_below(path)) if not is_folder(file))


def _below(path: Path) -> Iterator[Path]:
    if is_folder(path) and not path.is_symlink():
        yield from path.rglob("*")


def _practice(data: DataDir) -> Iterator[Path]:
    for path in data.takes.glob("*/*.wav"):
        if path.name.endswith(PART):
            continue
        try:
            if read_facts(path).practice:
                yield path
        except (OSError, SidecarError) as error:
            log.debug("%s does not tell what it is: %s", path.name, error)


def _files(*patterns: str) -> Callable[[DataDir], Iterable[Path]]:
    return lambda data: [path for pattern in patterns for path in data.root.glob(pattern)]


RULES = (
    Retention(
        "practice", tr_noop("Practice recordings"),
        tr_noop("7 days after they were made, by “station queue remove”"), 7, _practice,
    ),
    Retention(
        "parts", tr_noop("Unfinished recordings that “station recover” could not repair"),
        tr_noop("30 days after they were made, by “station queue remove”"), 30, _files(f"takes/*/*{PART}"),
    ),
    Retention(
        "databases", tr_noop("Damaged databases that were put aside"),
        tr_noop("30 days after that, by “station queue remove”"), 30, _files("station.db.damaged-*"),
    ),
    Retention(
        "check", tr_noop("Recordings of headset checks"),
        tr_noop("when the program is closed"), 0, _files("cache/check/*"),
    ),
    Retention(
        "selftest", tr_noop("Recordings of self-tests"),
        tr_noop("when the self-test has ended"), 0, _files("cache/selftest/*"),
    ),
    Retention(
        "sounds", tr_noop("Sounds of kits, prepared for this headset"),
        tr_noop("30 days after they were last used, when the program is opened"), 30, _files("cache/*.wav"),
    ),
    Retention(
        "kits", tr_noop("Unpacked kits"),
        tr_noop("30 days after they were last used, when the program is opened"), 30, _files("cache/kit/*"),
    ),
    Retention(
        "temporary", tr_noop("Files whose writing was cut off"),
        tr_noop("one day later, when the program is opened"), 1,
        _files("*.tmp", "*/*.tmp", "takes/*/*.tmp", "takes/*/.reserve", "*.lock.foreign-*", "*.owner.*"),
    ),
)  # fmt: skip
BY_COMMAND = ("practice", "parts", "databases", "check", "selftest")
"""Cleared by `station queue remove`."""
AT_START = ("sounds", "kits", "temporary")
AT_THE_END = ("check", "selftest")
