"""Leftovers of a crash: what is whole becomes a take, what is not stays and is named."""

from __future__ import annotations

import os
import struct
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio.file.recover import Recovered, recover_folder, recover_part
from audio.file.takefile import TakeFile
from audio.file.waveheader import Tags
from audio.file.wavread import read_wav
from config.disk import digest_of, is_there
from config.takes import Loss, Verdict, part_path, read_finished, sidecar_path, write_facts
from tests.audio.capture import facts

RATE = 48000
NOISE = np.random.default_rng(0).integers(-9000, 9000, RATE).astype(np.int16)


def leftover(path: Path, *, torn: int = 0, stale: bool = False, **more: Any) -> Path:
    """What a killed recorder leaves of one second: a part file and the facts that were known."""
    file = TakeFile(path, RATE, 16, Tags(comment="take-1"))
    file.append(NOISE)
    file.abandon()
    part = part_path(path)
    data = bytearray(part.read_bytes())
    if stale:
        at = data.index(b"data") + 4
        data[at : at + 4] = struct.pack("<I", 4096)
    part.write_bytes(data[: len(data) - torn])
    begun = facts().begun(started_at="2026-11-26T13:30:00+08:00", samplerate=RATE, bits=16, device=None)
    write_facts(path, replace(begun, **more))
    return part


@pytest.mark.parametrize("torn", [0, 1, 777])
@pytest.mark.parametrize("stale", [False, True])
def test_a_killed_take_becomes_a_whole_one(tmp_path: Path, torn: int, stale: bool) -> None:
    path = tmp_path / "0107_song1_1.wav"
    part = leftover(path, torn=torn, stale=stale)
    frames = RATE - (torn + 1) // 2
    assert recover_folder(tmp_path) == [Recovered(path, "recovered", frames)]
    assert not part.exists()
    with wave.open(str(path), "rb") as file:
        assert file.getnframes() == frames
    assert np.array_equal(read_wav(path).samples, NOISE[:frames])
    known = read_finished(path)
    assert known.sha256 == digest_of(path)
    assert (known.frames, known.samplerate, known.bits) == (frames, RATE, 16)
    assert (known.student_id, known.take_id) == ("0107", "take-1")
    assert (known.recovered, known.ended_by, known.verdict) == (True, "device", None)
    assert recover_folder(tmp_path) == []


def test_a_recovered_take_is_whole_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, synced, fsync = leftover(tmp_path / "take.wav", torn=1, stale=True), list[bytes](), os.fsync

    def note(handle: int) -> None:
        fsync(handle)
        if is_there(part) and os.path.samestat(os.fstat(handle), part.stat()):
            synced.append(part.read_bytes())

    monkeypatch.setattr(os, "fsync", note)
    assert recover_part(part).outcome == "recovered"
    assert synced, "a power cut would leave a name with nothing behind it"
    assert synced[-1] == (tmp_path / "take.wav").read_bytes()


def test_a_take_killed_before_its_rename_keeps_how_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    loss = Loss(short_ms=80.0)
    leftover(path, ended_by="stop", loss=loss, accompaniment_at=14400)
    assert recover_part(part_path(path)).outcome == "recovered"
    known = read_finished(path)
    assert (known.ended_by, known.loss, known.accompaniment_at) == ("stop", loss, 14400)


def test_what_the_file_is_counts_more_than_what_was_written_of_it_before_the_crash(tmp_path: Path) -> None:
    """Of the bytes that are left: not what was planned, and no verdict on others."""
    path = tmp_path / "take.wav"
    judged = Verdict(ok=True, reasons=(), numbers={}, sha256="0" * 64)
    leftover(path, torn=3, samplerate=44100, bits=24, frames=7, sha256="0" * 64, verdict=judged)
    assert recover_part(part_path(path)) == Recovered(path, "recovered", RATE - 2)
    known = read_finished(path)
    assert (known.samplerate, known.bits, known.frames, known.verdict) == (RATE, 16, RATE - 2, None)
    assert (known.sha256, known.recovered) == (digest_of(path), True)


def test_an_existing_take_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    part = leftover(path)
    path.write_bytes(b"an older take")
    assert recover_part(part).outcome == "conflict"
    assert path.read_bytes() == b"an older take"
    assert read_wav(part).complete


def test_without_facts_it_stays_and_is_readable(tmp_path: Path) -> None:
    part = leftover(tmp_path / "take.wav", stale=True)
    sidecar_path(part).unlink()
    assert recover_part(part) == Recovered(part, "no_facts", RATE)
    assert len(read_wav(part).samples) == RATE


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 0}'])
def test_damaged_facts_leave_the_sound_in_place(tmp_path: Path, text: str) -> None:
    part = leftover(tmp_path / "take.wav")
    sidecar_path(part).write_text(text, encoding="utf-8")
    assert recover_part(part).outcome == "unreadable"
    assert len(read_wav(part).samples) == RATE
    assert sidecar_path(part).read_text(encoding="utf-8") == text


def test_facts_of_a_newer_program_are_left_to_it(tmp_path: Path) -> None:
    part = leftover(tmp_path / "take.wav")
    text = '{"version": 2, "take_id": {"uuid": 1}}'
    sidecar_path(part).write_text(text, encoding="utf-8")
    assert recover_part(part).outcome == "newer"
    assert sidecar_path(part).read_text(encoding="utf-8") == text
    assert part.exists()


def test_nothing_recorded_and_no_header(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    TakeFile(path, RATE, 16, Tags()).abandon()
    empty = recover_part(part_path(path))
    assert (empty.outcome, empty.frames) == ("empty", 0)
    part_path(path).write_bytes(b"")
    assert recover_part(part_path(path)).outcome == "unreadable"
    gone = tmp_path / "gone.part.wav"
    assert recover_part(gone) == Recovered(gone, "no_facts", frames=0)


def test_one_that_can_not_be_repaired_does_not_stop_the_others(tmp_path: Path) -> None:
    leftover(tmp_path / "b.wav")
    (tmp_path / "a.part.wav").write_bytes(b"RIFF")
    (tmp_path / "c.part.wav").write_bytes(b"RIFF\0\0\0\0WAVEfmt \x02\0\0\0\0\0data\0\0\0\0")
    assert [found.outcome for found in recover_folder(tmp_path)] == ["unreadable", "recovered", "unreadable"]
