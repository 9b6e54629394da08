"""Pipes, devices and folders in the place of files: on a stick and beside takes they hold up nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.uploader.takes import new_take
from uploader.carry.pack import export_pack, import_pack
from uploader.carry.packfile import RECEIPTS
from uploader.carry.receiptpack import import_receipts
from uploader.prove.receiptfile import receipt_path
from uploader.prove.restore import enter
from uploader.queue.queue import Queue

if sys.platform == "win32":
    pytest.skip("Windows has no such files", allow_module_level=True)

NO_FILES: dict[str, Callable[[Path], None]] = {
    "a pipe": lambda path: os.mkfifo(path),
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a folder": lambda path: path.mkdir(),
}
pytestmark = [pytest.mark.timeout(20), pytest.mark.parametrize("case", NO_FILES)]


def quiet(*_: object) -> None:
    return


@pytest.fixture
def stick(queue: Queue, tmp_path: Path) -> Path:
    """With two takes."""
    for number in (1, 2):
        queue.add(new_take(tmp_path / "home", number, 6_044))
    export_pack(queue, tmp_path / "stick", quiet)
    return tmp_path / "stick"


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Queue]:
    found = Queue.open(tmp_path / "district" / "station.db")
    yield found
    found.close()


@pytest.mark.parametrize("suffix", [".wav", ".json"])
def test_a_recording_or_its_facts_on_a_stick(
    district: Queue, stick: Path, tmp_path: Path, case: str, suffix: str
) -> None:
    spoilt = next(stick.rglob("S001*.wav")).with_suffix(suffix)
    spoilt.unlink()
    NO_FILES[case](spoilt)
    done = import_pack(district, stick, tmp_path / "district" / "takes", "district-1", quiet)
    assert (done.takes, len(done.damaged)) == (1, 1), "the other one came in"


def test_a_receipt_on_a_stick(queue: Queue, stick: Path, case: str) -> None:
    (stick / RECEIPTS).mkdir()
    NO_FILES[case](stick / RECEIPTS / "x.json")
    assert import_receipts(queue, stick) == 0


def test_a_receipt_beside_a_take(queue: Queue, tmp_path: Path, case: str) -> None:
    take = new_take(tmp_path / "takes", 1, 6_044)
    NO_FILES[case](receipt_path(take.path))
    assert enter(queue, take)
    assert not queue.row(take.take_id).delivered
