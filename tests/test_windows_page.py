"""docs/windows.md names what is there: words of the station, commands, checks, and links to its table."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from station.checks.catalogue import BY_ID
from station.commands.cli import COMMANDS
from station.words.i18n import FOLDER

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "windows.md").read_text(encoding="utf-8")


def test_words_of_the_station_are_those_that_a_teacher_sees() -> None:
    shown = []
    for path in (FOLDER / "zh_CN" / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            shown += [str(message.string) for message in read_po(file) if message.id]
    quoted = re.findall("「([^」…]+)」", PAGE)
    assert len(quoted) >= 4
    assert [word for word in quoted if not any(word in text for text in shown)] == []


def test_commands_and_checks_are_there() -> None:
    named = set(re.findall(r"`station ([a-z]+)", PAGE))
    assert named >= {"doctor", "devices", "record", "selftest", "demo"}
    assert named <= COMMANDS.keys()
    checks = {name for names in re.findall(r"--only ([a-z_,]+)", PAGE) for name in names.split(",")}
    assert checks
    assert checks <= BY_ID.keys()


def test_every_step_that_asks_has_a_place_in_the_table() -> None:
    table = PAGE.partition("## Send this back")[2]
    sections = re.findall(r"^## (\d)\. ", PAGE, re.MULTILINE)
    assert sections == ["1", "2", "3", "4", "5"]
    assert all(re.search(rf"^\| [^|]*\b{number}[ .]", table, re.MULTILINE) for number in sections)
    files = set(re.findall(r"take\d", PAGE.partition("## Send this back")[0]))
    assert files == {f"take{number}" for number in range(1, 6)}
