"""Codes of persons, kept as slow hashes: who copies the journal still has to try each code for long.

scrypt (RFC 7914) with N=2^15 and 32 MB a try, a row of OWASP's cheat sheet on storing passwords; a million
codes of six digits take a computer of a school about a day.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 1024 * 1024, "dklen": 32}
DIGITS = range(6, 33)
"""How long a code may be."""
PREFIX = "scrypt"


def fits(code: str) -> bool:
    """Whether it is a code at all: six digits or more."""
    return code.isascii() and code.isdecimal() and len(code) in DIGITS


def kept(code: str) -> str:
    """What is stored instead of a code: `scrypt:salt:hash`. Takes about 0.1 s."""
    salt = secrets.token_bytes(16)
    return f"{PREFIX}:{salt.hex()}:{_hash(code, salt).hex()}"


def is_code(typed: str, stored: str) -> bool:
    """Whether somebody typed the code that was stored; False also for what nobody stored."""
    kind, _, rest = stored.partition(":")
    salt, _, digest = rest.partition(":")
    try:
        return kind == PREFIX and hmac.compare_digest(
            _hash(typed, bytes.fromhex(salt)), bytes.fromhex(digest)
        )
    except ValueError:
        return False


def _hash(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode("utf-8"), salt=salt, **COST)
