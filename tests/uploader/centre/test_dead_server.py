"""tusd and @tus/server on S3, killed after the last byte and before they made the object: nobody need act."""

from __future__ import annotations

import time
from pathlib import Path

import boto3
import pytest

from tests.uploader.conftest import Make
from tests.uploader.httpgate import HttpGate, Passed
from tests.uploader.published import Published
from tests.uploader.realservers import Running
from tests.uploader.s3servers import BUCKET, KEYS, NodeOnS3, Store, TusdOnS3
from tests.uploader.takes import new_take
from uploader.centre.bucket import BucketStore
from uploader.centre.centreworker import CentreWorker
from uploader.centre.ledgerfile import open_ledger
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State

pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]
EVERY = 1.0


class ThroughGate:
    """A server whose way to its store leads through the gate."""

    keeps_partial = True
    level = "L3"
    env = KEYS

    def __init__(self, kind: TusdOnS3 | NodeOnS3, store: Store, gate: HttpGate) -> None:
        self._kind, self._urls, self.name = kind, (store.url, gate.url), kind.name
        self.stored = kind.stored

    def command(self, port: int, store: Path) -> list[str]:
        hidden = ["-disable-download"] if isinstance(self._kind, TusdOnS3) else []
        return [part.replace(*self._urls) for part in self._kind.command(port, store)] + hidden


class Death:
    """Kills a server once, where the parts of an upload would be put together."""

    def __init__(self) -> None:
        self.server: Running | None = None
        self.struck: list[Passed] = []

    def __call__(self, passed: Passed) -> bool:
        if self.struck or passed.method != "POST" or "uploadId=" not in passed.path:
            return False
        assert self.server is not None
        self.struck.append(passed)
        self.server.kill()
        return True


def worker_of(store: Store, folder: Path, published: Published) -> CentreWorker:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    bucket = BucketStore(f"s3://{BUCKET}/", boto3.client("s3", endpoint_url=store.url, **keys))
    return CentreWorker(bucket, open_ledger(f"sqlite:///{folder}/c.db"), out=published.folder, every=EVERY)


def test_a_server_that_died_with_all_bytes_costs_no_take_and_no_byte(
    on_s3: TusdOnS3 | NodeOnS3,
    store: Store,
    queue: Queue,
    uploader: Make,
    tmp_path: Path,
    published: Published,
) -> None:
    worker, take, death = worker_of(store, tmp_path, published), new_take(tmp_path / "takes"), Death()
    queue.add(take)
    with (
        HttpGate(store.url, death) as gate,
        Running(ThroughGate(on_s3, store, gate), tmp_path / "store") as server,
    ):
        death.server = server
        uploader(server.url, receipt_url=published.url).run_once()
        assert death.struck, "the server was not killed at its last step"
        server.start()
        deadline = time.monotonic() + 120
        while (row := queue.row(take.take_id)).verify_level is not ProofLevel.L3:
            assert time.monotonic() < deadline, f"{row.state} {row.verify_level!r} {row.upload_url}"
            queue.retry()
            uploader(server.url, receipt_url=published.url).run_once()
            worker.once()
            # The worker looks again after a while, as in the centre.
            time.sleep(EVERY / 2)
        stored = server.stored()
    assert row.state is State.VERIFIED
    assert [one.data for one in stored] == [take.path.read_bytes()]
    objects = store.keys()
    assert len([name for name in objects if name.endswith(".info")]) == 1, "begun anew"
