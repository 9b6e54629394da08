"""A kit from its folder or .zip, validated; all problems at once for `station kit check`."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from errno import ENOSPC
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from config.base.errors import ConfigError, DiskError
from config.base.message import Message, say, shown
from config.base.problems import Problem, of_validation, raise_first
from config.base.systemerror import reason_of
from config.disk.filenames import fits_windows, too_long
from config.disk.files import is_file, is_folder, is_there
from config.kit.items import Item, Kit
from config.load import dotted_keys, read_toml
from config.roster.table import BROKEN_ZIP

KIT_FILE = "kit.toml"
SOUND_ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
MAX_UNPACKED = 500 * 1024 * 1024


def load_kit(path: Path, unpack_to: Path | None = None) -> Kit:
    """The kit of a folder, or of a .zip unpacked below `unpack_to`. Raises ConfigError."""
    kit, problems = check_kit(path, unpack_to)
    raise_first(problems)
    assert kit is not None
    return kit


def check_kit(path: Path, unpack_to: Path | None = None) -> tuple[Kit | None, list[Problem]]:
    """The kit if it can be used, and everything that is wrong with it. Raises DiskError on a full disk."""
    try:
        return _check(path, unpack_to)
    except OSError as error:
        message = say("the file can't be read: {detail}", detail=reason_of(error))
        return None, [Problem("error", path.name, message)]


def _check(path: Path, unpack_to: Path | None) -> tuple[Kit | None, list[Problem]]:
    try:
        root = _folder(path, unpack_to)
        values = read_toml(root / KIT_FILE)
    except ConfigError as error:
        return None, [Problem("error", path.name, error.what)]
    try:
        kit = Kit.model_validate({**values, "root": root})
    except ValidationError as error:
        keys = [*dotted_keys(Kit), *dotted_keys(Item, "items.")]
        return None, of_validation(error, KIT_FILE, keys)
    problems = [problem for item in kit.items for problem in _check_item(item, kit)] + _check_order(kit)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return kit.model_copy(update={"digest": _digest(kit)}), problems


def _folder(path: Path, unpack_to: Path | None) -> Path:
    if not is_there(path):
        raise ConfigError(say("the kit is not there. Check [session] kit in station.toml."))
    if is_folder(path):
        return path.absolute()
    if not zipfile.is_zipfile(path):
        raise ConfigError(say("this is neither a folder nor a .zip file."))
    target = unpack_to or Path(tempfile.mkdtemp(prefix="kit-"))
    try:
        target = _unpack(path, target)
    except BROKEN_ZIP as error:
        if isinstance(error, OSError) and error.errno == ENOSPC:
            raise DiskError(
                say("The disk is full; the test material can't be unpacked."),
                say("Free some space, or choose another drive under [data] dir in station.toml."),
            ) from error
        raise ConfigError(
            say(
                "it can't be unpacked ({detail}). Copy it again, without a password.",
                detail=reason_of(error) if isinstance(error, OSError) else shown(error),
            )
        ) from error
    found = sorted(target.rglob(KIT_FILE), key=lambda file: len(file.parts))
    if not found:
        raise ConfigError(say("there is no {file} in it.", file=KIT_FILE))
    return found[0].parent.absolute()


def _unpack(path: Path, below: Path) -> Path:
    # Chinese Windows writes file names in GBK; archives of other systems say that theirs are UTF-8.
    with zipfile.ZipFile(path, metadata_encoding="gb18030") as archive:
        target = below / hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        _refuse_unsafe(archive, target)
        # What other systems leave in archives, such as a Mac's "Icon\r", is no part of a kit.
        fit = [entry for entry in archive.infolist() if all(map(fits_windows, _parts(entry)))]
        archive.extractall(target, fit)
    return target


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    return PurePosixPath(entry.filename.replace("\\", "/")).parts


def _refuse_unsafe(archive: zipfile.ZipFile, target: Path) -> None:
    seen: set[str] = set()
    for entry in archive.infolist():
        parts = _parts(entry)
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
            raise ConfigError(say("it has an unsafe file name: {name}", name=shown(entry.filename)))
        if too_long(target.joinpath(*parts)):
            raise ConfigError(
                say("its file names are too long here. Choose a shorter [data] dir, such as C:/station.")
            )
        name = "/".join(parts).casefold()
        if name in seen:
            raise ConfigError(say("it has two files with the name {name}.", name=shown(entry.filename)))
        seen.add(name)
    if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
        raise ConfigError(say("it is larger than 500 MB unpacked."))


def _check_item(item: Item, kit: Kit) -> list[Problem]:
    problems = []
    for key, sound in (("prompt", item.prompt), ("accompaniment", item.accompaniment)):
        if sound is None:
            continue
        if not _holds(kit.root, sound):
            problems.append(
                _error(
                    say(
                        "item “{id}”: the {key} {file} is not in the kit.",
                        id=item.id,
                        key=key,
                        file=shown(sound),
                    )
                )
            )
        elif sound.suffix.lower() not in SOUND_ENDINGS:
            problems.append(
                _error(
                    say(
                        "item “{id}”: {file} is not a WAV, FLAC, OGG or MP3 file.",
                        id=item.id,
                        file=shown(sound),
                    )
                )
            )
    if item.min_seconds > item.max_seconds:
        problems.append(_error(say("item “{id}”: min_seconds is more than max_seconds.", id=item.id)))
    return problems


def _holds(root: Path, sound: Path) -> bool:
    """Whether the file exists and lies inside the kit."""
    if "\0" in str(sound):
        return False
    return (root / sound).resolve().is_relative_to(root.resolve()) and is_file(root / sound)


def _check_order(kit: Kit) -> list[Problem]:
    problems = []
    # Windows file names don't tell upper from lower case.
    ids = [item.id.casefold() for item in kit.items]
    for item_id in sorted({item_id for item_id in ids if ids.count(item_id) > 1}):
        problems.append(_error(say("two items have the id “{id}”.", id=item_id)))
    if not any(item.kind == "test" for item in kit.items):
        problems.append(_error(say("there is no item of kind “test”.")))
    return problems


def _error(message: Message) -> Problem:
    return Problem("error", KIT_FILE, message)


def _digest(kit: Kit) -> str:
    """sha256 over names and contents of kit.toml and the sounds that it names: what a pupil sees and hears.

    Other files of the folder, which may hold the takes, too, do not count.
    """
    sounds = {sound.as_posix() for item in kit.items for sound in (item.prompt, item.accompaniment) if sound}
    total = hashlib.sha256()
    for name in (KIT_FILE, *sorted(sounds)):
        total.update(name.encode("utf-8") + b"\0")
        total.update(hashlib.sha256((kit.root / name).read_bytes()).digest())
    return total.hexdigest()
