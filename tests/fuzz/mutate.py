"""Small harm to a good file: what disks, mail programs, editors and strangers do to it."""

from __future__ import annotations

import io
import random
import zipfile
import zlib

TOKENS = (
    *(b"", b"\0", b"\xff" * 8, b"\xef\xbb\xbf", b"\r\n", b'"', b"\\", b"[", b"{", b"<", b"&", b"../"),
    *(b"9" * 400, b"9" * 5000, b"-1", b"1e309", b"nan", b"inf", b"0x", b"true", b"null", b"\x1b[2J"),
    *(b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
    *("\u202e", "\u0000", "学号", "😀", "²", "\ud800"),
)  # fmt: skip
"""Signs that readers trip over."""
DEEP = 20_000


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to four kinds of harm; within the parts of an archive, or to the archive itself."""
    if data.startswith(b"PK\x03\x04") and chance.random() < 0.7:
        return _repacked(data, chance)
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(HARMS)(data, chance)
    return data


def _repacked(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    victim = chance.choice(list(parts))
    parts[victim] = chance.choice(HARMS)(parts[victim], chance)
    if chance.random() < 0.1:
        del parts[chance.choice(list(parts))]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def _flip(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        if found:
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def _number(data: bytes, chance: random.Random) -> bytes:
    """A length or an offset of a binary format becomes another."""
    at, size = chance.randrange(len(data) + 1), chance.choice((1, 2, 4, 8))
    value = chance.choice((0, 1, 2 ** (8 * size) - 1, 2 ** (8 * size - 1), chance.randrange(2 ** (8 * size))))
    return data[:at] + value.to_bytes(size, "little") + data[at + size :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _drop(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.randint(1, 200) :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(data) + 1), chance.randint(1, 200)
    return data[:at] + data[at : at + length] * chance.choice((2, 3, 50)) + data[at:]


def _token(data: bytes, chance: random.Random) -> bytes:
    at, token = chance.randrange(len(data) + 1), chance.choice(TOKENS)
    word = token.encode("utf-8", "surrogatepass") if isinstance(token, str) else token
    return data[:at] + word + data[at + chance.choice((0, len(word))) :]


def _deep(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice((b"[", b'{"a":', b"<a>", b"(")) * DEEP + data[at:]


def _encoded(data: bytes, chance: random.Random) -> bytes:
    """The same text in another encoding, where it is one."""
    try:
        return data.decode("utf-8").encode(chance.choice(("utf-16", "utf-16-le", "gb18030", "utf-8-sig")))
    except UnicodeError:
        return zlib.compress(data)


HARMS = (_flip, _number, _cut, _drop, _repeat, _token, _token, _deep, _encoded)
