"""Files that are not what their names say; whoever reads one may only answer with a sentence."""

from __future__ import annotations

from pathlib import Path

BINARY = bytes(range(256)) * 40
CONTENTS = {
    "empty": b"",
    "binary": BINARY,
    "NUL bytes": b"\0" * 4096,
    "NUL in text": "学号,姓名\n01\00007,陈\n".encode(),
    "one long line": b"a" * 10_000_000,
    "a long line of cells": b"a," * 500_000,
    "half of UTF-16": "学号".encode("utf-16") + b"\x41",
    "UTF-16 without a mark": "学号,姓名\n0107,陈\n".encode("utf-16-le"),
    "open quotation mark": b'id,name\n"0107,' + b"x" * 200_000,
    "a ZIP without content": b"PK\x05\x06" + b"\0" * 18,
    "a broken ZIP": b"PK\x03\x04" + BINARY,
    "a broken OLE file": bytes.fromhex("d0cf11e0a1b11ae1") + BINARY,
    "a web page": "\ufeff <html><table><tr><td>学号</td></tr></table>".encode(),
    "deep brackets": b"a = " + b"[" * 50_000,
    "escapes of a terminal": b"\x1b[2J\x1b]0;x\x07 = 1",
}
"""Name -> bytes."""


def make(path: Path, content: str) -> Path:
    """The hostile file, or a folder of this name for "a folder"."""
    if content == "a folder":
        path.mkdir()
    elif content != "nothing":
        path.write_bytes(CONTENTS[content])
    return path


ALL = [*CONTENTS, "a folder", "nothing"]


def is_sentence(text: str) -> bool:
    """One line that a person can read, not a dump of the file."""
    return 10 < len(text) < 300 and text.isprintable()
