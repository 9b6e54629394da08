"""What a reader is to type stands in Chinese sentences as in English ones; quotes are of one style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_messages import CHINESE, PAIRS

ROOT = Path(__file__).parents[1]
TYPED = re.compile(
    r"https?://"
    r"|\b[A-Z]:\\"
    r"|\b\d\d?:\d\d(?:,\w+)?"
    r"|(?<![\w-])--[a-z][a-z-]+"
    r"|\bCtrl[+-][A-Z]\b"
    r"|\b[\w-]+\.(?:toml|csv|xlsx|xls|zip|wav|json|html)\b"
    r"|\b\w+ = \"\w*\""
)
"""Addresses, drives, times, options, keys, files and settings."""
FULL_WIDTH = re.compile(r"[\uff01-\uff5e\u3000-\u3002]")
QUOTED = re.compile(r"「([^」]*)」")
OTHER_QUOTES = re.compile(r"[“”\u2018\u2019『』《》〝〞]")
BETWEEN = re.compile(r"(?:https?|\b[A-Z]|\d)\uff1a(?:[/\\]|\d)")
"""A full-width colon where one types a narrow one."""


def lost(english: str, chinese: str) -> set[str]:
    return {text for text in TYPED.findall(english) if text not in chinese}


def test_what_is_typed_is_the_same_in_both_languages() -> None:
    assert {chinese: lost(english, chinese) for _, english, chinese in PAIRS if lost(english, chinese)} == {}
    assert [chinese for _, _, chinese in PAIRS if BETWEEN.search(chinese)] == []


def test_nothing_in_quotes_that_is_typed_has_wide_letters() -> None:
    wrong = [
        quoted
        for _, _, chinese in PAIRS
        for quoted in QUOTED.findall(chinese)
        if FULL_WIDTH.search(quoted) and not CHINESE.search(quoted)
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["E\uff1a\\", "https\uff1a//", "13\uff1a30"])
def test_the_rule_finds_what_is_wrong(text: str) -> None:
    assert BETWEEN.search(text)
    assert lost(text.replace("\uff1a", ":") + "x", text)


def test_quotes_are_of_one_style() -> None:
    assert [chinese for _, _, chinese in PAIRS if OTHER_QUOTES.search(chinese)] == []


def test_what_is_not_in_a_catalogue_keeps_the_rule_too() -> None:
    """Pages, samples, buttons of the bundle."""
    kinds = ("*.html", "*.toml", "*.cmd", "*.bat", "*.sh", "*.py", "*.txt")
    files = [
        file
        for folder in ("station", "config", "audio", "uploader", "tests/tools")
        for kind in kinds
        for file in (ROOT / folder).rglob(kind)
    ]
    assert len(files) > 200
    wrong = [
        f"{file.name}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
        if BETWEEN.search(line)
    ]
    assert wrong == []
