"""Sentences with values."""

from __future__ import annotations

import pytest

from config.base.message import Message, say, shown


def test_english_with_a_sentence_among_the_values() -> None:
    assert str(say("{name}: {what}", name="a.wav", what=say("{count} gaps", count=3))) == "a.wav: 3 gaps"


def test_equal_by_content() -> None:
    assert say("{count} gaps", count=3) == Message("{count} gaps", {"count": 3})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0107", "0107"),
        (107, "107"),
        ("  a \n\t b  ", "a b"),
        ("\x1b[2J\x00", "[2J"),
        ("陈一诺", "陈一诺"),
        ("\u202e反", "反"),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 60, "x" * 60),
    ],
)
def test_foreign_text_is_made_fit_to_be_shown(value: object, text: str) -> None:
    assert shown(value) == text
