"""A kit from its folder or .zip, validated; all problems at once for `station kit check`."""

from __future__ import annotations

import hashlib
import tempfile
import unicodedata
from pathlib import Path

from pydantic import ValidationError

from config.base.errors import ConfigError
from config.base.message import Message, say, shown
from config.base.problems import Problem, of_validation, raise_first
from config.base.systemerror import reason_of
from config.disk.files import digest_of, is_file, is_folder, is_there
from config.kit.archive import unpack
from config.kit.items import Item, Kit
from config.kit.notationcheck import check_notation
from config.load import check_path, dotted_keys, read_toml

KIT_FILE = "kit.toml"
SOUND_ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
MAX_SOUND_BYTES = 200_000_000
"""Ten minutes of stereo as a WAV of 48 kHz and 24 bits have 173 MB."""


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
    kit = kit.model_copy(update={"items": tuple(_as_on_disk(item, root) for item in kit.items)})
    problems = [problem for item in kit.items for problem in _check_item(item, kit)] + _check_order(kit)
    written = (root / KIT_FILE).read_text(encoding="utf-8-sig").splitlines()
    problems += [problem for item in kit.items for problem in check_notation(item, KIT_FILE, written)]
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return kit.model_copy(update={"digest": _digest(kit)}), problems


def _folder(path: Path, unpack_to: Path | None) -> Path:
    if not is_there(path):
        raise ConfigError(say("the kit is not there. Check [session] kit in station.toml."))
    if is_folder(path):
        return path.absolute()
    target = unpack(path, unpack_to or Path(tempfile.mkdtemp(prefix="kit-")))
    found = sorted(target.rglob(KIT_FILE), key=lambda file: len(file.parts))
    if not found:
        raise ConfigError(say("there is no {file} in it.", file=KIT_FILE))
    return found[0].parent.absolute()


def _check_item(item: Item, kit: Kit) -> list[Problem]:
    problems = []
    for key, sound in (("prompt", item.prompt), ("accompaniment", item.accompaniment)):
        if sound is None:
            continue
        try:
            check_path(f"items.{item.id}.{key}", str(sound))
        except ConfigError as error:
            problems.append(_error(error.what))
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
        elif (kit.root / sound).stat().st_size > MAX_SOUND_BYTES:
            problems.append(
                _error(say("item “{id}”: {file} is larger than 200 MB.", id=item.id, file=shown(sound)))
            )
    if item.min_seconds > item.max_seconds:
        problems.append(_error(say("item “{id}”: min_seconds is more than max_seconds.", id=item.id)))
    return problems


def _as_on_disk(item: Item, root: Path) -> Item:
    """With the names that the files have: macOS writes letters and their marks apart (NFD)."""
    found = {
        key: _found(root, sound)
        for key, sound in (("prompt", item.prompt), ("accompaniment", item.accompaniment))
        if sound is not None and not str(sound).isascii()
    }
    return item.model_copy(update=found) if found else item


def _found(root: Path, sound: Path) -> Path:
    """The path as it is on the disk; as it was given where there is none that is written alike."""
    at = Path()
    for part in sound.parts:
        wanted = unicodedata.normalize("NFC", part)
        try:
            names = [path.name for path in (root / at).iterdir()]
        except OSError:
            return sound
        alike = [name for name in names if unicodedata.normalize("NFC", name) == wanted]
        if not alike:
            return sound
        at /= part if part in alike else alike[0]
    return at


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
    for name in (KIT_FILE, *sorted(sounds, key=lambda name: unicodedata.normalize("NFC", name))):
        total.update(unicodedata.normalize("NFC", name).encode("utf-8") + b"\0")
        total.update(bytes.fromhex(digest_of(kit.root / name)))
    return total.hexdigest()
