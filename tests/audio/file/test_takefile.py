"""The file of a take is true at every moment, opens everywhere, and is repaired after any tear."""

from __future__ import annotations

import errno
import hashlib
import struct
import threading
import wave
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile

from audio.file.partfile import publish, repair
from audio.file.takefile import TakeFile
from audio.file.waveheader import Tags
from audio.file.wavread import read_wav
from config.disk import digest_of
from config.takes import final_path, part_path
from tests.audio.wholetakes import BITS, RATE, TAGS, block, write


def in_wave(path: Path) -> int:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getframerate()) == (1, RATE)
        frames = file.getnframes()
        assert len(file.readframes(frames)) == frames * file.getsampwidth()
    return frames


# --- every moment


@pytest.mark.parametrize("bits", BITS)
def test_the_header_is_true_after_each_write(tmp_path: Path, bits: int) -> None:
    file = TakeFile(tmp_path / "take.wav", RATE, bits, TAGS)
    assert in_wave(file.part) == 0
    total = 0
    for number, frames in enumerate((1, 7, 1024, 2, 333)):
        file.append(block(frames, bits, number))
        total += frames
        assert in_wave(file.part) == total
        assert soundfile.info(file.part).frames == total
        sound = read_wav(file.part)
        assert (len(sound.samples), sound.complete) == (total, True)
        size = file.part.stat().st_size
        assert struct.unpack("<I", file.part.read_bytes()[4:8])[0] == size - 8
    file.abandon()


@pytest.mark.parametrize("bits", BITS)
def test_what_was_captured_is_what_is_read(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "take.wav"
    samples = write(path, bits)
    read, rate = soundfile.read(path, dtype="int16" if bits == 16 else "int32")
    assert rate == RATE
    assert np.array_equal(read, samples)
    assert not part_path(path).exists()
    assert path.stat().st_size % 2 == 0


def test_an_older_take_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write(path, 16)
    before = digest_of(path)
    file = TakeFile(path, RATE, 16, TAGS)
    with pytest.raises(FileExistsError):
        TakeFile(path, RATE, 16, TAGS)
    file.close()
    with pytest.raises(FileExistsError):
        file.publish()
    assert digest_of(path) == before
    assert file.part.exists()


def test_names_lead_back_and_forth() -> None:
    path = Path("takes") / "0107_song1_1.wav"
    assert part_path(path).name == "0107_song1_1.part.wav"
    assert final_path(part_path(path)) == path


def test_digest_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write(path, 24)
    assert digest_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("whole", [True, False])
def test_a_take_in_a_new_folder_is_held_by_nobody_when_it_has_ended(tmp_path: Path, whole: bool) -> None:
    """Windows renames and repairs no file that is open."""
    file = TakeFile(tmp_path / "takes" / "morning" / "take.wav", RATE, 16, TAGS)
    file.append(block(100, 16))
    assert file.begin_sync()
    if whole:
        file.close()
    else:
        file.abandon()
    held = {Path(other.path).resolve() for other in psutil.Process().open_files()}
    assert file.part.resolve() not in held
    assert not {thread.name for thread in threading.enumerate()} & {"fsync"}


# --- a disk that fails


class FullDisk:
    """Takes `room` bytes more, and of the write that does not fit the first part."""

    def __init__(self, file: Any, room: int) -> None:
        self._file, self.room = file, room

    def write(self, data: memoryview) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self._file.write(data[: self.room])
        self.room -= written
        return int(written)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("room", [0, 1, 1000, 1999])
def test_half_a_block_on_a_full_disk_is_neither_claimed_nor_left(
    tmp_path: Path, bits: int, room: int
) -> None:
    file = TakeFile(tmp_path / "take.wav", RATE, bits, TAGS)
    first, last = block(999, bits, 1), block(500, bits, 2)
    file.append(first)
    real = file._file
    file._file = FullDisk(real, room)  # type: ignore[assignment]
    with pytest.raises(OSError, match="space"):
        file.append(block(1024, bits, 3))
    assert in_wave(file.part) == 999
    file._file = real
    file.append(last)
    file.close()
    sound = read_wav(file.part)
    assert sound.complete
    assert np.array_equal(sound.samples, np.concatenate([first, last]))
    head = file.part.read_bytes().index(b"data") + 8
    assert file.part.stat().st_size == head + (1499 * bits // 8 + 1) // 2 * 2


# --- repair


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("claimed", [0, 600, 0xFFFFFFFF, 10**9])
@pytest.mark.parametrize("torn", [0, 1, 2, 3, 5])
def test_any_size_in_the_header_is_mended(tmp_path: Path, bits: int, claimed: int, torn: int) -> None:
    path = tmp_path / "take.wav"
    samples = write(path, bits, 4800)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", claimed)
    data[4:8] = struct.pack("<I", claimed)
    path.write_bytes(data[: len(data) - torn])
    frames = repair(path)
    assert frames == (4800 * bits // 8 - torn) // (bits // 8)
    assert in_wave(path) == frames
    sound = read_wav(path)
    assert sound.complete
    assert np.array_equal(sound.samples, samples[:frames])
    assert soundfile.info(path).frames == frames


def test_repair_of_a_whole_file_changes_nothing(tmp_path: Path) -> None:
    for bits in BITS:
        path = tmp_path / f"{bits}.wav"
        write(path, bits, 1001)
        before = path.read_bytes()
        assert repair(path) == 1001
        assert path.read_bytes() == before


def test_a_header_cut_short_is_an_error_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write(path, 16, 10)
    data = path.read_bytes()
    begin = data.index(b"data") + 8
    for length in range(begin):
        path.write_bytes(data[:length])
        with pytest.raises(ValueError, match=r"WAV file|samples|fmt"):
            repair(path)
        assert path.read_bytes() == data[:length]
    path.write_bytes(data[:begin])
    assert repair(path) == 0


def test_rubbish_never_raises_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write(path, 24, 300)
    data, random = path.read_bytes(), np.random.default_rng(2)
    begin = data.index(b"data") + 8
    for _ in range(300):
        damaged = bytearray(data)
        for at in random.integers(0, begin, 3):
            damaged[at] = random.integers(0, 256)
        path.write_bytes(damaged)
        try:
            repair(path)
        except ValueError:
            continue


def test_a_chunk_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    write(path, 16, 10)
    data = bytearray(path.read_bytes())
    data[16:20] = struct.pack("<I", 0xFFFFFFF0)
    path.write_bytes(data)
    with pytest.raises(ValueError, match="damaged header"):
        repair(path)


def test_publish_does_not_overwrite(tmp_path: Path) -> None:
    part, path = tmp_path / "a.part.wav", tmp_path / "a.wav"
    part.write_bytes(b"new")
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        publish(part, path)
    assert (part.read_bytes(), path.read_bytes()) == (b"new", b"old")


def test_no_tag_holds_anything_but_ascii(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    file = TakeFile(path, RATE, 16, Tags(title="小星星", artist="0107", comment="t" * 300, originator="学校"))
    file.append(block(10, 16))
    file.close()
    data = file.part.read_bytes()
    assert "小星星".encode() not in data
    assert b"???" in data
    assert read_wav(file.part).complete
    assert in_wave(file.part) == 10
