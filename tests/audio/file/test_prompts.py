"""Prompts at the device rate: same pitch, same length, made once."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.audioerror import AudioError
from audio.device.player import load_sound
from audio.file.prompts import look_through, prepare

HZ, SECONDS = 440.0, 1.5


def cut_short(path: Path) -> bool:
    (found,) = look_through([path], 48000, path.parent / "cache")
    assert found.error is None
    return found.short


def tone(path: Path, rate: int, channels: int = 1, subtype: str | None = None) -> Path:
    time = np.arange(round(SECONDS * rate)) / rate
    sound = 0.5 * np.sin(2 * np.pi * HZ * time)
    soundfile.write(path, np.repeat(sound[:, None], channels, axis=1), rate, subtype=subtype)
    return path


@pytest.mark.sampled(8, fewest=1)
@pytest.mark.parametrize("source", [22050, 24000, 44100, 48000])
@pytest.mark.parametrize("target", [44100, 48000])
def test_pitch_length_and_level_stay(tmp_path: Path, source: int, target: int) -> None:
    prepared = prepare(tone(tmp_path / "tone.wav", source), target, tmp_path / "cache")
    sound = load_sound(prepared, target)[:, 0] / 32768
    assert len(sound) == pytest.approx(SECONDS * target, abs=1)
    middle = sound[target // 4 : target // 4 + target]
    assert np.abs(np.fft.rfft(middle)).argmax() == HZ
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.005)


@pytest.mark.sampled(5, fewest=1)
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
    made = first.stat().st_ino
    assert prepare(tone(tmp_path / "a copy 副本.wav", 44100), 48000, cache) == first
    assert first.stat().st_ino == made
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


@pytest.mark.sampled(4, fewest=1)
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


def wav_claiming(path: Path, rate: int, channels: int = 1, seconds: float = 1.0) -> Path:
    """A WAV of one second whose header claims more."""
    tone(path, 44100)
    data = bytearray(path.read_bytes())
    at, length = data.index(b"fmt ") + 8, round(seconds * rate * 2 * channels)
    data[at + 2 : at + 4] = channels.to_bytes(2, "little")
    data[at + 4 : at + 8] = rate.to_bytes(4, "little")
    data[at + 12 : at + 14] = (2 * channels).to_bytes(2, "little")
    size = data.index(b"data") + 4
    data[size : size + 4] = min(length, 0xFFFFFF00).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def says(path: Path) -> str:
    """What is said of one sound, in less than five seconds of work."""
    (found,) = look_through([path], 48000, path.parent / "cache")
    assert found.error is not None
    assert found.error.code == "bad_sound"
    return str(found.error.what)


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize(
    ("rate", "channels", "expected"),
    [(1, 1, "claims 1 Hz"), (3999, 1, "3999 Hz"), (400_000, 1, "400000 Hz"), (48000, 64, "64 channels")],
)
def test_a_header_that_no_sound_has_is_refused_by_what_it_says(
    tmp_path: Path, rate: int, channels: int, expected: str
) -> None:
    assert expected in says(wav_claiming(tmp_path / "起音.wav", rate, channels))
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("name", ["a.flac", "a.wav"])
def test_a_prompt_of_hours_is_refused_before_it_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with soundfile.SoundFile(path, "w", 4000, 1, "PCM_16") as file:
        for _ in range(11 * 60):
            file.write(np.zeros(4000, dtype=np.int16))
    assert "longer than 10 minutes" in says(path)


def test_a_header_that_claims_more_than_is_there_is_cut_short(tmp_path: Path) -> None:
    assert cut_short(wav_claiming(tmp_path / "a.wav", 44100, seconds=500))


def test_stereo_at_the_highest_rate_fits_into_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    with soundfile.SoundFile(path, "w", 192_000, 2, "PCM_16") as file:
        for _ in range(60):
            file.write(np.zeros((192_000, 2), dtype=np.int16))
    assert prepare(path, 48000, tmp_path / "cache").stat().st_size == 44 + 60 * 48000 * 4


def test_sounds_that_end_the_decoder_spoil_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder of native code may crash; the kit's other sounds are looked at all the same."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, soundfile\n"
        "whole = soundfile.SoundFile.__init__\n"
        "def broken(self, file, *more, **also):\n"
        "    os.kill(os.getpid(), 9) if 'crash' in str(file) else whole(self, file, *more, **also)\n"
        "soundfile.SoundFile.__init__ = broken\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    names = ("a.wav", "crash.wav", "b.wav")
    for number, name in enumerate(names):
        tone(tmp_path / name, 44100 + number)
    found = look_through([tmp_path / name for name in names], 48000, tmp_path / "cache")
    assert [sound.error is None for sound in found] == [True, False, True]


def test_a_kit_of_too_many_bytes_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    assert "too large" in says(path)
