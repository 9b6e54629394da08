"""The reader against Python's and libsndfile's, and on files that nobody should have to read."""

import hashlib
import io
import struct
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.file.wavread import Sound, UnreadableWavError, read_wav
from tests.audio.recordings import RATE, good, noise, write_take

SIGNAL = noise(5001, -20)


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return write_take(tmp_path / "take.wav", SIGNAL)


def equal(sound: Sound, path: Path) -> bool:
    expected, rate = soundfile.read(path, dtype=str(sound.samples.dtype))
    return rate == sound.samplerate and np.array_equal(sound.samples, expected)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_reads_what_libsndfile_reads(tmp_path: Path, bits: int, rate: int) -> None:
    path = write_take(tmp_path / "take.wav", SIGNAL, bits, rate)
    sound = read_wav(path)
    assert equal(sound, path)
    assert (sound.bits, sound.complete) == (bits, True)
    assert sound.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert np.allclose(np.concatenate(list(sound.blocks(700))), SIGNAL, atol=2**-15)


@pytest.mark.parametrize("kind", ["WAV", "WAVEX"])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_reads_what_others_write(tmp_path: Path, kind: str, subtype: str) -> None:
    path = tmp_path / "other.wav"
    soundfile.write(path, SIGNAL, RATE, subtype, format=kind)
    assert equal(read_wav(path), path)


def test_blocks_of_the_file_may_cut_samples(tmp_path: Path) -> None:
    """Longer than one block of the reader, with three bytes a sample."""
    path = write_take(tmp_path / "take.wav", np.tile(good(), 2), 24)
    sound = read_wav(path)
    assert equal(sound, path)
    assert sound.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("bits", [16, 24])
def test_a_torn_file_gives_its_whole_samples_and_says_so(tmp_path: Path, bits: int) -> None:
    path = write_take(tmp_path / "take.wav", SIGNAL, bits)
    whole = read_wav(path).samples
    data = path.read_bytes()
    for cut in (1, 2, 3, 4, 5, 6, 1000, 9999):
        path.write_bytes(data[:-cut])
        sound = read_wav(path)
        there = (len(data) - (bits == 24) - max(cut - (bits == 24), 0)) - (
            len(data) - 5001 * bits // 8 - (bits == 24)
        )
        assert len(sound.samples) == there // (bits // 8)
        assert np.array_equal(sound.samples, whole[: len(sound.samples)])
        assert sound.complete == (len(sound.samples) == len(whole))


def test_every_header_cut_short_is_unreadable_never_another_error(take: Path) -> None:
    data = take.read_bytes()
    begin = data.index(b"data") + 8
    for length in range(begin):
        take.write_bytes(data[:length])
        with pytest.raises(UnreadableWavError):
            read_wav(take)
    take.write_bytes(data[:begin])
    assert len(read_wav(take).samples) == 0


def test_damaged_headers_never_raise_anything_else(take: Path) -> None:
    """One byte after another, at random: a sound or one kind of error."""
    data, random = take.read_bytes(), np.random.default_rng(1)
    begin = data.index(b"data") + 8
    for _ in range(400):
        damaged = bytearray(data)
        for at in random.integers(0, begin, random.integers(1, 4)):
            damaged[at] = random.integers(0, 256)
        take.write_bytes(damaged)
        try:
            sound = read_wav(take)
        except UnreadableWavError:
            continue
        assert len(sound.samples) <= 5001


def test_a_chunk_of_gigabytes_is_not_read(take: Path) -> None:
    data = bytearray(take.read_bytes())
    data[16:20] = struct.pack("<I", 0xFFFFFFF0)
    take.write_bytes(data)
    with pytest.raises(UnreadableWavError, match="damaged header"):
        read_wav(take)


def test_chunks_around_the_samples_are_not_samples(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.arange(100, dtype="<i2").tobytes())
    plain = stream.getvalue()
    odd = b"odd " + struct.pack("<I", 3) + b"abc\0"
    path = tmp_path / "chunks.wav"
    path.write_bytes(plain[:12] + odd + plain[12:] + odd)
    sound = read_wav(path)
    assert np.array_equal(sound.samples, np.arange(100))
    assert sound.complete


@pytest.mark.parametrize(
    ("channels", "width", "subtype"), [(2, 2, "PCM_16"), (1, 4, "PCM_32"), (1, 4, "FLOAT"), (1, 1, "PCM_U8")]
)
def test_what_the_station_does_not_record_is_named(
    tmp_path: Path, channels: int, width: int, subtype: str
) -> None:
    path = tmp_path / "other.wav"
    soundfile.write(path, np.zeros((10, channels)), RATE, subtype)
    with pytest.raises(UnreadableWavError, match=f"{channels} channels, {8 * width} bit"):
        read_wav(path)


def test_part_is_cut_at_both_ends(take: Path) -> None:
    sound = read_wav(take)
    assert len(sound.part(-10, 5)) == 5
    assert len(sound.part(4990, 6000)) == 11
    assert len(sound.part(6000, 7000)) == 0


def test_a_file_of_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    with path.open("wb") as file:
        file.write(b"RIFF")
        file.truncate(3_000_000_000)
    with pytest.raises(UnreadableWavError, match="longer than any recording"):
        read_wav(path)
