"""L0 to L3: what each server can prove, and what its wrong bytes lead to."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.uploader.conftest import Make
from tests.uploader.deliveries import arrived, deliver
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State


def test_read_back_makes_level_2_and_leaves_a_receipt(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
    assert (row.state, row.verify_level) == (State.VERIFIED, ProofLevel.L2)
    beside = json.loads(row.path.with_suffix(".receipt.json").read_text(encoding="utf-8"))
    assert beside == queue.receipt(row.take_id)
    assert beside["level"] == "L2"
    assert beside["sha256"] == row.sha256


def test_without_downloads_proven_checksums_make_level_1(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    with TusServer(downloads=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        sums = [request.headers.get("Upload-Checksum", "") for request in server.asked("PATCH")]
    assert (row.state, row.verify_level) == (State.VERIFIED, ProofLevel.L1)
    assert all(found.startswith("sha256 ") for found in sums)


@pytest.mark.parametrize("abilities", [{"checks": False}, {"checks": False, "pretends": True}])
def test_with_neither_it_is_sent_but_never_delivered(
    queue: Queue, uploader: Make, tmp_path: Path, abilities: dict[str, Any]
) -> None:
    with TusServer(downloads=False, **abilities) as server:
        row = deliver(queue, uploader, server, tmp_path)
    assert (row.state, row.verify_level, row.delivered) == (State.SENT, ProofLevel.L0, False)


def test_a_digest_of_the_server_makes_level_3(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method != "HEAD" or not server.stored():
            return None
        proper = server.do(request)
        digest = base64.b64encode(hashlib.sha256(server.stored()[0]).digest()).decode()
        return Answer(200, {**proper.headers, "Repr-Digest": f"sha-256=:{digest}:"})

    with TusServer(rule, downloads=False) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert not server.asked("GET")
    assert row.verify_level is ProofLevel.L3


def test_wrong_bytes_on_the_server_are_found_and_sent_anew(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "HEAD" and not spoilt:
            for upload in server.of_takes():
                upload.data[1000] ^= 1
                spoilt.append(True)
        return None

    spoilt: list[bool] = []
    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert arrived(row, server)
        assert len(server.asked("DELETE")) == 2, "the probe and the spoilt upload"
    assert row.verify_level is ProofLevel.L2


def test_a_server_that_spoils_every_upload_is_named(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    def rule(request: Request) -> Answer | None:
        if request.method == "GET":
            for upload in server.of_takes():
                upload.data[1000] = (upload.data[1000] + 1) % 256
        return None

    with TusServer(rule) as server:
        row = deliver(queue, uploader, server, tmp_path)
        assert len(server.of_takes()) == 0, "what is spoilt is taken away again"
        assert len(server.asked("PATCH")) == 2 + 2, "the probe and two copies a day"
    assert (row.state, row.error_kind, row.due_at is not None) == (State.WAITING, "often", True)
    assert "loses or changes" in str(row.error)


def test_metadata_names_take_and_digest(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer() as server:
        row = deliver(queue, uploader, server, tmp_path)
        metadata = server.of_takes()[0].metadata
    assert metadata == {
        "take_id": row.take_id,
        "sha256": row.sha256,
        "filename": "S001_song1_1.wav",
        "filetype": "audio/wav",
        "station": "test-1",
        "session": "afternoon",
        "student_id": "S001",
        "item": "song1",
        "attempt": "1",
    }


def test_two_takes_with_the_same_beginning_are_two_uploads(
    queue: Queue, uploader: Make, tmp_path: Path
) -> None:
    takes = [new_take(tmp_path, number, silence=100_000) for number in (1, 2)]
    for take in takes:
        queue.add(take)
    with TusServer() as server:
        uploader(server.url).run_once()
        assert sorted(server.stored()) == sorted(take.path.read_bytes() for take in takes)
