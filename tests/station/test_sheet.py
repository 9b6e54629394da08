"""Pages: what people write is text on them, never markup; a word that is forgotten is noticed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from station.reports.sheet import filled

AT = datetime(2026, 5, 25, 16, 20, tzinfo=UTC)
HOSTILE = '<script>alert("1")</script>&amp;'


def account(**texts: object) -> str:
    words: dict[str, object] = {
        "place": HOSTILE,
        "totals": [HOSTILE],
        "heading": [HOSTILE],
        "rows": [[HOSTILE]],
        "incidents": HOSTILE,
        "notes_heading": [HOSTILE],
        "notes": [[HOSTILE]],
        "no_notes": HOSTILE,
        "own_heading": HOSTILE,
        "own": [[HOSTILE]],
    }
    return filled("account.html", AT, title=HOSTILE, signs=[HOSTILE], **{**words, **texts})


@pytest.mark.parametrize("notes", [[], [[HOSTILE]]])
def test_a_school_a_name_or_a_note_never_becomes_markup(notes: list[list[str]]) -> None:
    page = account(notes=notes)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 8
    assert "&amp;amp;" in page


def test_a_page_with_a_word_missing_is_not_written() -> None:
    with pytest.raises(UndefinedError):
        filled("account.html", AT, title="t", signs=[])
