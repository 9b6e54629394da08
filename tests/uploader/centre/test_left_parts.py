"""All bytes in the bucket and no object: the server died in between, and nobody may have to act."""

from __future__ import annotations

import logging

import pytest

from tests.clock import Clock
from tests.uploader.centre.stored import MemoryS3, description
from uploader.centre.bucket import BucketStore
from uploader.centre.centreworker import LOOK_SECONDS, SETTLED_LOOKS, CentreWorker
from uploader.centre.ledger import Ledger
from uploader.centre.leftparts import LONGEST_REST, described

SETTLED = LOOK_SECONDS * SETTLED_LOOKS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def s3() -> MemoryS3:
    return MemoryS3()


@pytest.fixture
def worker(s3: MemoryS3, ledger: Ledger, clock: Clock) -> CentreWorker:
    return CentreWorker(BucketStore("s3://takes/", s3, clock), ledger)


def looked(worker: CentreWorker, clock: Clock, seconds: float) -> int:
    """Receipts of the looks of so long."""
    count, until = 0, clock.now + seconds
    while clock.now < until:
        count += worker.once()
        clock.now += LOOK_SECONDS
    return count


def test_what_a_dead_server_left_is_put_together_and_gets_its_receipt(
    worker: CentreWorker, s3: MemoryS3, clock: Clock
) -> None:
    s3.leave("a", b"12345", b"67", b"89", size=9)
    s3.put("b")
    assert looked(worker, clock, SETTLED) == 1, "its server may be about to do it"
    assert "a" not in s3.objects
    assert looked(worker, clock, 3 * LOOK_SECONDS) == 1
    assert s3.objects["a"] == b"123456789"


@pytest.mark.sampled(2, fewest=1)
def test_what_is_still_on_its_way_is_left_alone(worker: CentreWorker, s3: MemoryS3, clock: Clock) -> None:
    s3.leave("a", b"12345", size=9)
    looked(worker, clock, 5 * SETTLED)
    assert "a" not in s3.objects
    s3.parts["a"]["left.1_x"].append(b"6789")
    looked(worker, clock, SETTLED)
    assert "a" not in s3.objects, "the last part has just come"
    looked(worker, clock, LONGEST_REST)
    assert s3.objects["a"] == b"123456789"


def test_what_was_given_up_or_is_no_take_stops_nothing(
    worker: CentreWorker, s3: MemoryS3, clock: Clock
) -> None:
    s3.objects["aborted.info"] = description("aborted+none", 5).encode()
    s3.objects["strange.info"] = b"{"
    s3.objects["text.info"] = b"7"
    s3.leave("probe", b"x", size=1)
    s3.objects["probe.info"] = s3.objects["probe.info"].replace(b"take_id", b"other")
    s3.leave("z", b"12345", size=5)
    assert looked(worker, clock, 2 * SETTLED) == 1
    assert "probe" not in s3.objects


def test_a_centre_whose_workers_may_not_write_is_told_and_goes_on(
    worker: CentreWorker, s3: MemoryS3, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    s3.read_only = True
    s3.leave("a", b"12345", size=5)
    s3.put("b")
    with caplog.at_level(logging.WARNING):
        assert looked(worker, clock, 2 * SETTLED) == 1
    assert "a.info was not put together: S3:" in caplog.text
    s3.read_only = False
    assert looked(worker, clock, 2 * SETTLED) == 1


@pytest.mark.parametrize(
    ("facts", "beside", "multipart"),
    [
        ({"ID": "k+m+n", "Size": 5, "MetaData": {"take_id": "t"}}, {}, "m+n"),
        ({"id": "k", "size": 5, "metadata": {"take_id": "t"}}, {"upload-id": "m"}, "m"),
        ({"id": "k", "size": 5, "metadata": {"take_id": "t"}}, {}, None),
        ({"ID": "k+m", "Size": "5", "MetaData": {"take_id": "t"}}, {}, None),
        ({"ID": "k+m", "Size": 0, "MetaData": {"take_id": "t"}}, {}, None),
        ({"ID": "k+m", "Size": 5, "MetaData": None}, {}, None),
    ],
)
def test_both_servers_say_where_their_parts_are(
    facts: dict[str, object], beside: dict[str, str], multipart: str | None
) -> None:
    found = described(facts, beside)
    assert (found.multipart if found is not None else None) == multipart
