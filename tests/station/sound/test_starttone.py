"""The start tone is the one that the notation begins with, loud enough to be heard and never clipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from config.kit import Item, Kit
from config.roster import Roster
from station.session.plan import Plan
from station.sound.sounds import prepare_sounds
from station.sound.starttone import SECONDS, hz, pitches_of


def item(**fields: object) -> Item:
    return Item.model_validate({"id": "song", "title": "t", "notation": "0 3 5,", **fields})


@pytest.mark.parametrize(
    ("key", "tone", "expected"),
    [("", "first", (64,)), ("G", "first", (71,)), ("bB", "tonic", (58,)), ("D", "chord", (62, 66, 69))],
)
def test_the_tone_is_that_of_the_notation(key: str, tone: str, expected: tuple[int, ...]) -> None:
    assert pitches_of(item(key=key, start_tone=tone)) == expected


def test_concert_pitch_is_440_hz() -> None:
    assert hz(69) == 440
    assert abs(hz(60) - 261.626) < 0.001


@pytest.mark.parametrize("tone", ["first", "chord"])
def test_what_is_heard_before_singing_has_these_pitches(tmp_path: Path, tone: str) -> None:
    kit = Kit(id="k", version="1", items=(item(key="C", start_tone=tone),), root=tmp_path)
    assert Plan.of(Roster(()), kit).items[0].has_prompt, "the pupil is given time to listen"
    path = prepare_sounds(kit, 44100, tmp_path / "cache").prompts["song"]
    samples, rate = soundfile.read(path)
    assert rate == 44100
    assert abs(len(samples) / rate - SECONDS) < 0.1
    assert 0.2 < np.max(np.abs(samples)) < 0.3
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    for pitch in pitches_of(kit.items[0]):
        near = round(hz(pitch) * len(samples) / rate)
        peak = near - 20 + int(np.argmax(spectrum[near - 20 : near + 20]))
        assert abs(1200 * np.log2(peak * rate / len(samples) / hz(pitch))) < 5, "in tune within 5 cents"
