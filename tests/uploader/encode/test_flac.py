"""FLAC on the way: the same samples, proven before it is used, and never instead of a delivery."""

from __future__ import annotations

import hashlib
import json
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.uploader.conftest import Make
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.encode import flac
from uploader.encode.flac import FlacError, encode
from uploader.encode.pcmdigest import streaminfo_md5
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel
from uploader.queue.take import FinishedTake

RATE = 48000


def sung(folder: Path, bits: int = 16, frames: int = 3 * RATE + 1) -> FinishedTake:
    """A real WAV with tags and a sidecar."""
    path = folder / "S001_song1_1.wav"
    rng = np.random.default_rng(bits)
    tone = np.sin(np.arange(frames) * 2 * np.pi * 440 / RATE) * 0.3 + rng.normal(0, 0.001, frames)
    with soundfile.SoundFile(path, "w", RATE, 1, f"PCM_{bits}", format="WAV") as file:
        file.title, file.artist, file.comment = "song1", "S001", "take-1"
        file.write(tone)
    facts = {"version": 1, "take_id": "take-1", "session": "s", "station": "t", "student_id": "S001"}
    facts |= {"item": "song1", "attempt": 1, "frames": frames, "bits": bits, "samplerate": 48000}
    facts |= {"started_at": "2026-11-26T13:30:00+08:00", "ended_by": "stop"}
    facts["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    sidecar = path.with_suffix(".json")
    sidecar.write_text(json.dumps(facts), encoding="utf-8")
    return FinishedTake.from_sidecar(sidecar)


@pytest.mark.parametrize("bits", [16, 24])
def test_every_sample_and_tag_survives(tmp_path: Path, bits: int) -> None:
    take = sung(tmp_path, bits)
    out = tmp_path / "x.flac"
    digest = encode(take.path, out)
    with soundfile.SoundFile(out) as file:
        assert (file.subtype, file.title, file.artist, file.comment) == (
            f"PCM_{bits}",
            "song1",
            "S001",
            "take-1",
        )
        decoded = file.read(dtype="int32")
    assert np.array_equal(decoded, soundfile.read(take.path, dtype="int32")[0])
    with wave.open(str(take.path)) as wav:
        assert hashlib.md5(wav.readframes(wav.getnframes())).hexdigest() == digest == streaminfo_md5(out)
    assert out.stat().st_size < 0.8 * take.size


def test_a_file_that_is_no_wav_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(b"RIFFnothing")
    with pytest.raises(FlacError):
        encode(tmp_path / "x.wav", tmp_path / "x.flac")
    assert [path.name for path in tmp_path.iterdir()] == ["x.wav"]


def test_a_coder_that_errs_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = sung(tmp_path)
    proper = flac._encode

    def erring(wav: Path, out: Path) -> str:
        digest = proper(wav, out)
        samples, rate = soundfile.read(out, dtype="int32")
        samples[1000] += 1 << 16
        soundfile.write(out, samples, rate, "PCM_16", format="FLAC")
        return digest

    monkeypatch.setattr(flac, "_encode", erring)
    with pytest.raises(FlacError, match="other samples"):
        encode(take.path, tmp_path / "x.flac")


def test_delivery_as_flac(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = sung(tmp_path)
    queue.add(take)
    with TusServer() as server:
        uploader(server.url, encoding="flac").run_once()
        stored, metadata = server.stored()[0], server.of_takes()[0].metadata
    row = queue.row(take.take_id)
    assert (row.delivered, row.verify_level, row.size) == (True, ProofLevel.L2, take.size)
    assert stored[:4] == b"fLaC"
    assert metadata["sha256"] == hashlib.sha256(stored).hexdigest() == row.wire_sha256
    assert metadata["wav_sha256"] == take.sha256
    assert metadata["filename"] == "S001_song1_1.flac"
    assert metadata["filetype"] == "audio/flac"
    (tmp_path / "got.flac").write_bytes(stored)
    assert metadata["pcm_md5"] == streaminfo_md5(tmp_path / "got.flac")
    receipt = queue.receipt(take.take_id)
    assert receipt is not None
    assert (receipt["sha256"], receipt["wire_sha256"]) == (take.sha256, row.wire_sha256)
    assert not take.path.with_suffix(".flac").exists()
    assert take.path.exists()


def test_no_flac_is_made_of_other_bytes_than_those_recorded(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    take = sung(tmp_path)
    queue.add(take)
    sound = bytearray(take.path.read_bytes())
    sound[len(sound) // 2] ^= 1
    take.path.write_bytes(sound)
    with TusServer(checks=False) as server:
        uploader(server.url, encoding="flac").run_once()
        assert server.of_takes() == []
    assert not take.path.with_suffix(".flac").exists()


def test_what_can_not_be_flac_goes_as_it_is(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    from tests.uploader.takes import new_take

    take = new_take(tmp_path)
    queue.add(take)
    with TusServer() as server:
        uploader(server.url, encoding="flac").run_once()
        assert server.stored() == [take.path.read_bytes()]
    assert queue.row(take.take_id).delivered


def test_a_flac_lost_half_way_is_made_again(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    take = sung(tmp_path, 24, 12 * RATE)
    queue.add(take)

    def rule(request: Request) -> Answer | None:
        late = request.method == "PATCH" and request.headers["Upload-Offset"] not in ("0", "")
        return Answer(401) if late else None

    with TusServer(rule) as server:
        uploader(server.url, encoding="flac").run_once()
        half = queue.row(take.take_id)
        assert 0 < half.offset < half.wire_size
        assert 0 < half.progress < 1
        take.path.with_suffix(".flac").write_bytes(b"something else")
        server.rule = None
        queue.retry()
        uploader(server.url, encoding="flac").run_once()
        complete = server.stored()
    assert queue.row(take.take_id).delivered
    assert [hashlib.sha256(data).hexdigest() for data in complete] == [queue.row(take.take_id).wire_sha256]
