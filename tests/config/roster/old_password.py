"""A password on an old .xls, as Excel 97 sets it: 40-bit RC4, [MS-OFFCRYPTO] 2.3.6.2, [MS-XLS] 2.2.10."""

from __future__ import annotations

import hashlib
import struct

BOF, FILEPASS, BOUNDSHEET = 0x0809, 0x002F, 0x0085
BLOCK = 1024
SALT = bytes(range(16))


def with_password(stream: bytes, password: str) -> bytes:
    """The workbook's stream, encrypted: only the headers of records stay as they are."""
    secret = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    secret = hashlib.md5((secret + SALT) * 16).digest()[:5]
    key = _key_stream(secret, 0)
    proof = bytes(range(16, 32))
    proofs = _mixed(proof + hashlib.md5(proof).digest(), key)
    body = struct.pack("<HHH", 1, 1, 1) + SALT + proofs
    passed = struct.pack("<HH", FILEPASS, len(body)) + body
    (first,) = struct.unpack_from("<H", stream, 2)
    begin = 4 + first
    moved = stream[:begin] + passed + stream[begin:]
    found, at = bytearray(moved), 0
    keys = b"".join(_key_stream(secret, number) for number in range(len(moved) // BLOCK + 1))
    while at + 4 <= len(moved):
        kind, length = struct.unpack_from("<HH", moved, at)
        clear = 0
        if kind == BOUNDSHEET:
            (place,) = struct.unpack_from("<I", moved, at + 4)
            struct.pack_into("<I", found, at + 4, place + len(passed))
            clear = 4
        if kind not in (BOF, FILEPASS):
            begin, end = at + 4 + clear, at + 4 + length
            found[begin:end] = _mixed(moved[begin:end], keys[begin:end])
        at += 4 + length
    return bytes(found)


def _key_stream(secret: bytes, number: int) -> bytes:
    """RC4 of one block of the stream."""
    key = hashlib.md5(secret + struct.pack("<I", number)).digest()
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    found, i, j = bytearray(), 0, 0
    for _ in range(BLOCK):
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        found.append(state[(state[i] + state[j]) & 255])
    return bytes(found)


def _mixed(data: bytes, key: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(data, key, strict=False))
