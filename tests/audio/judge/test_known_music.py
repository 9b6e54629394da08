"""The accompaniment in a recording: what is believed of the two ways to look for it, and where they look."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audio.audioerror import AudioError
from audio.file.wavread import Sound
from audio.judge import evidence
from audio.measure.pitch import RATE as LOW_RATE
from config.base import say
from config.kit import Limits
from tests.audio.recordings import RATE, expecting, noise

SECONDS = 4
AT = RATE // 10
FOUND_AT = 2 * AT
MUSIC = Path("music.wav")


def take(*, dead: bool = False) -> Sound:
    samples = np.rint(noise(SECONDS * RATE, -40) * 32767).astype(np.int16)
    if dead:
        samples[RATE : 3 * RATE] = 0
    return Sound(samples, RATE, 16, "", complete=True)


class Ways:
    """What both ways have found (None: nothing, else whether it is certain), and what they were asked."""

    def __init__(self, exact: bool | None, room: bool | None) -> None:
        self.found = None if exact is None else SimpleNamespace(at=FOUND_AT, gain_db=-30.0, certain=exact)
        self.through = (
            None
            if room is None
            else SimpleNamespace(
                gain_db=-28.0, certain=room, heard=lambda known, frames: np.zeros(frames, dtype=np.float32)
            )
        )
        self.asked: dict[str, tuple[Any, ...]] = {}

    def find(self, *asked: object) -> object:
        self.asked["find"] = asked
        return self.found

    def find_leak(self, *asked: object) -> object:
        self.asked["find_leak"] = asked
        return self.through

    def measured(self, sound: Sound, *, unreadable: bool = False, **expected: Any) -> evidence.Evidence:
        def load(path: Path, samplerate: int) -> object:
            assert (path, samplerate) == (MUSIC, RATE)
            if unreadable:
                raise AudioError(say("It can't be played."), code="bad_sound")
            return np.tile(np.array([[16384, 0]], dtype=np.int16), (RATE, 1))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(evidence, "find", self.find)
            patch.setattr(evidence, "find_leak", self.find_leak)
            patch.setattr(evidence, "load_sound", load)
            return evidence.measure(
                sound, expecting(**{"accompaniment": MUSIC, "accompaniment_at": AT, **expected}), Limits()
            )


EXACT, ROOM = -30.0, -28.0
BELIEVED: list[tuple[bool | None, bool | None, tuple[float, int | None] | None]] = [
    (None, None, None),
    (None, False, None),
    (None, True, (ROOM, None)),
    (False, None, None),
    (False, False, None),
    (False, True, (ROOM, None)),
    (True, None, (EXACT, FOUND_AT)),
    (True, False, (ROOM, FOUND_AT)),
    (True, True, (ROOM, FOUND_AT)),
]


@pytest.mark.parametrize(("exact", "room", "believed"), BELIEVED)
def test_music_counts_where_one_way_is_certain_and_has_a_place_where_that_is_exact(
    exact: bool | None, room: bool | None, believed: tuple[float, int | None] | None
) -> None:
    ways = Ways(exact, room)
    leak = ways.measured(take()).leak
    assert (None if leak is None else (leak.gain_db, leak.at)) == believed
    if leak is not None:
        assert (leak.known is not None) == (leak.through is not None) == (room is not None)
    assert ways.asked["find_leak"][2] == (FOUND_AT if exact else AT) * LOW_RATE // RATE, "where it begins"


def test_it_is_looked_for_within_half_a_second_in_all_of_the_recording() -> None:
    ways, sound = Ways(None, None), take()
    ways.measured(sound)
    known, whole, about, reach, samplerate = ways.asked["find"]
    assert (about, reach, samplerate) == (AT, RATE // 2, RATE)
    assert np.array_equal(whole, sound.part(0, SECONDS * RATE))
    assert known.dtype == np.float32
    assert np.array_equal(known, np.full(RATE, 0.25)), "both sides together, full scale is 1"


def test_a_dead_piece_of_the_microphone_does_not_move_the_music_behind_it() -> None:
    ways = Ways(None, None)
    assert ways.measured(take(dead=True)).stuck
    assert len(ways.asked["find_leak"][1]) == SECONDS * LOW_RATE


@pytest.mark.parametrize("unknown", [{"accompaniment": None}, {"accompaniment_at": None}])
def test_where_no_music_is_known_to_have_played_none_is_looked_for(unknown: dict[str, None]) -> None:
    ways = Ways(True, True)
    assert ways.measured(take(), unreadable=False, **unknown).leak is None
    assert ways.asked == {}


def test_music_that_can_not_be_read_is_no_leakage_and_no_fault_of_the_recording() -> None:
    assert Ways(True, True).measured(take(), unreadable=True).leak is None
