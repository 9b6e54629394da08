"""tusd and @tus/server on S3, killed after the last byte and before they made the object: nobody need act."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from tests.tools.testservers import NODE_S3, S3, TUSD
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


@pytest.fixture
def s3() -> Iterator[Store]:
    if S3.why_not:
        pytest.skip(S3.why_not)
    with Store() as found:
        yield found


class ThroughGate:
    """A server whose way to its store leads through the gate."""

    keeps_partial = True
    level = "L3"
    env = KEYS

    def __init__(self, kind: TusdOnS3 | NodeOnS3, s3: Store, gate: HttpGate) -> None:
        self._kind, self._urls, self.name = kind, (s3.url, gate.url), kind.name
        self.stored = kind.stored

    def command(self, port: int, store: Path) -> list[str]:
        hidden = ["-disable-download"] if isinstance(self._kind, TusdOnS3) else []
        return [part.replace(*self._urls) for part in self._kind.command(port, store)] + hidden


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        pytest.param(TusdOnS3, TUSD, marks=pytest.mark.go),
        pytest.param(NodeOnS3, NODE_S3, marks=pytest.mark.node),
    ],
)
def test_a_server_that_died_with_all_bytes_costs_no_take_and_no_byte(
    kind: type[TusdOnS3] | type[NodeOnS3],
    needs: object,
    s3: Store,
    queue: Queue,
    uploader: Make,
    tmp_path: Path,
    published: Published,
) -> None:
    if why := getattr(needs, "why_not", ""):
        pytest.skip(why)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=s3.url, **keys)
    store = BucketStore(f"s3://{BUCKET}/", client)
    worker = CentreWorker(store, open_ledger(f"sqlite:///{tmp_path}/c.db"), out=published.folder, every=EVERY)
    take = new_take(tmp_path / "takes")
    queue.add(take)
    died: list[Passed] = []
    running: list[Running] = []

    def dies(passed: Passed) -> bool:
        """Once, where its parts would be put together."""
        if died or passed.method != "POST" or "uploadId=" not in passed.path:
            return False
        died.append(passed)
        running[0].kill()
        return True

    with (
        HttpGate(s3.url, dies) as gate,
        Running(ThroughGate(kind(s3), s3, gate), tmp_path / "store") as server,
    ):
        running.append(server)
        uploader(server.url, receipt_url=published.url).run_once()
        assert died, "the server was not killed at its last step"
        server.start()
        deadline = time.monotonic() + 120
        while (row := queue.row(take.take_id)).verify_level is not ProofLevel.L3:
            assert time.monotonic() < deadline, f"{row.state} {row.verify_level!r} {row.upload_url}"
            queue.retry()
            uploader(server.url, receipt_url=published.url).run_once()
            worker.once()
            time.sleep(0.5)
        stored = server.stored()
    assert row.state is State.VERIFIED
    assert [one.data for one in stored] == [take.path.read_bytes()]
    assert len([key for key in s3.keys() if key.endswith(".info")]) == 1, "begun anew"  # noqa: SIM118
