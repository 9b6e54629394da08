"""What is said to be saved or recovered outlives a power cut: bytes first, then the name, then the word."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from audio.file.recover import recover_part
from audio.protocol import messages as ev
from config.takes import part_path, sidecar_path
from tests.audio.booth import Booth
from tests.audio.synced import SyncedDisk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what was synced is read by its handle")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SyncedDisk:
    return SyncedDisk(monkeypatch)


@pytest.mark.parametrize("odd", [False, True])
def test_a_take_that_was_said_to_be_saved_is_there_after_a_power_cut(
    tmp_path: Path, disk: SyncedDisk, odd: bool
) -> None:
    booth = Booth(tmp_path)
    booth.hear(1)
    booth.start()
    booth.hear(1.01 if odd else 1)
    booth.stop()
    assert len(booth.told(ev.TakeSaved)) == 1
    kept = disk.after_power_cut(tmp_path)
    for path in (booth.path, sidecar_path(booth.path)):
        assert kept.get(path.name) == path.read_bytes(), path.suffix
    assert disk.synced.count(booth.path.stat().st_ino) == 1, "the next pupil waits no longer for it"


def test_facts_of_a_take_that_runs_are_there_after_a_power_cut(tmp_path: Path, disk: SyncedDisk) -> None:
    booth = Booth(tmp_path)
    booth.hear(1)
    booth.start()
    sidecar = sidecar_path(booth.path)
    assert disk.after_power_cut(tmp_path)[sidecar.name] == sidecar.read_bytes()
    booth.stop()


def test_a_take_that_was_said_to_be_recovered_is_there_after_a_power_cut(
    tmp_path: Path, disk: SyncedDisk
) -> None:
    booth = Booth(tmp_path)
    booth.hear(1)
    booth.start()
    booth.hear(1)
    part = part_path(booth.path)
    torn = part.read_bytes()[:-1]
    booth.stop()
    booth.path.unlink()
    part.write_bytes(torn)
    assert recover_part(part).outcome == "recovered"
    kept = disk.after_power_cut(tmp_path)
    for path in (booth.path, sidecar_path(booth.path)):
        assert kept.get(path.name) == path.read_bytes(), path.suffix
    assert part.name not in kept
