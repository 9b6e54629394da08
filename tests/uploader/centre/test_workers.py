"""Workers of the centre: any number at once, over folders and S3, and what they do when things go wrong."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.uploader.centre.stored import MemoryS3, description, put
from uploader.centre.accounts import Accounts
from uploader.centre.attest import write_receipts
from uploader.centre.bucket import BucketStore
from uploader.centre.centreworker import CentreWorker
from uploader.centre.folder import FolderStore
from uploader.centre.ledger import CLAIM_SECONDS, Ledger
from uploader.centre.ledgerfile import open_ledger

SHA = hashlib.sha256(b"12345").hexdigest()


def receipts(out: Path) -> set[str]:
    return {path.stem for path in out.glob("*.json")}


def receipt(ledger: Ledger, upload_id: str) -> str | None:
    return Accounts(ledger.engine).receipt(upload_id)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    found = tmp_path / "out"
    found.mkdir()
    return found


@pytest.mark.sampled(2, fewest=1)
def test_many_workers_write_each_receipt_once(database: str, tmp_path: Path, out: Path) -> None:
    for number in range(40):
        put(tmp_path / "tusd", f"u{number}")
    ledgers = [open_ledger(database) for _ in range(3)]
    workers = [CentreWorker(FolderStore(tmp_path / "tusd"), ledger, out=out) for ledger in ledgers]
    counts: list[int] = []
    threads = [threading.Thread(target=lambda w=worker: counts.append(w.once())) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ledger in ledgers:
        ledger.engine.dispose()
    assert sum(counts) == 40
    assert receipts(out) == {f"u{number}" for number in range(40)}


def test_what_a_killed_worker_had_is_taken_by_another(ledger: Ledger, tmp_path: Path) -> None:
    put(tmp_path / "tusd", "u")
    store = FolderStore(tmp_path / "tusd")
    clock = Clock()
    shared = Ledger(ledger.engine, clock)
    worker = CentreWorker(store, shared)
    worker.look()
    killed = shared.claim(store.name, "killed")
    assert killed is not None
    assert worker.one() is None, "it is in work"
    clock.now += CLAIM_SECONDS / 2
    shared.still_reads(killed)
    clock.now += CLAIM_SECONDS - 1
    assert worker.one() is None, "it has given a sign of life"
    clock.now += 2
    assert worker.one() == 1
    assert not shared.proven(killed, 1, "0" * 64, "{}"), "the late one changes nothing"
    assert json.loads(receipt(ledger, "u") or "{}")["sha256"] == SHA


def test_what_is_deleted_from_the_store_has_no_receipt_any_more(
    ledger: Ledger, tmp_path: Path, out: Path
) -> None:
    for name in ("a", "b"):
        put(tmp_path / "tusd", name)
    worker = CentreWorker(FolderStore(tmp_path / "tusd"), ledger, out=out)
    assert worker.once() == 2
    (tmp_path / "tusd" / "a").unlink()
    worker.look()
    assert receipt(ledger, "a") is not None, "one look may have met a rename"
    worker.look()
    assert (receipt(ledger, "a"), receipts(out)) == (None, {"b"})
    put(tmp_path / "tusd", "a")
    assert worker.once() == 1
    assert receipts(out) == {"a", "b"}


def test_an_upload_that_changed_gets_another_receipt(ledger: Ledger) -> None:
    s3 = MemoryS3()
    s3.put("a")
    worker = CentreWorker(BucketStore("s3://takes/", s3), ledger)
    assert worker.once() == 1
    s3.put("a", b"other")
    assert worker.once() == 1
    found = json.loads(receipt(ledger, "a+multi.1_x") or "{}")
    assert found["sha256"] == hashlib.sha256(b"other").hexdigest()


def test_a_store_that_breaks_off_gives_no_receipt_and_stops_no_other(ledger: Ledger) -> None:
    s3, clock = MemoryS3(), Clock()
    for name in ("a", "b", "c"):
        s3.put(name)
    s3.broken.add("a")
    worker = CentreWorker(BucketStore("s3://takes/", s3), Ledger(ledger.engine, clock))
    assert worker.once() == 2
    s3.broken.clear()
    assert worker.one() is None, "it waits a little"
    clock.now += 2
    assert worker.one() == 1


def test_a_bucket_is_read_page_by_page_and_below_its_prefix_only(ledger: Ledger, out: Path) -> None:
    s3 = MemoryS3()
    for name in ("p/a", "p/a-1", "p/b", "q/c"):
        s3.put(name)
    s3.objects["p/unfinished.info"] = description("unfinished+x", 9).encode()
    s3.objects["p/d"] = b"without description"
    assert CentreWorker(BucketStore("s3://takes/p/", s3), ledger, out=out).once() == 3
    assert receipts(out) == {"a+multi.1_x", "a-1+multi.1_x", "b+multi.1_x"}
    assert write_receipts(BucketStore("s3://takes/q", s3), out) == 1
    assert write_receipts(BucketStore("s3://takes/", s3), out, only="p/a") == 0, "no id of this store"


@pytest.mark.parametrize(
    "info",
    [
        b"{",
        b"[]",
        b"x" * 200_000,
        description("../../etc/a", 5).encode(),
        description("other+1", 5).encode(),
        description("a+/../b", 5).encode(),
        json.dumps({"ID": "a+1", "Size": 5, "MetaData": {"take_id": "x" * 99}}).encode(),
        json.dumps({"ID": 7, "Size": 5, "MetaData": {"take_id": "t"}}).encode(),
        json.dumps({"ID": "a+1", "Size": 0, "MetaData": None}).encode(),
    ],
)
def test_a_strange_description_gets_no_receipt_and_stops_no_other(info: bytes, out: Path) -> None:
    s3 = MemoryS3()
    s3.put("a")
    s3.put("b")
    s3.objects["a.info"] = info
    assert write_receipts(BucketStore("s3://takes/", s3), out) == 1
    assert receipts(out) == {"b+multi.1_x"}


def test_a_hook_hurries_its_own_upload(ledger: Ledger, out: Path) -> None:
    s3 = MemoryS3()
    s3.put("a")
    s3.put("b")
    worker = CentreWorker(BucketStore("s3://takes/", s3), ledger, out=out)
    assert worker.hurry("b+multi.1_x") == 1
    assert worker.hurry("none+x") == 0
    assert receipts(out) == {"b+multi.1_x"}


def test_one_of_all_workers_looks_at_a_time(ledger: Ledger) -> None:
    clock = Clock()
    shared = Ledger(ledger.engine, clock)
    assert [shared.take_look("s", 20) for _ in range(3)] == [True, False, False]
    clock.now += 21
    assert [shared.take_look("s", 20) for _ in range(2)] == [True, False]
