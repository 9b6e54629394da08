"""A label and its value stand together as each language writes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from config.base.message import Message, say
from station.words.i18n import worded
from tests.tools.environment import ROOT

SHOWN = ("board", "station/tui", "station/words", "station/forms", "station/reports")
"""Where people read what is put together."""
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
