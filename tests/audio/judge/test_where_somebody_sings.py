"""Clipping, band and hum are judged against the room: a knock, a held note or a whistle is none of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr

from audio.judge.verdict import judge
from config.kit import Limits
from config.takes import Verdict
from tests.audio.recordings import (
    RATE,
    ROOM_DBFS,
    Signal,
    expecting,
    gain,
    good,
    noise,
    other_voice,
    rumble,
    voice,
    write_take,
)

pytestmark = pytest.mark.sampled(5)

SECONDS = len(good()) / RATE


def verdict(tmp_path: Path, signal: Signal, bits: int = 16) -> Verdict:
    return judge(write_take(tmp_path / "take.wav", signal, bits), expecting(), Limits())


def full_scale(signal: Signal, begin: int) -> None:
    signal[begin : begin + 12] = 1.0


def thump(signal: Signal, begin: int) -> None:
    time = np.arange(RATE // 5)[: len(signal) - begin] / RATE
    signal[begin : begin + len(time)] += 1.5 * np.sin(2 * np.pi * 90 * time) * np.exp(-time / 0.03)


def rattle(signal: Signal, begin: int) -> None:
    burst = noise(RATE // 16, 1)[: len(signal) - begin]
    signal[begin : begin + len(burst)] += burst * np.exp(-np.arange(len(burst)) / 500)


@pytest.mark.parametrize("knock", [full_scale, thump, rattle])
@pytest.mark.parametrize("at", [(0.1,), (3.3,), (5.0,), (8.95,), (1.0, 4.0, 7.0)])
def test_knocks_on_the_microphone_are_a_remark(tmp_path: Path, knock: object, at: tuple[float, ...]) -> None:
    signal = good().copy()
    for place in at:
        knock(signal, round(place * RATE))  # type: ignore[operator]
    found = verdict(tmp_path, signal)
    assert (found.ok, found.reasons, found.remarks) == (True, (), ("bump",))


def test_a_knock_is_remarked_where_nobody_sings_too(tmp_path: Path) -> None:
    signal = noise(RATE, ROOM_DBFS)
    assert verdict(tmp_path, signal).remarks == ()
    thump(signal, RATE // 2)
    assert verdict(tmp_path, signal).remarks == ("bump",)


@pytest.mark.parametrize("over", [12, 15, 20])
@pytest.mark.parametrize("speed", [0.7, 1.0, 1.5])
def test_a_knock_hides_no_clipping(tmp_path: Path, speed: float, over: int) -> None:
    signal = other_voice(speed) * gain(over)
    full_scale(signal, 3 * RATE)
    assert verdict(tmp_path, signal).reasons == ("clipped",)
    upstream = np.clip(other_voice(speed) * gain(over - 3), -gain(-6), gain(-6))
    full_scale(upstream, 3 * RATE)
    found = verdict(tmp_path, upstream)
    assert (found.reasons, found.remarks) == (("clipped",), ("bump",))


@pytest.mark.parametrize("over", [2, 4, 8, 12, 18])
@pytest.mark.parametrize("speed", [0.7, 1.0, 1.5])
def test_clipping_is_seen_through_a_resampler_and_a_lower_gain(
    tmp_path: Path, speed: float, over: int
) -> None:
    sung = soxr.resample(other_voice(speed), RATE, 44100)
    clipped = np.clip(sung / np.abs(sung).max() * gain(over), -1, 1) * gain(-6)
    again = soxr.resample(clipped, 44100, RATE).astype(np.float32)
    assert verdict(tmp_path, again).reasons == ("clipped",)


def through(signal: Signal, rate: int) -> Signal:
    """A path of a lower sampling rate."""
    return np.asarray(soxr.resample(soxr.resample(signal, RATE, rate), rate, RATE), dtype=np.float32)


@pytest.mark.sampled(27, fewest=1)
@pytest.mark.parametrize("room", [-62, -72, -80])
@pytest.mark.parametrize("peak", [-6, -18, -27])
@pytest.mark.parametrize("rate", [8000, 11025, 16000])
def test_a_telephone_path_is_heard_behind_a_soft_voice(
    tmp_path: Path, rate: int, peak: float, room: float
) -> None:
    sung = voice(peak) + noise(len(voice()), room)
    assert verdict(tmp_path, through(sung, rate)).reasons == ("band_limited",)
    assert verdict(tmp_path, through(sung, 32000)).reasons == ()


def whistled() -> Signal:
    pitch = 1000 * 2 ** (np.repeat([0, 2, 4, 5, 7, 5, 4, 2, 0], RATE) / 12)
    return np.asarray(np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * gain(-12), dtype=np.float32)


@pytest.mark.parametrize("room", [-50, -62, -80])
def test_a_whistle_or_a_dark_voice_is_no_telephone(tmp_path: Path, room: float) -> None:
    whistle = whistled() + noise(9 * RATE, room)
    assert "band_limited" not in verdict(tmp_path, whistle).reasons
    dark = through(voice(), 16000)[: 9 * RATE] + noise(9 * RATE, room)
    assert "band_limited" not in verdict(tmp_path, dark).reasons
    assert "band_limited" not in verdict(tmp_path, voice() + rumble(room)).reasons


def held(hertz: float, before: float, seconds: float, level: float = -9.0) -> Signal:
    """A low note on one breath, in a quiet room."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * number * time) / number for number in range(1, 12))
    shape = np.clip((time - before) / 0.1, 0, 1) * np.clip((seconds - 1 - time) / 0.2, 0, 1)
    note = np.asarray(wave / np.abs(wave).max() * shape * gain(level), dtype=np.float32)
    return note + noise(len(note), ROOM_DBFS)


@pytest.mark.sampled(12, fewest=1)
@pytest.mark.parametrize("hertz", [50 * 2, 60 * 2, 150, 180])
@pytest.mark.parametrize(("before", "seconds"), [(1.5, 10), (0.3, 60), (0.0, 12)])
def test_a_low_note_that_is_held_is_no_hum(
    tmp_path: Path, hertz: float, before: float, seconds: float
) -> None:
    assert "hum" not in verdict(tmp_path, held(hertz, before, seconds)).reasons


@pytest.mark.parametrize("hertz", [50, 60, 100])
def test_hum_under_a_song_with_pauses_is_hum(tmp_path: Path, hertz: float) -> None:
    song = np.concatenate([noise(RATE, ROOM_DBFS), good(), noise(2 * RATE, ROOM_DBFS, seed=4), good()])
    time = np.arange(len(song)) / RATE
    hum = np.sin(2 * np.pi * hertz * time) * gain(-38)
    assert verdict(tmp_path, song + hum.astype(np.float32)).reasons == ("hum",)
