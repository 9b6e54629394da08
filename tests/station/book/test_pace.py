"""Keys and seconds of a pupil at the real screens, at the pace of a real afternoon."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from station.words.i18n import set_language, tr
from tests.station.book.accelerated import DIARY
from tests.station.book.material import fewer, sampled
from tests.station.book.pace import paces
from tests.station.book.proctor import FIELD, IDENTITY
from tests.station.book.steps import Day, leave
from tests.station.terminal.keys import ENTER
from tests.uploader.tusserver import TusServer

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal needs Linux"),
]

ITEMS = 3
KEYS = 4 + ITEMS
"""At most, of a pupil with whom all goes well."""
PUPILS = 2
CHECK_SECONDS = 8
"""What is spared of the check is longer."""
HOLDS = 30
"""Minutes that a good check holds: the second pupil follows on the same headset."""


def test_a_pupil_costs_at_most_four_keys_and_one_an_item(tmp_path: Path, server: TusServer) -> None:
    set_language("en")
    sampled(tmp_path, server.url)
    fewer(tmp_path / "roster.csv", PUPILS)
    kit = tmp_path / "kit" / "kit.toml"
    kit.write_text(f"check_holds_minutes = {HOLDS}\n{kit.read_text(encoding='utf-8')}", encoding="utf-8")
    keys = []
    with Day(tmp_path, "en").proctor("-m", "tests.station.book.accelerated", tmp_path, "1") as proctor:
        for left in reversed(range(PUPILS)):
            before = proctor.keys
            proctor.go(ENTER, tr(FIELD), tr(IDENTITY))
            proctor.go_on(to_do=left)
            keys.append(proctor.keys - before)
        leave(proctor)
    diary = (tmp_path / DIARY).read_text(encoding="utf-8").splitlines()
    found = paces(diary)
    for pressed, pace in zip(keys, found, strict=True):
        parts = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in pace.phases.items())
        print(
            f"{pressed} keys, {pace.total:.0f} s, beyond the kit {pace.beyond:.1f} s "
            f"(without the follower's check of {pace.short_check:.1f} s): {parts}"
        )
    assert max(keys) <= KEYS
    assert found[-1].short_check > 0
    assert found[-1].beyond < found[0].beyond - CHECK_SECONDS
