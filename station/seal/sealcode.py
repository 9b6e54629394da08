"""The code of a seal: the first 100 bits of a SHA-256 in Crockford's base32, in five groups of four.

Crockford's letters (https://www.crockford.com/base32.html) can't be confused when they are read aloud or
copied by hand; 100 bits are more than anybody can try.
"""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 100
GROUP = 4
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
"""What people write instead."""


def seal_code(content: bytes) -> str:
    """`ABCD-EFGH-JKMN-PQRS-TVWX` of the bytes of a manifest."""
    number = int.from_bytes(sha256(content).digest(), "big") >> (256 - BITS)
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def same_code(typed: str, code: str) -> bool:
    """Whether somebody typed this code, in whatever way."""
    return typed.upper().translate(READ_AS) == code.translate(READ_AS)
