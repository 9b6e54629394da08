"""Receipts from an S3 store that tusd and @tus/server really filled, by two commands at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.testservers import NODE_S3, S3, TUSD
from tests.uploader.conftest import Make
from tests.uploader.published import Published
from tests.uploader.realservers import Running
from tests.uploader.s3servers import BUCKET, KEYS, NodeOnS3, Store, TusdOnS3
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
WORKERS = 2


@pytest.fixture
def s3() -> Iterator[Store]:
    if S3.why_not:
        pytest.skip(S3.why_not)
    with Store() as found:
        yield found


@pytest.mark.parametrize(
    ("kind", "needs"),
    [
        pytest.param(TusdOnS3, TUSD, marks=pytest.mark.go),
        pytest.param(NodeOnS3, NODE_S3, marks=pytest.mark.node),
    ],
)
def test_takes_on_s3_reach_level_3_with_two_workers(
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
    command = [sys.executable, "-m", "uploader.receipts", f"s3://{BUCKET}/", str(published.folder)]
    command += ["--database", str(tmp_path / "centre.db"), "--every", "2"]
    env = {**os.environ, **KEYS, "AWS_ENDPOINT_URL_S3": s3.url}
    with Running(kind(s3), tmp_path / "store") as server:
        workers = [subprocess.Popen(command, env=env) for _ in range(WORKERS)]
        try:
            for number in range(4):
                queue.add(new_take(tmp_path / "takes", number + 1))
            deadline = time.monotonic() + 240
            while {row.verify_level for row in queue.rows()} != {ProofLevel.L3}:
                assert time.monotonic() < deadline, "no receipts"
                queue.retry()
                uploader(server.url, receipt_url=published.url).run_once()
            assert len(list(published.folder.glob("*.json"))) == 4
        finally:
            for worker in workers:
                worker.terminate()
            codes = [worker.wait(60) for worker in workers]
    assert codes == [0] * WORKERS
