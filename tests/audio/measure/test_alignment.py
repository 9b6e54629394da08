"""Leakage of a known sound into real singing: where, how loud, and none where there is none."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from audio.judge.verdict import judge
from audio.measure.alignment import SHARP, find
from config.kit.kitfile import load_kit
from config.kit.limits import Limits
from config.kit.melody import parse_notation
from station.demo.samples import C4, folder
from station.demo.singer import sing_item
from station.demo.synth import SynthVoice, at_peak, sing
from tests.audio.recordings import RATE, Signal, expecting, gain, good, noise, write_take

ABOUT, AT, REACH = 14000, 15003, RATE // 2


def accompaniment() -> Signal:
    """That of the samples, its time doubled to RATE."""
    sound, _ = soundfile.read(folder() / "kit" / "song2-accompaniment.wav", dtype="float32")
    return np.repeat(np.asarray(sound, dtype=np.float32), 2)


@pytest.fixture(scope="module")
def music() -> Signal:
    return accompaniment()[: 7 * RATE] * gain(6)


def leaking(into: Signal, known: Signal, decibels: float, at: int = AT) -> Signal:
    mixed = into.copy()
    length = min(len(known), len(mixed) - at)
    mixed[at : at + length] += known[:length] * gain(decibels)
    return mixed


@pytest.mark.parametrize("decibels", [-10, -20, -25, -30])
def test_leakage_into_singing_is_found_to_the_sample(music: Signal, decibels: float) -> None:
    found = find(music, leaking(good(), music, decibels), ABOUT, REACH, RATE)
    assert found is not None
    assert found.certain
    assert abs(found.at - AT) <= 1
    assert found.gain_db == pytest.approx(decibels, abs=1.5)


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize("pupil", [1, 3, 8])
def test_the_level_is_right_although_a_pupil_sings_in_tune_with_the_music(tmp_path: Path, pupil: int) -> None:
    """By projection alone these came out 5 to 13 dB wrong."""
    item = load_kit(folder() / "kit").items[2]
    music = accompaniment()
    half, _ = soundfile.read(sing_item(item, pupil, RATE // 2, 20, tmp_path / "song.wav"), dtype="float32")
    song = np.asarray(soxr.resample(half, RATE // 2, RATE), dtype=np.float32)
    found = find(music, leaking(song + noise(len(song), -62), music, -30), ABOUT, REACH, RATE)
    assert found is not None
    assert found.certain
    assert found.gain_db == pytest.approx(-30, abs=1.5)


def test_leakage_into_a_silent_room_is_found_although_inaudible(music: Signal) -> None:
    found = find(music, leaking(noise(9 * RATE, -62), music, -45), ABOUT, REACH, RATE)
    assert found is not None
    assert found.certain
    assert abs(found.at - AT) <= 1
    assert found.gain_db == pytest.approx(-45, abs=1.5)


def test_singing_alone_is_no_leakage(music: Signal) -> None:
    found = find(music, good(), ABOUT, REACH, RATE)
    assert found is not None
    assert not found.certain


def test_a_singer_like_the_music_itself_is_no_leakage() -> None:
    """In tune and in time to the sample, with the very sound of the music, one beat late."""
    whole = accompaniment()
    copy = sing(
        SynthVoice(C4, breath=-38.0, seed=1), parse_notation("3 3 4 5 5 4 3 2 1 1 2 3 3 2 2 -" * 2), 0.6, RATE
    )
    into = np.concatenate([noise(round(0.7 * RATE), -62), at_peak(copy, -9)])
    found = find(whole, into + noise(len(into), -62), ABOUT, REACH, RATE)
    assert found is not None
    assert found.sharpness > SHARP
    assert not found.certain


@pytest.mark.parametrize("about", [-30000, 0, 400000, 10**7])
def test_a_position_outside_the_recording_is_answered(music: Signal, about: int) -> None:
    found = find(music, good(), about, REACH, RATE)
    assert found is None or not found.certain


def test_nothing_known_or_nothing_heard_is_none(music: Signal) -> None:
    assert find(music * 0, good(), ABOUT, REACH, RATE) is None
    assert find(music[:0], good(), ABOUT, REACH, RATE) is None
    assert find(music, good() * 0, ABOUT, REACH, RATE) is None


@pytest.mark.parametrize(("decibels", "reasons"), [(-15, ("leakage",)), (-35, ())])
def test_loudspeakers_are_a_reason_open_headphones_are_none(
    tmp_path: Path, music: Signal, decibels: float, reasons: tuple[str, ...]
) -> None:
    accompaniment = write_take(tmp_path / "accompaniment.wav", music)
    take = write_take(tmp_path / "take.wav", leaking(good(), music, decibels))
    expectation = expecting(accompaniment=accompaniment, accompaniment_at=ABOUT)
    verdict = judge(take, expectation, Limits())
    assert verdict.reasons == reasons
    if reasons:
        assert verdict.numbers["accompaniment_heard_at"] == pytest.approx(AT, abs=1)
        assert verdict.numbers["leakage_db"] == pytest.approx(decibels, abs=1.5)


def test_an_accompaniment_that_is_gone_does_not_spoil_the_verdict(tmp_path: Path) -> None:
    take = write_take(tmp_path / "take.wav", good())
    expectation = expecting(accompaniment=tmp_path / "gone.wav", accompaniment_at=0)
    assert judge(take, expectation, Limits()).ok
