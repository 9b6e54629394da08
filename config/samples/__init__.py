"""The sample kit, roster and settings that `station init` and `station demo` start from."""

from __future__ import annotations

import shutil
from pathlib import Path

from config.base.errors import DiskError
from config.base.message import say
from config.base.systemerror import reason_of
from config.disk.files import is_folder, is_there

__all__ = ["PHRASE", "write_samples"]

FOLDER = Path(__file__).parent
PHRASE = FOLDER / "phrase.wav"
"""The phrase of the headset check: do re mi fa so."""
NAMES = ("station.toml", "roster.csv", "kit")


def write_samples(target: Path) -> tuple[list[Path], list[Path]]:
    """Copy settings, roster and kit into a folder; never overwrites.

    Returns what was written and what was there already. Raises DiskError.
    """
    written: list[Path] = []
    kept: list[Path] = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            if is_there(target / name) or (target / name).is_symlink():
                kept.append(target / name)
                continue
            _copy(FOLDER / name, target / name)
            written.append(target / name)
    except OSError as error:
        raise DiskError(
            say(
                "The folder {folder} can't be written: {detail}",
                folder=target.absolute().name,
                detail=reason_of(error),
            ),
            say("Choose another folder."),
        ) from error
    return written, kept


def _copy(source: Path, target: Path) -> None:
    """Contents without permissions: what is copied from a read-only stick can be written."""
    if not is_folder(source):
        shutil.copyfile(source, target)
        return
    target.mkdir()
    for inside in source.iterdir():
        _copy(inside, target / inside.name)
