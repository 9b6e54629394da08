"""Where the accompaniment begins in a take is stored to the sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio.device.card import VirtualCard
from tests.station.loop import place

RUNS = 3
"""`make bench-capture` does 20."""


@pytest.mark.costly
@pytest.mark.card
def test_the_stored_place_of_the_accompaniment_is_right_to_the_sample(
    own_card: VirtualCard, tmp_path: Path
) -> None:
    """Each run opens the headset anew, after another pause."""
    for seed in range(RUNS):
        found = place(own_card, tmp_path, seed)
        print(found)
        assert found.by == "leakage"
        assert abs(found.stored - found.true) <= 1
