"""A take that a newer program recorded: every reader says so in one sentence, and leaves it as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from audio.file.recover import recover_folder
from config.base import StationError
from config.disk import DataDir
from config.takes import part_path, sidecar_path
from station.takes.anyfile import FileJudge
from station.takes.rebuild import rebuild
from station.takes.settle import look_through
from tests.audio.recordings import good, write_take
from tests.uploader.takes import describe
from uploader.faults import Kind, UploadFault
from uploader.prove.integrity import check_owner
from uploader.queue.queue import Queue
from uploader.queue.take import FinishedTake


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """Of the next version: its facts have another form."""
    folder = tmp_path / "takes" / "afternoon"
    folder.mkdir(parents=True)
    path = write_take(folder / "S001_song1_1.wav", good())
    sidecar = describe(path)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(json.dumps({**facts, "version": 2, "attempt": {"number": 1}}), encoding="utf-8")
    return path


READERS: list[Callable[[Path], object]] = [
    lambda take: FileJudge().verdict(take),
    lambda take: FinishedTake.from_sidecar(sidecar_path(take)),
]


@pytest.mark.parametrize("reader", READERS, ids=["verdict", "delivery"])
def test_it_is_refused_with_both_versions(take: Path, reader: Callable[[Path], object]) -> None:
    before = sidecar_path(take).read_bytes()
    with pytest.raises(StationError, match=r"S001_song1_1\.json .* version 2, this program knows 1"):
        reader(take)
    assert sidecar_path(take).read_bytes() == before


def test_it_is_not_sent(take: Path, tmp_path: Path) -> None:
    sidecar = sidecar_path(take)
    newer = sidecar.read_text(encoding="utf-8")
    queue = Queue.open(tmp_path / "queue.db")
    try:
        known = FinishedTake.from_sidecar(describe(take))
        queue.add(known)
        sidecar.write_text(newer, encoding="utf-8")
        with pytest.raises(UploadFault, match="version 2, this program knows 1") as caught:
            check_owner(queue.row(known.take_id))
    finally:
        queue.close()
    assert caught.value.kind is Kind.TAKE


def test_recovery_leaves_it_to_the_newer_program(take: Path, tmp_path: Path) -> None:
    before = sidecar_path(take).read_bytes()
    assert look_through(take.parent, {})[0] == []
    report = rebuild(DataDir(tmp_path))
    assert [(left.path, left.outcome) for left in report.leftovers] == [(take, "newer")]
    assert report.queued == 0
    take.rename(part_path(take))
    assert [left.outcome for left in recover_folder(take.parent)] == ["newer"]
    assert sidecar_path(take).read_bytes() == before
