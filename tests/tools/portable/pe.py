"""Windows DLLs that hold no code: reading which names one exports, and writing one that hands all names on.

The format is Microsoft's “PE Format” (learn.microsoft.com/windows/win32/debug/pe-format): headers, then one
section with the export directory. An export whose address lies inside that directory is the text
“module.name”: a forwarder. Without code there is nothing to relocate and no entry point, as in a DLL of
resources.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from types import MappingProxyType

MACHINE_AMD64 = 0x8664
FILE_FLAGS = 0x2022
"""EXECUTABLE_IMAGE, LARGE_ADDRESS_AWARE, DLL."""
DLL_FLAGS = 0x0160
"""HIGH_ENTROPY_VA, DYNAMIC_BASE, NX_COMPAT: may lie anywhere, runs nothing from data."""
SECTION_FLAGS = 0x40000040
"""CNT_INITIALIZED_DATA, MEM_READ."""
PE32_PLUS = 0x20B
DIRECTORIES = 16
BASE = 0x180000000
PAGE, BLOCK = 0x1000, 0x200
"""Alignment in memory and in the file; all headers fit into one block."""
DIRECTORY = struct.Struct("<IIHHIIIIIII")
OPTIONAL = struct.Struct("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII")
COFF = struct.Struct("<HHIIIHH")
NONE: Mapping[str, str] = MappingProxyType({})


def forwarder(name: str, target: str, exports: Sequence[str], renamed: Mapping[str, str] = NONE) -> bytes:
    """A DLL called `name` whose exports are those of the DLL `target` (without “.dll”), for x86-64.

    `renamed`: what an export is called in `target`, where that is another name.
    """
    section = _export_section(
        name, target, {export: renamed.get(export, export) for export in sorted(exports)}
    )
    raw = _padded(section, BLOCK)
    image = PAGE + len(_padded(section, PAGE))
    stack = (0x100000, 0x1000)
    optional = OPTIONAL.pack(
        *(PE32_PLUS, 1, 0, 0, len(raw), 0, 0, PAGE, BASE, PAGE, BLOCK, 6, 0, 0, 0, 6, 0, 0),
        *(image, BLOCK, 0, 2, DLL_FLAGS, *stack, *stack, 0, DIRECTORIES),
    )
    directories = struct.pack("<II", PAGE, len(section)) + bytes(8 * (DIRECTORIES - 1))
    coff = COFF.pack(MACHINE_AMD64, 1, 0, 0, 0, len(optional) + len(directories), FILE_FLAGS)
    table = struct.pack(
        "<8sIIIIIIHHI", b".rdata", len(section), PAGE, len(raw), BLOCK, 0, 0, 0, 0, SECTION_FLAGS
    )
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    return _padded(dos + b"PE\0\0" + coff + optional + directories + table, BLOCK) + raw


def _export_section(name: str, target: str, exports: Mapping[str, str]) -> bytes:
    """Directory, addresses, names, ordinals, then all texts; every address is that in memory."""
    count = len(exports)
    functions = PAGE + DIRECTORY.size
    names, ordinals = functions + 4 * count, functions + 8 * count
    texts = bytearray()

    def place(text: str) -> int:
        at = ordinals + 2 * count + len(texts)
        texts.extend(text.encode("ascii") + b"\0")
        return at

    own = place(name)
    handed_on = [place(f"{target}.{meant}") for meant in exports.values()]
    called = [place(export) for export in exports]
    directory = DIRECTORY.pack(0, 0, 0, 0, own, 1, count, count, functions, names, ordinals)
    addresses = struct.pack(f"<{2 * count}I", *handed_on, *called)
    return directory + addresses + struct.pack(f"<{count}H", *range(count)) + bytes(texts)


def _padded(content: bytes, size: int) -> bytes:
    return content + bytes(-len(content) % size)


def exported(dll: bytes) -> list[str]:
    """The names that a 64-bit DLL exports, in the order of its table. Raises ValueError for what is none."""
    try:
        return _exported(dll)
    except struct.error as error:
        raise ValueError("no DLL, or one that is cut off") from error


def _exported(dll: bytes) -> list[str]:
    (start,) = struct.unpack_from("<I", dll, 60)
    if dll[start : start + 4] != b"PE\0\0":
        raise ValueError("no DLL")
    _, sections, _, _, _, size, _ = COFF.unpack_from(dll, start + 4)
    optional = start + 4 + COFF.size
    (directory,) = struct.unpack_from("<I", dll, optional + OPTIONAL.size)
    tables = [struct.unpack_from("<8xIIII", dll, optional + size + 40 * index) for index in range(sections)]

    def at(address: int) -> int:
        """Where in the file something lies that has this address in memory."""
        for length, begin, stored, offset in tables:
            if begin <= address < begin + max(length, stored):
                return int(address - begin + offset)
        raise ValueError("an address outside of every section")

    if not directory:
        return []
    *_, count, _functions, names, _ordinals = DIRECTORY.unpack_from(dll, at(directory))
    places = struct.unpack_from(f"<{count}I", dll, at(names))
    return [dll[at(place) : dll.index(b"\0", at(place))].decode("ascii") for place in places]
