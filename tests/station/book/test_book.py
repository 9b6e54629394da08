"""The day by the book in a real terminal, in both languages: rehearsed, opened by two, checked in, sung by
28 of 30 with all that goes wrong, closed, sealed, reported, delivered, cleared; and in the end all agrees.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from station.words.i18n import set_language
from tests.station.book import agreement, steps
from tests.station.book.agreement import Expected
from tests.station.book.material import changed, fewer, sampled
from tests.station.book.steps import Day
from tests.uploader.tusserver import TusServer

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux"),
]

PUPILS = {"en": 30, "zh_CN": 12}
"""One whole day; what is Chinese on it does not need so many. BOOK_PUPILS=N for another number, from 9."""


@pytest.fixture(params=PUPILS)
def day(tmp_path: Path, server: TusServer, request: pytest.FixtureRequest) -> Day:
    """Two persons, a check-in, songs of 40 seconds at most."""
    set_language(request.param)
    sampled(tmp_path, server.url)
    changed(
        tmp_path / "station.toml",
        'kit = "kit"\n',
        'kit = "kit"\nid = "day"\ncustody = "two"\ncheckin = "on"\n',
    )
    fewer(tmp_path / "roster.csv", int(os.environ.get("BOOK_PUPILS", PUPILS[request.param])))
    return Day(tmp_path, request.param)


def test_a_day_by_the_book(day: Day, server: TusServer) -> None:
    steps.rehearse(day)
    command = ("-m", "tests.station.book.accelerated", day.home)
    with day.proctor(*command) as proctor:
        steps.open_by_two(proctor, day)
        steps.check_in(proctor, day)
        steps.sing_until_the_power_goes(proctor, day)
    with day.proctor(*command) as proctor:
        steps.sing_after_the_power_cut(proctor, day)
        first = steps.close_and_seal(proctor, 1)
        steps.open_again(proctor)
        second = steps.close_and_seal(proctor, 2)
        assert first != second
        steps.write_forms(proctor, day)
        steps.clear(proctor, day)
        steps.leave(proctor)
    persons = tuple(name for name, _ in (steps.WANG, steps.LI))
    expected = Expected(
        code=second,
        pupils=len(day.names),
        persons=persons,
        absent=(steps.ABSENT, steps.UNWELL),
        broke_off=steps.BROKE_OFF,
        unplugged=steps.UNPLUGGED,
        cut=steps.CUT,
        twice=(steps.MUTED, steps.UNPLUGGED, steps.CUT),
    )
    set_language("en")
    agreement.check(day.home, server, expected)
