"""Labels and values, and names in a row, stand together as each language writes it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest

from config.base.codes import shown_again, stored
from config.base.message import Message, say
from station.words.i18n import worded
from tests.tools.environment import ROOT

SHOWN = ("board", "station/tui", "station/words", "station/forms", "station/reports")
"""Where people read what is put together."""
ROWS = ("audio", "board", "config", "station")
"""All that says something; what the uploader joins is SQL."""
OTHERS = ("codes.py", "categories.py")
"""A sentence that this program does not know has no language; between clauses stands another comma."""
IN_TEMPLATE = re.compile(r"\}\}\s*:(?=\s)|[\"']\)\s*~\s*[\"']:|(?<!width):\s*\{\{")
"""A value with a colon of its own before or behind it; not in a style."""


def joined(source: str) -> Iterator[int]:
    """Lines of formatted texts in which a colon and a blank stand behind a value, and nothing else."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            for before, part in zip(node.values, node.values[1:], strict=False):
                text = part.value if isinstance(part, ast.Constant) else ""
                if isinstance(before, ast.FormattedValue) and isinstance(text, str) and text == ": ":
                    yield node.lineno


def test_each_language_has_its_own_colon() -> None:
    message = Message.labelled(say("School"), 14)
    assert str(message.params["label"]) == "School"
    assert worded("en", message) == "School: 14"
    assert worded("zh_CN", message) == "学校\uff1a14"


def commas(source: str) -> Iterator[int]:
    """Lines that join with an English comma."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute) or node.attr != "join":
            continue
        if any(isinstance(text, ast.Constant) and text.value == ", " for text in ast.walk(node)):
            yield node.lineno


def test_each_language_has_its_own_comma() -> None:
    names = Message.listed(["Anna", "Li", say("School")])
    assert str(names) == "Anna, Li, School"
    assert worded("zh_CN", names) == "Anna、Li、学校"
    assert worded("zh_CN", Message.listed(["1", "2", "3"], most=2)) == "1、2…"
    assert str(Message.listed(["1", "2", "3"], most=3)) == "1, 2, 3"
    assert str(Message.listed([])) == ""
    assert str(Message.listed(["{brace}"])) == "{brace}"


def test_a_row_of_names_that_was_stored_has_the_comma_of_the_language_that_reads_it() -> None:
    kept = json.loads(json.dumps(stored(say("These are missing: {names}", names=Message.listed(["a", "b"])))))
    again = shown_again(kept)
    assert again is not None
    assert worded("zh_CN", again).endswith("a、b")


@pytest.mark.costly
def test_nobody_joins_names_by_hand() -> None:
    files = [path for room in ROWS for path in sorted((ROOT / room).rglob("*.py"))]
    told = [path for path in files if path.name not in OTHERS]
    found = [f"{path.name}:{line}" for path in told for line in commas(path.read_text(encoding="utf-8"))]
    assert len(files) > 300
    assert found == [], "use Message.listed"


def test_nobody_joins_a_label_and_a_value_by_hand() -> None:
    files = [path for room in SHOWN for path in sorted((ROOT / room).rglob("*.py"))]
    found = [f"{path.name}:{line}" for path in files for line in joined(path.read_text(encoding="utf-8"))]
    assert len(files) > 100
    assert found == [], "use Message.labelled"


def test_no_page_joins_a_label_and_a_value_by_hand() -> None:
    files = [path for room in SHOWN for path in sorted((ROOT / room).rglob("templates/*.html"))]
    lines = [(path.name, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(files) > 10
    assert [(name, line) for name, line in lines if IN_TEMPLATE.search(line)] == [], "use labelled()"


@pytest.mark.parametrize("line", ['{{ tr("In order") }}: {{ healthy }}', "<p>Forms: {{ forms }}</p>"])
def test_the_page_of_before_would_be_noticed(line: str) -> None:
    assert IN_TEMPLATE.search(line)
