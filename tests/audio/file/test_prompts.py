"""Prompts at the device rate: same pitch, same length, made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.audioerror import AudioError
from audio.device.player import load_sound
from audio.file.prompts import cut_short, prepare

HZ, SECONDS = 440.0, 1.5


def tone(path: Path, rate: int, channels: int = 1, subtype: str | None = None) -> Path:
    time = np.arange(round(SECONDS * rate)) / rate
    sound = 0.5 * np.sin(2 * np.pi * HZ * time)
    soundfile.write(path, np.repeat(sound[:, None], channels, axis=1), rate, subtype=subtype)
    return path


@pytest.mark.parametrize("source", [22050, 24000, 44100, 48000])
@pytest.mark.parametrize("target", [44100, 48000])
def test_pitch_length_and_level_stay(tmp_path: Path, source: int, target: int) -> None:
    prepared = prepare(tone(tmp_path / "tone.wav", source), target, tmp_path / "cache")
    sound = load_sound(prepared, target)[:, 0] / 32768
    assert len(sound) == pytest.approx(SECONDS * target, abs=1)
    middle = sound[target // 4 : target // 4 + target]
    assert np.abs(np.fft.rfft(middle)).argmax() == HZ
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [("a.flac", None), ("a.ogg", None), ("a.mp3", None), ("a.wav", "PCM_24"), ("a.wav", "FLOAT")],
)
def test_formats_of_a_kit(tmp_path: Path, name: str, subtype: str | None) -> None:
    prepared = prepare(tone(tmp_path / name, 44100, subtype=subtype), 48000, tmp_path / "cache")
    assert len(load_sound(prepared, 48000)) == pytest.approx(SECONDS * 48000, abs=3000)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_number_of_channels_is_played_on_both_ears(tmp_path: Path, channels: int) -> None:
    prepared = prepare(tone(tmp_path / "tone.wav", 44100, channels), 48000, tmp_path / "cache")
    sound = load_sound(prepared, 48000)
    assert sound.shape[1] == 2
    assert np.array_equal(sound[:, 0], sound[:, 1])


def test_made_once_by_content_and_rate(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = prepare(tone(tmp_path / "a.wav", 44100), 48000, cache)
    made = first.stat().st_mtime_ns
    assert prepare(tone(tmp_path / "a copy 副本.wav", 44100), 48000, cache) == first
    assert first.stat().st_mtime_ns == made
    assert prepare(tmp_path / "a.wav", 44100, cache) != first
    tone(tmp_path / "a.wav", 22050)
    assert prepare(tmp_path / "a.wav", 48000, cache) != first
    assert {path.suffix for path in cache.iterdir()} == {".wav"}


def test_what_is_too_loud_is_limited_not_wrapped(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    soundfile.write(path, np.full(48000, 1.5), 48000, subtype="FLOAT")
    sound = load_sound(prepare(path, 48000, tmp_path / "cache"), 48000)
    assert sound.min() == sound.max() == 32767


@pytest.mark.parametrize("content", [None, b"", b"no sound at all", b"RIFF\x24\0\0\0WAVEfmt "])
def test_a_sound_that_can_not_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "起音.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AudioError, match=r"起音\.wav") as caught:
        prepare(path, 48000, tmp_path / "cache")
    assert caught.value.code == "bad_sound"
    assert caught.value.todo is not None


def test_an_empty_sound_is_prepared_as_such(tmp_path: Path) -> None:
    path = tmp_path / "empty.wav"
    soundfile.write(path, np.zeros(0), 44100)
    assert len(load_sound(prepare(path, 48000, tmp_path / "cache"), 48000)) == 0


@pytest.mark.parametrize("name", ["a.wav", "a.mp3"])
@pytest.mark.parametrize("share", [0.5, 1.0])
def test_a_sound_that_ends_early_is_noticed(tmp_path: Path, name: str, share: float) -> None:
    path = tone(tmp_path / name, 44100)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert cut_short(path) == (share < 1)


def test_a_sound_of_unknown_length_is_whole(tmp_path: Path) -> None:
    path = tone(tmp_path / "a.wav", 44100)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert not cut_short(path)
