"""Who talks while the check measures the room costs no song: it is believed as far as the song shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audio.judge.headset_check import judge_silence, judge_singing
from audio.judge.verdict import judge
from config.kit import Limits
from tests.audio.recordings import RATE, ROOM_DBFS, Signal, expecting, gain, good, noise, voice, write_take

LIMITS = Limits()
SPOKEN = (-15.0, -19.0, -30.0, -44.0, -50.0)
"""What a check measured as its room while somebody spoke, in dBFS."""


def without_pauses() -> Signal:
    """A second of one held part of the song, for as long as a song."""
    return np.tile(voice()[4 * RATE : 5 * RATE], 8)


def reasons(tmp_path: Path, signal: Signal, floor: float | None) -> tuple[str, ...]:
    return judge(write_take(tmp_path / "take.wav", signal), expecting(floor_dbfs=floor), LIMITS).reasons


@pytest.mark.sampled(10, fewest=1)
@pytest.mark.parametrize("floor", SPOKEN)
@pytest.mark.parametrize("song", [good, without_pauses])
def test_a_song_after_a_check_in_which_somebody_spoke_is_heard(
    tmp_path: Path, song: Callable[[], Signal], floor: float
) -> None:
    assert reasons(tmp_path, song(), floor) == reasons(tmp_path, song(), ROOM_DBFS) == ()


@pytest.mark.parametrize("floor", SPOKEN)
def test_a_quiet_song_is_heard_then_as_well(tmp_path: Path, floor: float) -> None:
    assert reasons(tmp_path, good() * gain(-12), floor) == ()


@pytest.mark.parametrize("floor", [*SPOKEN, -180.0])
def test_who_does_not_sing_is_noticed_then_as_well(tmp_path: Path, floor: float) -> None:
    assert reasons(tmp_path, noise(8 * RATE, ROOM_DBFS), floor) == ("no_singing",)


def test_a_room_that_is_as_loud_in_the_song_is_noisy(tmp_path: Path) -> None:
    loud = noise(len(voice()), -40)
    assert reasons(tmp_path, voice() * gain(-12) + loud, -40) == ("noisy",)
    assert reasons(tmp_path, loud, -40) == ("no_singing",)


def test_a_check_with_a_dead_microphone_knows_no_room(tmp_path: Path) -> None:
    path = write_take(tmp_path / "take.wav", good())
    without, dead = (judge(path, expecting(floor_dbfs=floor), LIMITS) for floor in (None, -180.0))
    assert (dead.ok, dead.numbers["voice_seconds"]) == (True, without.numbers["voice_seconds"])


@pytest.mark.parametrize("floor", SPOKEN[:3])
def test_the_check_hears_who_sings_after_somebody_spoke(tmp_path: Path, floor: float) -> None:
    sung = write_take(tmp_path / "singing.wav", good()[3 * RATE : 7 * RATE])
    spoken = write_take(tmp_path / "silence.wav", good()[3 * RATE : 5 * RATE])
    assert judge_silence(spoken, LIMITS).outcome == "fail"
    assert judge_singing(sung, floor, LIMITS).outcome != "fail"
