"""A card that does not take the rate that is asked for: jackd."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings
from station.checks.bench import Bench, Wishes
from tests.audio.jack import DEVICE, JackServer, why_not
from tests.station.checks.found import failed, run, skipped

pytestmark = pytest.mark.jack


@pytest.mark.costly
def test_a_rate_that_the_card_does_not_take(settings: Settings, tmp_path: Path) -> None:
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    audio = settings.audio.model_copy(update={"input": DEVICE, "output": DEVICE, "samplerate": 44100})
    with JackServer(tmp_path, 1024) as card:
        wishes = Wishes(assume_heard=True, env=card.env)
        found = run(Bench(settings.model_copy(update={"audio": audio}), wishes))
    assert failed(found) == {"opens"}
    assert "samplerate" in str(found["opens"].what)
    assert skipped(found) == found.keys() - {"device", "opens"}
