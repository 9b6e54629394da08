"""Songs as plain notes: what is said of key, range, share and of another song, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest

from audio.judge import song
from audio.judge.song import Floats, Likeness, Melody, SongHeard, Songs, compare, recognise
from tests.audio.judge.test_song import ODE, STAR

HOPS_PER_SECOND = 50
LINES = STAR[:14]
"""The first two lines: what many notes say of a tempo, these say too."""


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


@pytest.mark.parametrize("tonic", [48.0, 66.64, 84.0])
def test_each_note_as_written_is_the_song_in_its_key(tonic: float) -> None:
    found = compare(sung(LINES, tonic), LINES)
    assert found is not None
    assert found.likeness == 1.0
    assert found.share == pytest.approx(1.0, abs=0.032)
    assert found.key == round(tonic, 1)
    assert found.lowest == pytest.approx(tonic, abs=0.1)
    assert found.highest == pytest.approx(tonic + 9, abs=0.1)


@pytest.mark.parametrize("beat", [0.25, 0.32, 0.4, 0.5, 0.63, 0.8, 1.0])
def test_the_tempo_is_the_one_that_was_sung(beat: float) -> None:
    found = compare(sung(LINES, beat=beat), LINES)
    assert found is not None
    assert found.beat == beat
    assert found.likeness > 0.95


@pytest.mark.parametrize("beat", [0.45, 0.7])
def test_who_hurries_or_drags_a_little_sings_the_same_song(beat: float) -> None:
    found = compare(sung(LINES, beat=beat), LINES)
    assert found is not None
    assert found.likeness > 0.93


def test_a_song_of_short_notes_is_compared_note_by_note() -> None:
    short = [(step, 0.5) for step, _ in STAR]
    found = compare(sung(short), short)
    assert found is not None
    assert found.beat == 0.5
    assert found.likeness > 0.9


@pytest.mark.parametrize("off", [5, 6])
def test_each_fourth_note_wrong_costs_the_same_however_wrong_it_is(off: int) -> None:
    wrong = [(step + off * (number % 4 == 3), beats) for number, (step, beats) in enumerate(LINES)]
    found = compare(sung(wrong), LINES)
    assert found is not None
    assert found.likeness == pytest.approx(0.57, abs=0.02)


def test_a_siren_is_no_song_and_its_figures_have_as_many_digits_as_they_are_good_for() -> None:
    siren = np.linspace(50.0, 60.33, 101)
    assert compare(siren, STAR) == Likeness(0.11, 49.1, 0.25, 0.17, lowest=50.5, highest=59.8)


def test_of_two_seconds_only_tempi_with_six_steps_are_tried() -> None:
    tempi = [compare(sung(STAR, beat=beat)[: 2 * HOPS_PER_SECOND], STAR) for beat in (0.8, 1.0)]
    assert [found.beat for found in tempi if found is not None] == [0.4, 0.63]


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
    twice = compare(sung((*LINES, *LINES), beat=0.25), LINES)
    assert twice is not None
    assert twice.share == 1.0
    assert twice.likeness > 0.9


def test_who_begins_in_the_middle_and_goes_on_at_the_beginning_sings_three_quarters() -> None:
    later = compare(np.concatenate([sung(STAR[len(STAR) // 2 :]), sung(STAR[: len(STAR) // 4])]), STAR)
    assert later is not None
    assert later.share == pytest.approx(0.73, abs=0.02)
    assert later.likeness > 0.95


def test_rests_of_the_notes_are_not_sung() -> None:
    rests = [note for pair in zip(STAR, ((None, 1.0),) * len(STAR), strict=True) for note in pair]
    assert compare(sung(STAR), rests) == compare(sung(STAR), STAR)


def test_of_two_seconds_or_of_five_notes_nothing_is_said() -> None:
    enough = sung(STAR)[: 2 * HOPS_PER_SECOND]
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


# --- what is said of a likeness

LONG, SHORT = np.full(6 * HOPS_PER_SECOND, 60.0), np.full(6 * HOPS_PER_SECOND - 1, 60.0)


def like(likeness: float, reach: float = 9.0) -> Likeness:
    return Likeness(likeness, 60.0, 0.5, 1.0, 60.0, 60.0 + reach)


SAID: dict[str, tuple[Floats, Likeness, dict[int, Likeness | None], tuple[bool, int | None]]] = {
    "the song itself": (LONG, like(0.65), {2: like(1.0)}, (False, None)),
    "not quite the song, and nearly another": (LONG, like(0.55), {2: like(0.74)}, (False, None)),
    "not quite the song, and another": (LONG, like(0.55), {2: like(0.75)}, (True, 2)),
    "neither of both": (LONG, like(0.35), {2: like(0.59)}, (False, None)),
    "another one, just": (LONG, like(0.35), {2: like(0.6)}, (True, 2)),
    "the nearest of others": (LONG, like(0.1), {2: like(0.7), 3: like(0.9), 4: like(0.8)}, (True, 3)),
    "one with too few notes": (LONG, like(0.35), {2: None}, (False, None)),
    "no song of the kit": (LONG, like(0.29), {}, (True, None)),
    "something like the song": (LONG, like(0.3), {2: like(0.2)}, (False, None)),
    "for less than six seconds": (SHORT, like(0.0), {}, (False, None)),
    "on one note, nearly": (LONG, like(0.0, reach=3.0), {}, (False, None)),
    "on more than one note": (LONG, like(0.0, reach=3.1), {}, (True, None)),
}


@pytest.mark.parametrize("name", SAID)
def test_only_what_is_beyond_doubt_is_called_another_song(name: str) -> None:
    voice, wanted, others, (is_other, sounds_like) = SAID[name]
    known = {0: wanted, **others}
    songs = Songs([(0, 1.0)], {place: [(place, 1.0)] for place in others})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(song, "compare", lambda _, notes: known[notes[0][0]])
        assert recognise(voice, songs) == SongHeard(wanted, is_other, sounds_like)


def test_of_what_can_not_be_compared_nothing_is_said() -> None:
    assert recognise(LONG[:10], Songs(STAR, {2: ODE})) is None
