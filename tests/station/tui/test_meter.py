"""The scale under the level meter: as wide as the bar in both languages, its words where the levels are."""

from __future__ import annotations

import pytest

from config.limits import Limits
from station.i18n import Language, set_language
from station.present import cells
from station.tui.widgets.meter import cell_of, good_from, scale

LIMITS = Limits()


@pytest.mark.parametrize("width", [10, 30, 67, 107])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_marks_stand_at_their_levels(language: Language, width: int) -> None:
    set_language(language)
    text = scale(LIMITS, width)
    before, _, after = text.partition("^")
    assert cells(before) == cell_of(good_from(LIMITS), width)
    assert cells(text) - 1 == cell_of(LIMITS.peak_warn, width)
    assert after.endswith("^")


@pytest.mark.parametrize(("language", "quiet", "good"), [("en", "quiet", "good"), ("zh_CN", "太小", "合适")])
def test_words_say_what_the_marks_mean(language: Language, quiet: str, good: str) -> None:
    set_language(language)
    before, _, zone = scale(LIMITS, 67).partition("^")
    assert before.strip() == quiet
    assert zone.strip("^-").strip() == good


def test_a_narrow_meter_leaves_words_out() -> None:
    set_language("en")
    assert set(scale(LIMITS, 10)) <= set(" ^-")
