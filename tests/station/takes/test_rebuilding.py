"""What is rebuilt of a data folder: each recording once, judged by its own item, proven by what is signed."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag

import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audio.file import Recovered
from config.access import StationLock
from config.disk import DataDir
from config.kit import Item, Kit
from config.samples import write_samples
from config.settings import ServerSection
from config.takes import part_path, read_finished, sidecar_path, write_facts
from station.takes.rebuild import kit_if_any, rebuild
from station.takes.settle import wait_for_orphan
from tests.station.test_identity import record
from uploader.prove import Centre
from uploader.prove.receiptfile import write_receipt
from uploader.queue import Queue
from uploader.queue.states import State

URL = "https://centre.example/files/"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


@pytest.fixture
def take(data: DataDir) -> Path:
    return record(data.session("s1"), "0107", "take-1")


def kit(*least: tuple[str, float]) -> Kit:
    """Items with their least seconds."""
    items = tuple(Item(id=name, title=name, min_seconds=seconds, max_seconds=60) for name, seconds in least)
    return Kit(id="k", version="1", items=items)


def states(data: DataDir) -> list[tuple[str, State]]:
    queue = Queue.open(data.database)
    try:
        return [(row.take_id, row.state) for row in queue.rows()]
    finally:
        queue.close()


def test_nothing_is_there_and_nothing_is_found(data: DataDir) -> None:
    report = rebuild(data)
    assert (report.takes, report.queued, report.leftovers, report.moved_aside) == (0, 0, [], [])


def test_recordings_of_all_sessions_are_counted_and_queued_once_and_practice_is_not_sent(
    data: DataDir, take: Path
) -> None:
    other = record(data.session("s2"), "0108", "take-2")
    write_facts(other, replace(read_finished(other), kind="practice"))
    (data.takes / "a note.txt").write_text("not a session", encoding="utf-8")
    report = rebuild(data)
    assert (report.takes, report.queued, report.leftovers) == (2, 1, [])
    assert states(data) == [("take-1", State.QUEUED)]
    again = rebuild(data)
    assert (again.takes, again.queued, again.moved_aside) == (2, 0, [])
    held = {Path(file.path).resolve() for file in psutil.Process().open_files()}
    assert data.database.resolve() not in held, "Windows would move it nowhere"


def test_a_recording_with_other_bytes_than_were_recorded_is_named_and_not_sent(
    data: DataDir, take: Path
) -> None:
    record(data.session("s1"), "0108", "take-2")
    whole = take.read_bytes()
    take.write_bytes(whole[:-2] + b"\1\2")
    report = rebuild(data)
    assert report.leftovers == [Recovered(take, "differs")]
    assert [name for name, _ in states(data)] == ["take-2"]


def test_facts_that_are_gone_come_back_with_a_verdict_by_the_item_that_was_sung(
    data: DataDir, take: Path
) -> None:
    part = part_path(record(data.session("s2"), "0108", "take-2"))
    sidecar_path(part).unlink()
    part.with_name("0108_song1_1.wav").rename(part)
    sidecar_path(take).unlink()
    report = rebuild(data, kit(("song2", 20), ("song1", 0.5)))
    assert report.restored == [take, part.with_name("0108_song1_1.wav")]
    assert [(left.path.name, left.outcome) for left in report.leftovers] == [
        ("0108_song1_1.wav", "recovered")
    ]
    assert (report.takes, report.queued) == (2, 2)
    for path, ended_by in zip(report.restored, ("stop", "device"), strict=True):
        facts = read_finished(path)
        assert (facts.rebuilt, facts.kind, facts.ended_by) == (True, "test", ended_by)
        assert facts.verdict is not None
        assert ("partial" in facts.verdict.reasons) == (ended_by == "device")
        assert "short" not in facts.verdict.reasons, "it is another song that must be longer"


@pytest.mark.parametrize("known", [None, kit(("song2", 20))])
def test_without_its_item_a_recording_comes_back_without_a_verdict(
    data: DataDir, take: Path, known: Kit | None
) -> None:
    sidecar_path(take).unlink()
    report = rebuild(data, known)
    assert (report.restored, report.queued) == ([take], 1)
    facts = read_finished(take)
    assert (facts.verdict, facts.kind) == (None, None)


def test_a_receipt_that_nobody_signed_proves_nothing_to_a_station_that_knows_the_centres_key(
    data: DataDir, take: Path
) -> None:
    facts = read_finished(take)
    receipt = {"v": 1, "take_id": "take-1", "sha256": facts.sha256, "size": take.stat().st_size}
    write_receipt(take, {**receipt, "level": "L2", "upload_url": f"{URL}1"})
    key = base64.b64encode(KEY).decode("ascii")
    section = ServerSection.model_validate({"url": URL, "receipt_key": key})
    rebuild(data, centre=Centre.of(section))
    assert states(data) == [("take-1", State.SENT)], "it is asked for"
    data.database.unlink()
    rebuild(data)
    assert states(data) == [("take-1", State.VERIFIED)]


def test_a_damaged_database_goes_aside_and_the_recordings_are_queued_in_a_new_one(
    data: DataDir, take: Path
) -> None:
    data.database.write_bytes(b"no database" * 99)
    report = rebuild(data)
    assert [path.read_bytes() for path in report.moved_aside] == [b"no database" * 99]
    assert states(data) == [("take-1", State.QUEUED)]


def test_a_kit_that_can_not_be_read_does_not_stop_the_rescue(data: DataDir, tmp_path: Path) -> None:
    write_samples(tmp_path / "home")
    found = kit_if_any(tmp_path / "home" / "kit", data)
    assert found is not None
    assert "song1" in {item.id for item in found.items}
    assert kit_if_any(tmp_path / "nowhere", data) is None


# --- a recorder that still lives


class Recording:
    """Holds the lock of a capture process until somebody has waited so often for it."""

    def __init__(self, data: DataDir, waits: int) -> None:
        data.root.mkdir(parents=True)
        self.lock = StationLock(data.capture_lock)
        self.lock.acquire()
        self.said: list[bool] = []
        self.waited: list[float | None] = []
        self._waits = waits

    def tell(self, busy: bool) -> None:
        self.said.append(busy)

    def stop(self, *, stopped_after: int = 99) -> Flag:
        recording = self

        class Stop(Flag):
            asked = 0

            def is_set(self) -> bool:
                self.asked += 1
                assert self.asked < 100, "it asks without a pause"
                return len(recording.waited) >= stopped_after

            def wait(self, timeout: float | None = None) -> bool:
                recording.waited.append(timeout)
                if len(recording.waited) == recording._waits:
                    recording.lock.release()
                return False

        return Stop()


def test_a_running_recorder_is_waited_for_and_that_is_said_once_each_way(data: DataDir) -> None:
    recording = Recording(data, waits=3)
    assert wait_for_orphan(data, recording.stop(), recording.tell)
    assert recording.said == [True, False]
    assert len(recording.waited) == 3
    assert all(seconds is not None and 0.05 <= seconds <= 0.5 for seconds in recording.waited), "not for long"
    lock = StationLock(data.capture_lock)
    lock.acquire()
    lock.release()


def test_who_hears_that_the_recorder_has_left_can_start_one(data: DataDir) -> None:
    recording = Recording(data, waits=1)
    started: list[bool] = []

    def tell(busy: bool) -> None:
        if not busy:
            recording.lock.acquire()
            started.append(True)

    assert wait_for_orphan(data, recording.stop(), tell)
    recording.lock.release()
    assert started == [True]


def test_the_waiting_can_be_ended_and_the_recorder_goes_on(data: DataDir) -> None:
    recording = Recording(data, waits=99)
    assert not wait_for_orphan(data, recording.stop(stopped_after=2), recording.tell)
    assert recording.said == [True]
    recording.lock.release()


def test_nobody_records_and_nothing_is_said(data: DataDir) -> None:
    data.root.mkdir()
    said: list[bool] = []
    assert wait_for_orphan(data, Flag(), said.append)
    assert said == []


def test_recovery_waits_for_a_recorder_before_it_touches_its_file(data: DataDir) -> None:
    recording = Recording(data, waits=99)
    whole = record(data.session("s1"), "0107", "take-1")
    whole.rename(part_path(whole))

    def tell(busy: bool) -> None:
        recording.said.append(busy)
        assert part_path(whole).exists()
        if busy:
            recording.lock.release()

    report = rebuild(data, on_wait=tell)
    assert recording.said == [True, False]
    assert [left.outcome for left in report.leftovers] == ["recovered"]
