"""`station forms` as a person calls it: where the files are, who can read them, what it says to mistakes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from config.settings import Settings
from station.forms.titles import FORMS
from tests.station.commands.called import station
from tests.station.forms.day import happened, sung


def test_all_forms_are_in_the_data_folder_and_nobody_else_can_read_them(
    home: Path, settings: Settings
) -> None:
    happened(settings, *sung(settings))
    code, out, err = station("forms", "--config", home / "station.toml")
    assert code == 0, err
    files = [Path(line) for line in out.splitlines()]
    assert [file.name for file in files] == [*(f"{name}.html" for name in FORMS), "forms.xlsx"]
    assert {file.parent.parent for file in files} == {home / "data" / "forms"}
    if sys.platform != "win32":
        assert {path.stat().st_mode & 0o077 for file in files for path in (file, file.parent)} == {0}


def test_some_forms_into_another_folder_in_the_chosen_language(home: Path) -> None:
    arguments = ("--out", home / "out", "--only", "posting, record", "--names", "--json")
    env = {"STATION_STATION__LANGUAGE": "zh_CN"}
    code, out, err = station("forms", "--config", home / "station.toml", *arguments, env=env)
    assert code == 0, err
    assert json.loads(out)["files"] == ["posting.html", "record.html", "forms.xlsx"]
    assert "演唱测试记录表" in (home / "out" / "record.html").read_text(encoding="utf-8")
    assert not (home / "data" / "forms").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--only", "record,recrod"), 2, ("There is no form recrod", "record, incidents")),
        (("--out", "station.toml/x"), 5, ("can't be written into x", "choose another folder")),
        (("--session", "roster-20200101"), 2, ("There is no session roster-20200101",)),
    ],
)
def test_a_mistake_is_one_sentence(
    home: Path, settings: Settings, arguments: tuple[str, str], code: int, words: tuple[str, ...]
) -> None:
    happened(settings, *sung(settings)[:1])
    option, value = arguments
    where = home / value if option == "--out" else value
    found = station("forms", "--config", home / "station.toml", option, where)
    assert found[:2] == (code, ""), found
    assert all(word in found[2] for word in words), found[2]
