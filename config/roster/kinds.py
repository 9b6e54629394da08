"""What a file is by its first bytes, where it is no table: files are often not what their names say."""

from __future__ import annotations

from config.base.message import Message, say

OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
NEW_EXCEL = b"PK\x03\x04"
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"PK\x05\x06", b"MSCF")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
WORD = "WordDocument".encode("utf-16-le")
"""Names of streams in the container that old Excel files, old Word files and files with a password share."""


def no_table(data: bytes) -> Message | None:
    """What the file is instead of a table; None where it may be one."""
    if not data:
        return say("the file is empty (0 bytes). Copy it again.")
    if data.startswith(ARCHIVES):
        return say("this is an archive, not a table. Unpack it and use the table in it.")
    if data.startswith(b"%PDF"):
        return say("this is a PDF, not a table. Ask for the list as an Excel file.")
    if data.startswith(PICTURES):
        return say("this is a picture, not a table. Ask for the list as an Excel file.")
    if data.startswith(b"{\\rtf"):
        return say("this is a Word document. Copy its table into Excel and save it as .xlsx.")
    if data.startswith(OLD_EXCEL):
        if ENCRYPTED in data:
            return say("it has a password. Open it in Excel and save it without one.")
        if WORD in data:
            return say("this is a Word document. Copy its table into Excel and save it as .xlsx.")
    return None


def no_table_text(text: str) -> Message | None:
    """The same for text in any encoding."""
    begin = text[:2000].lstrip("\ufeff \t\r\n")
    if not begin.startswith("<"):
        return None
    if begin.startswith("<?xml") and "spreadsheet" in begin:
        return say("this is a table in the XML of Excel 2003. Open it in Excel and save it as .xlsx.")
    return say("this is a web page, not a table. Open it in Excel and save it as .xlsx.")
