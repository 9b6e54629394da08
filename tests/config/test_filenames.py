"""Names and paths that mean the same file on every system."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path, PureWindowsPath
from typing import cast

import pytest

from config.base.errors import ConfigError
from config.disk.database import database_uri, open_database
from config.disk.filenames import LONGEST_PATH, fits_windows, too_long
from config.load import LONGEST_NAME, check_length


@pytest.mark.parametrize(
    "name",
    [
        "nul",
        "NUL.wav",
        "con",
        "Aux.tar.gz",
        "com1",
        "LPT9.txt",
        "com¹",
        "conin$",
        "nul .wav",
        "a.",
        "a ",
        "",
        "a:b",
        "a?",
        'a"',
        "a|b",
        "a<b",
        "a/b",
        "a\\b",
        "tab\t",
        ".",
    ],
)
def test_names_that_windows_refuses_or_changes(name: str) -> None:
    assert not fits_windows(name)


@pytest.mark.parametrize(
    "name", ["nullo", "console.wav", "com", "com10", ".hidden", "歌 1.wav", "a.b", "lpt"]
)
def test_names_that_are_fine(name: str) -> None:
    assert fits_windows(name)


def test_the_length_of_a_path_counts_on_windows_only() -> None:
    path = Path("/") / ("x" * LONGEST_PATH)
    assert too_long(path, "win32")
    assert not too_long(path, "linux")
    assert not too_long(Path("/") / ("x" * (LONGEST_PATH - 1)), "win32")
    assert too_long(Path("/") / ("😀" * (LONGEST_PATH // 2 + 1)), "win32")


def test_a_data_folder_that_lies_too_deep_is_refused_before_the_first_take() -> None:
    deep = Path("/") / ("d" * (LONGEST_PATH - LONGEST_NAME - 1))
    with pytest.raises(ConfigError, match="too long for Windows"):
        check_length(deep, "win32")
    check_length(deep, "linux")
    check_length(Path("/") / ("d" * (LONGEST_PATH - LONGEST_NAME - 2)), "win32")


class Drive(PureWindowsPath):
    """A path of Windows, which is absolute here, too."""

    def absolute(self) -> Drive:
        return self


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (r"C:\Users\张老师\a b.db", "file:///C:/Users/%E5%BC%A0%E8%80%81%E5%B8%88/a%20b.db"),
        (r"\\server\share\station.db", "file:////server/share/station.db"),
    ],
)
def test_a_database_on_a_drive_and_on_a_network_share_of_windows(path: str, uri: str) -> None:
    assert database_uri(cast(Path, Drive(path))) == uri


@pytest.mark.parametrize("name", ["a b%20#.db", "张.db"])
def test_a_database_with_any_name_is_opened(tmp_path: Path, name: str) -> None:
    with closing(open_database(tmp_path / name)) as db:
        db.execute("CREATE TABLE t (a)")
    assert (tmp_path / name).exists()
    with closing(sqlite3.connect(f"{database_uri(tmp_path / name)}?mode=ro", uri=True)) as db:
        assert db.execute("SELECT count(*) FROM t").fetchone()[0] == 0
