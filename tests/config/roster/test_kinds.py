"""A file that is no roster at all is called what it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from config.roster.rosterfile import check_roster


def read(path: Path) -> tuple[list[str], list[str]]:
    """(numbers, sentences without the file's name)."""
    roster, problems = check_roster(path)
    said = [f"{problem.severity} {problem.sentence()}".replace(path.name, "F") for problem in problems]
    return [pupil.student_id for pupil in roster.pupils] if roster else [], said


def read_text(tmp_path: Path, text: str) -> tuple[list[str], list[str]]:
    path = tmp_path / "r.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read(path)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "0 bytes"),
        (b"Rar!\x1a\x07\x01\x00xx", "archive"),
        (b"7z\xbc\xaf\x27\x1cxx", "archive"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"<html><table>", "web page"),
        (b"{\\rtf1 x}", "Word"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "Excel 2003",
        ),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "WordDocument".encode("utf-16-le"), "Word"),
    ],
)
def test_a_file_named_xls_is_called_what_it_is(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "r.xls"
    path.write_bytes(content)
    numbers, said = read(path)
    assert numbers == []
    assert len(said) == 1
    assert word in said[0]


@pytest.mark.usefixtures("read_at_once")
@pytest.mark.parametrize(("name", "word"), [("word/document.xml", "Word"), ("a.txt", "archive")])
def test_an_archive_that_is_no_workbook_is_called_what_it_is(tmp_path: Path, name: str, word: str) -> None:
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    assert word in read(path)[1][0]
