"""A kit's .zip, unpacked: bounded, into its own folder, with the names that its author gave.

1. What an archive announces is looked at before anything is unpacked.
2. Names without the flag of UTF-8 are UTF-8 all the same (macOS, many web servers) or GBK (Chinese Windows);
   whichever all names of the archive can be. Parts of names may be separated by backslashes (.NET).
3. macOS takes letters with marks apart (NFD); kit.toml names them as they are typed (NFC).
"""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from errno import ENOSPC
from pathlib import Path, PurePosixPath

from config.base.errors import ConfigError, DiskError
from config.base.message import say, shown
from config.base.systemerror import reason_of
from config.disk.filenames import fits_windows, too_long
from config.disk.files import digest_of

MAX_UNPACKED = 500 * 1024 * 1024
MAX_ENTRIES = 2000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others need gigabytes (LZMA) or minutes (bzip2), whatever is in them."""
UTF8_FLAG = 0x800
NO_FLAG = "cp437"
"""As zipfile takes names without the flag: every byte is a letter of it."""
BROKEN_ZIP = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What zipfile raises on damaged archives, and on those with a password (RuntimeError)."""
OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MSCF")


def unpack(path: Path, below: Path) -> Path:
    """The folder, named after the content. Raises ConfigError, and DiskError on a full disk."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            other = file.read(8).startswith(OTHER_ARCHIVES)
        raise ConfigError(
            say("this is an archive of another kind. Unpack it and name the folder, or make a .zip.")
            if other
            else say("this is neither a folder nor a .zip file.")
        )
    try:
        return _unpack(path, below)
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


def _unpack(path: Path, below: Path) -> Path:
    if path.stat().st_size > MAX_UNPACKED:
        raise ConfigError(say("it is larger than 500 MB unpacked."))
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        target = below / digest_of(path)[:16]
        entries = archive.infolist()
        _refuse_large(entries)
        encoding = _encoding(entries)
        for entry in entries:
            entry.filename = _name(entry, encoding)
        _refuse_unsafe(entries, target)
        # What other systems leave in archives, such as a Mac's "Icon\r", is no part of a kit.
        fit = [entry for entry in entries if all(map(fits_windows, _parts(entry)))]
        for entry in fit:
            archive.extract(entry, target)
    return target


def _refuse_large(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise ConfigError(say("it has more than {count} files.", count=MAX_ENTRIES))
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ConfigError(say("it is larger than 500 MB unpacked."))
    if any(entry.compress_type not in METHODS for entry in entries):
        raise ConfigError(
            say("it is packed in a way that is not read here. Pack it again with Windows, or as “Deflate”.")
        )


def _encoding(entries: list[zipfile.ZipInfo]) -> str:
    """Of the names without the flag."""
    raw = [entry.orig_filename.encode(NO_FLAG) for entry in entries if not entry.flag_bits & UTF8_FLAG]
    for encoding in ("utf-8", "gb18030"):
        try:
            for name in raw:
                name.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return NO_FLAG


def _name(entry: zipfile.ZipInfo, encoding: str) -> str:
    name = entry.orig_filename
    if not entry.flag_bits & UTF8_FLAG:
        name = name.encode(NO_FLAG).decode(encoding)
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    return PurePosixPath(entry.filename).parts


def _refuse_unsafe(entries: list[zipfile.ZipInfo], target: Path) -> None:
    seen: set[str] = set()
    for entry in entries:
        parts = _parts(entry)
        if ".." in parts or entry.filename.startswith("/") or ":" in entry.filename:
            raise ConfigError(say("it has an unsafe file name: {name}", name=shown(entry.filename)))
        if too_long(target.joinpath(*parts)):
            raise ConfigError(
                say("its file names are too long here. Choose a shorter [data] dir, such as C:/station.")
            )
        name = "/".join(parts).casefold()
        if name in seen:
            raise ConfigError(say("it has two files with the name {name}.", name=shown(entry.filename)))
        seen.add(name)
