"""The scale under the level meter: as wide as the bar in both languages, its words where the levels are."""

from __future__ import annotations

import pytest

from audio.protocol.messages import Level
from config.kit.limits import Limits
from station.tui.widgets.meter import FALL, LOWEST, Meter, cell_of, good_from, scale
from station.words.i18n import Language, set_language
from station.words.present import cells

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


def test_the_bar_rises_at_once_and_falls_slowly() -> None:
    """Levels come some times a second, the screen is drawn twelve times."""
    meter = Meter(LIMITS)

    def at(now: float, level: Level | None) -> int:
        meter.show(level, now)
        return int(meter.lines[0].split("]")[1].split()[0])

    assert at(100.0, Level(-50)) == -50
    assert at(100.1, Level(-12)) == -12
    assert at(100.6, Level(-50)) == round(-12 - 0.5 * FALL)
    assert at(101.1, Level(-50)) == round(-12 - FALL)
    assert at(101.2, Level(-6)) == -6
    assert at(120.0, None) == LOWEST


def test_a_muted_microphone_is_said_in_words_whatever_else_is_said() -> None:
    set_language("en")
    meter = Meter(LIMITS)
    for muted, said in ((1.2, False), (1.6, True), (30.0, True), (0.0, False)):
        for judged in (True, False):
            meter.show(Level(-144.0, muted_seconds=muted), 100.0, judged=judged)
            assert ("muted" in meter.lines[-1]) == said
