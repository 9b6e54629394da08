"""Another song is noticed, in whatever key and tempo it is sung; the right one is not, however it is sung."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio.judge.evidence import Expectation
from audio.judge.song import Songs
from audio.judge.verdict import judge
from config.kit import Limits
from config.takes import Loss, Verdict
from tests.audio.recordings import Signal, gain, noise, write_take
from tests.corpus.machines import whistle
from tests.corpus.voices import JOY, TWINKLE, Singer, sing, speak

pytestmark = pytest.mark.sampled(8, fewest=2)

STAR = (*TWINKLE, *((7, 1), (7, 1), (5, 1), (5, 1), (4, 1), (4, 1), (2, 2)) * 2, *TWINKLE)
ODE = (*JOY, *JOY[:-3], (2, 1.5), (0, 0.5), (0, 2))
SONGS = {"star": STAR, "ode": ODE}
SINGERS = {
    "a child": Singer(300),
    "a man": Singer(110, 1.0, seed=2),
    "a high child": Singer(420, seed=5),
    "out of tune": Singer(280, jitter_cents=45, vibrato_cents=35, seed=3),
}


BEATS = [0.5, *(pytest.param(beat, marks=pytest.mark.long) for beat in (0.35, 0.75))]


def heard(tmp_path: Path, signal: Signal, wanted: str = "star") -> Verdict:
    songs = Songs(SONGS[wanted], {2 if name == "ode" else 1: SONGS[name] for name in SONGS if name != wanted})
    take = write_take(tmp_path / "take.wav", signal * gain(-9) + noise(len(signal), -62))
    return judge(take, Expectation(2, 60, -62, Loss(), "stop", None, None, songs), Limits())


@pytest.mark.sampled(48, fewest=1)
@pytest.mark.parametrize("beat", BEATS)
@pytest.mark.parametrize("singer", SINGERS)
@pytest.mark.parametrize("sung", SONGS)
@pytest.mark.parametrize("wanted", SONGS)
def test_swapped_songs_are_noticed_and_no_others(
    tmp_path: Path, wanted: str, sung: str, singer: str, beat: float
) -> None:
    found = heard(tmp_path, sing(SINGERS[singer], SONGS[sung], beat), wanted)
    assert found.ok
    assert ("other_song" in found.remarks) == (wanted != sung)
    if wanted == sung:
        assert found.numbers["likeness"] > 0.6
        assert found.numbers["sung_share"] > 0.8
        assert "sounds_like_item" not in found.numbers
    else:
        assert found.numbers["likeness"] < 0.6
        assert found.numbers["sounds_like_item"] == (1 if sung == "star" else 2)


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize("tonic", [150.0, 220.0, 262.0, 311.0])
def test_key_and_range_are_those_that_were_sung(tmp_path: Path, tonic: float) -> None:
    found = heard(tmp_path, sing(Singer(tonic, 0.8), STAR)).numbers
    note = 69 + 12 * np.log2(tonic / 440)
    assert found["key_midi"] == pytest.approx(note, abs=0.5)
    assert found["lowest_midi"] == pytest.approx(note, abs=1)
    assert found["highest_midi"] == pytest.approx(note + 9, abs=1)


def test_half_a_song_is_this_song_and_half_of_it(tmp_path: Path) -> None:
    found = heard(tmp_path, sing(Singer(300), STAR[: len(STAR) // 2], 0.6))
    assert "other_song" not in found.remarks
    assert 0.3 < found.numbers["sung_share"] < 0.7


@pytest.mark.costly
def test_one_note_speech_and_whistling_are_not_called_another_song(tmp_path: Path) -> None:
    for signal in (sing(Singer(250), ((0, 4),) * 10), speak(220, 14), whistle()):
        assert "other_song" not in heard(tmp_path, signal).remarks


def test_a_song_of_no_kit_is_another_song(tmp_path: Path) -> None:
    tune = tuple((float(step), 1.0) for step in np.random.default_rng(4).integers(-3, 10, 40))
    assert "other_song" in heard(tmp_path, sing(Singer(300), tune)).remarks
