"""The manuals for teachers name what is there: keys, forms, pictures, and the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.settings import SessionSection
from station.commands.cli import COMMANDS
from station.forms.titles import FORMS
from station.tui.actions import ACTIONS, key_name
from station.words.i18n import Language, set_language, tr

DOCS = Path(__file__).parents[1] / "docs"
PAGES: dict[Language, Path] = {"zh_CN": DOCS / "手册.md", "en": DOCS / "manual.md"}
TEXTS = {language: page.read_text(encoding="utf-8") for language, page in PAGES.items()}


@pytest.mark.parametrize("language", PAGES)
def test_every_picture_is_there_in_the_language_of_the_page(language: Language) -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", TEXTS[language])
    assert len(pictures) >= 10
    assert all((DOCS / picture).is_file() and f".{language}." in picture for picture in pictures)


@pytest.mark.parametrize("language", PAGES)
def test_every_key_does_something(language: Language) -> None:
    named = set(re.findall(r"\bF(?:1[0-2]|[1-9])\b", TEXTS[language]))
    assert len(named) >= 8
    assert named <= {key_name(action.key) for action in ACTIONS}


@pytest.mark.parametrize("language", PAGES)
def test_every_form_stands_there_by_its_title(language: Language) -> None:
    set_language(language)
    titles = [tr(kind.title) for kind in FORMS.values()]
    set_language("en")
    rows = [
        line.split("|")[1].strip() for line in TEXTS[language].split("## 7.")[1].splitlines() if "|" in line
    ]
    assert rows[2:] == titles


@pytest.mark.parametrize("language", PAGES)
def test_commands_and_settings_are_those_of_the_program(language: Language) -> None:
    commands = re.findall(r"`station (\w+)", TEXTS[language])
    assert set(commands) <= set(COMMANDS)
    assert set(re.findall(r"`(\w+) = ", TEXTS[language])) <= set(SessionSection.model_fields)


def test_both_languages_say_the_same() -> None:
    """As far as a machine can tell: sections, pictures, steps and rows of tables."""
    shapes = [
        [len(re.findall(pattern, text, re.MULTILINE)) for pattern in (r"^## ", r"^!", r"^\d\. ", r"^\|")]
        for text in TEXTS.values()
    ]
    assert shapes[0] == shapes[1]
