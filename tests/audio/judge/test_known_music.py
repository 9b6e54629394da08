"""The accompaniment in a recording: what is believed of the two ways to look for it, and where they look."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audio.audioerror import AudioError
from audio.file.wavread import Sound, read_wav
from audio.judge import evidence
from audio.measure.flaws import measure_zeros
from audio.measure.pitch import RATE as LOW_RATE
from audio.measure.pitch import Pitch, lowered, track_signal
from audio.measure.singing import AUDIBLE_DBFS
from audio.measure.vocal import find_voices
from config.base import say
from config.kit import Limits
from tests.audio.recordings import RATE, Signal, expecting, gain, noise, write_take
from tests.corpus.voices import Singer, sing

SECONDS = 4
AT = RATE // 10
FOUND_AT = 2 * AT
MUSIC = Path("music.wav")
NOTHING = np.zeros(1, dtype=np.float32)
SONG = sing(Singer(300), ((0, 2), (7, 2), (4, 2)))


def take(*, dead: bool = False) -> Sound:
    samples = np.rint(noise(SECONDS * RATE, -40) * 32767).astype(np.int16)
    if dead:
        samples[RATE : 3 * RATE] = 0
    return Sound(samples, RATE, 16, "", complete=True)


class Ways:
    """What both ways have found (None: nothing, else whether it is certain), and what they were asked."""

    def __init__(self, exact: bool | None, room: bool | None, music: Signal = NOTHING) -> None:
        """`music`: what of it came through the air, at the low rate."""
        self.found = None if exact is None else SimpleNamespace(at=FOUND_AT, gain_db=-30.0, certain=exact)
        self.through = (
            None
            if room is None
            else SimpleNamespace(
                gain_db=-28.0, certain=room, heard=lambda known, frames: np.resize(music, frames)
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


# --- what is left where it was


def sung(dead: int = 0) -> Sound:
    """Somebody sings, or a loudspeaker; then the microphone is dead for so many frames."""
    room = noise(len(SONG) + RATE, -62)
    room[RATE // 2 : RATE // 2 + len(SONG)] += SONG * gain(-12)
    samples = np.concatenate([np.rint(room * 32767).astype(np.int16), np.zeros(dead, dtype=np.int16)])
    return Sound(samples, RATE, 16, "", complete=True)


def test_music_from_a_loudspeaker_is_nobodys_voice() -> None:
    sound = sung()
    assert Ways(True, None).measured(sound).voices.seconds > 1
    assert Ways(True, True, lowered(sound)).measured(sound).voices.seconds == 0


@pytest.mark.parametrize(("taken_off", "somebody_sings"), [(0.9, False), (0.5, True)])
def test_what_is_left_of_music_is_no_voice_and_who_sings_with_it_is_one(
    taken_off: float, somebody_sings: bool
) -> None:
    """No room is known so well that nothing is left; a voice is louder than that."""
    sound = sung()
    found = Ways(True, True, lowered(sound) * np.float32(taken_off)).measured(sound)
    assert (found.voices.seconds > 1) == somebody_sings


def test_after_a_dead_piece_nothing_is_taken_off_since_its_place_is_not_known() -> None:
    sound = sung(dead=2 * RATE)
    found = Ways(True, True, lowered(sung())).measured(sound)
    assert found.stuck
    assert found.voices.seconds > 1


@pytest.mark.parametrize(("room", "dead", "taken_off"), [(None, 0, 0), (True, 0, 0.25), (True, 2 * RATE, 0)])
def test_a_voice_is_looked_for_in_what_is_left_without_the_music(
    monkeypatch: pytest.MonkeyPatch, room: bool | None, dead: int, taken_off: float
) -> None:
    looked_at: list[float] = []

    def tracked(signal: Signal) -> Pitch:
        looked_at.append(float(np.mean(signal)))
        return track_signal(signal)

    monkeypatch.setattr(evidence, "track_signal", tracked)
    samples = np.concatenate([take().samples[:RATE], np.zeros(dead, dtype=np.int16)])
    ways = Ways(True, room, np.full(1, 0.25, dtype=np.float32))
    ways.measured(Sound(samples, RATE, 16, "", complete=True))
    assert looked_at == [pytest.approx(-taken_off, abs=0.01)]
    assert len(ways.asked["find_leak"][1]) == len(samples) * LOW_RATE // RATE, "a dead piece takes its time"


@pytest.mark.parametrize(("room", "least"), [(-62.0, -52.0), (-90.0, AUDIBLE_DBFS)])
def test_a_voice_is_louder_than_the_room_and_can_be_heard(
    monkeypatch: pytest.MonkeyPatch, room: float, least: float
) -> None:
    asked: list[float] = []

    def heard(low: Signal, pitch: Pitch, least: float, **more: Any) -> object:
        asked.append(least)
        return find_voices(low, pitch, least, **more)

    monkeypatch.setattr(evidence, "find_voices", heard)
    sound = Sound(take().samples[:RATE], RATE, 16, "", complete=True)
    assert Ways(None, None).measured(sound, floor_dbfs=room).floor == room
    assert asked == [least]


def test_zeros_are_looked_for_from_the_first_tone_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """A virtual card is silent before and after."""
    asked: list[tuple[int, int]] = []

    def measured(sound: Sound, span: tuple[int, int], *more: Any) -> object:
        asked.append(span)
        return measure_zeros(sound, span, *more)

    monkeypatch.setattr(evidence, "measure_zeros", measured)
    sound = sung()
    voice = Ways(None, None).measured(sound).voice
    assert 0.3 < voice.begin < 0.7 < voice.end < sound.seconds - 0.3
    assert asked == [(round(voice.begin * RATE), round(voice.end * RATE))]


@pytest.mark.parametrize("louder", [30, 0])
def test_who_sings_too_loud_is_a_voice_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, louder: float
) -> None:
    """What was clipped has lost its formants, by which a voice is told from other sounds."""
    asked: list[bool] = []

    def heard(*given: Any, distorted: bool = False) -> object:
        asked.append(distorted)
        return find_voices(*given, distorted=distorted)

    monkeypatch.setattr(evidence, "find_voices", heard)
    sound = read_wav(write_take(tmp_path / "take.wav", SONG[:RATE] * gain(louder - 9)))
    found = Ways(None, None).measured(sound)
    assert found.tops.clipped == (louder > 0)
    assert asked == [louder > 0]
