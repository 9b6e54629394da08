"""Songs as plain notes: what is said of key, range, share and of another song, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest

from audio.judge.song import LEAST_FRAMES, Floats, Melody, SongHeard, Songs, compare, recognise
from tests.audio.judge.test_song import ODE, STAR

HOPS_PER_SECOND = 50


def sung(notes: Melody, tonic: float = 60.0, beat: float = 0.5) -> Floats:
    """A pitch every 20 ms, as a voice without a fault has it."""
    parts = [
        np.full(round(beats * beat * HOPS_PER_SECOND), tonic + step)
        for step, beats in notes
        if step is not None
    ]
    return np.concatenate(parts)


def recognised(found: Floats, wanted: Melody = STAR, **others: Melody) -> SongHeard:
    heard = recognise(found, Songs(wanted, {int(place[1:]): notes for place, notes in others.items()}))
    assert heard is not None
    return heard


@pytest.mark.parametrize("tonic", [48.0, 66.6])
def test_each_note_as_written_is_the_song_in_its_key(tonic: float) -> None:
    found = compare(sung(STAR, tonic), STAR)
    assert found is not None
    assert found.likeness == 1.0
    assert found.share == pytest.approx(1.0, abs=0.011)
    assert found.key == pytest.approx(tonic, abs=0.11)
    assert found.lowest == pytest.approx(tonic, abs=0.1)
    assert found.highest == pytest.approx(tonic + 9, abs=0.1)


@pytest.mark.parametrize("beat", [0.32, 0.8])
def test_the_tempo_is_the_one_that_was_sung(beat: float) -> None:
    found = compare(sung(STAR, beat=beat), STAR)
    assert found is not None
    assert found.beat == beat
    assert found.likeness > 0.9


def test_a_song_that_drifts_a_little_stays_this_song() -> None:
    straight = sung(STAR)
    found = compare(straight + np.linspace(0, 0.8, len(straight)), STAR)
    assert found is not None
    assert found.likeness > 0.65


def test_a_verse_of_two_is_half_a_song() -> None:
    half = compare(sung(STAR[: len(STAR) // 2]), STAR)
    assert half is not None
    assert half.share == pytest.approx(0.5, abs=0.06)


def test_a_song_that_is_sung_twice_is_the_whole_song() -> None:
    twice = compare(sung((*STAR, *STAR), beat=0.25), STAR)
    assert twice is not None
    assert twice.share == 1.0
    assert twice.likeness > 0.9


def test_rests_of_the_notes_are_not_sung() -> None:
    rests = [note for pair in zip(STAR, ((None, 1.0),) * len(STAR), strict=True) for note in pair]
    assert compare(sung(STAR), rests) == compare(sung(STAR), STAR)


def test_of_two_seconds_or_of_five_notes_nothing_is_said() -> None:
    enough = sung(STAR)[:LEAST_FRAMES]
    assert compare(enough, STAR) is not None
    assert compare(enough[:-1], STAR) is None
    assert compare(sung(STAR), STAR[:6]) is not None
    assert compare(sung(STAR), STAR[:5]) is None
    assert compare(sung(STAR), [(None, 4.0)] * 20) is None
    assert recognise(enough[:-1], Songs(STAR)) is None


def test_another_song_of_the_kit_is_named() -> None:
    heard = recognised(sung(ODE), o2=ODE, o3=((0, 1), (1, 1)) * 20)
    assert (heard.is_other, heard.sounds_like) == (True, 2)
    assert heard.wanted.likeness < 0.6


def test_the_right_song_is_never_another_one() -> None:
    heard = recognised(sung(STAR), o2=STAR)
    assert (heard.is_other, heard.sounds_like) == (False, None)


def test_a_song_of_no_kit_is_another_one_only_when_it_is_long_and_has_notes() -> None:
    steps = np.random.default_rng(4).integers(-3, 10, 40)
    tune = [(int(step), 1.0) for step in steps]
    long = sung(tune, beat=0.5)
    assert recognised(long, o2=ODE).is_other
    assert recognised(long, o2=ODE).sounds_like is None
    assert not recognised(long[: 6 * HOPS_PER_SECOND - 1]).is_other
    assert recognised(long[: 6 * HOPS_PER_SECOND]).is_other
    drone = sung([(0, 40.0)])
    assert not recognised(drone + np.tile([0.0, 2.9], len(drone) // 2)).is_other
