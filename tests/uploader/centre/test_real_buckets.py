"""Receipts from an S3 store that tusd and @tus/server really filled, by two commands at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.uploader.conftest import Make
from tests.uploader.published import Published
from tests.uploader.realservers import Running
from tests.uploader.s3servers import BUCKET, KEYS, NodeOnS3, Store, TusdOnS3
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
WORKERS = 2


def ends_in_order(worker: subprocess.Popen[bytes]) -> bool:
    """Whether it catches SIGTERM, by proc(5); the servers of these tests need Linux, too."""
    status = Path(f"/proc/{worker.pid}/status").read_text(encoding="ascii")
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def test_takes_on_s3_reach_level_3_with_two_workers(
    on_s3: TusdOnS3 | NodeOnS3,
    store: Store,
    queue: Queue,
    uploader: Make,
    tmp_path: Path,
    published: Published,
) -> None:
    command = [sys.executable, "-m", "uploader.receipts", f"s3://{BUCKET}/", str(published.folder)]
    command += ["--database", str(tmp_path / "centre.db"), "--every", "2"]
    env = {**os.environ, **KEYS, "AWS_ENDPOINT_URL_S3": store.url}
    with Running(on_s3, tmp_path / "store") as server:
        workers = [subprocess.Popen(command, env=env) for _ in range(WORKERS)]
        try:
            for number in range(4):
                queue.add(new_take(tmp_path / "takes", number + 1))
            deadline = time.monotonic() + 240
            while {row.verify_level for row in queue.rows()} != {ProofLevel.L3}:
                assert time.monotonic() < deadline, "no receipts"
                queue.retry()
                uploader(server.url, receipt_url=published.url).run_once()
                # A receipt is asked for forty times at most; the workers look every two seconds.
                time.sleep(1)
            assert len(list(published.folder.glob("*.json"))) == 4
            # One that still starts is ended by the signal itself.
            while not all(map(ends_in_order, workers)):
                assert time.monotonic() < deadline, "a worker did not start"
                time.sleep(0.05)
        finally:
            for worker in workers:
                worker.terminate()
            codes = [worker.wait(60) for worker in workers]
    assert codes == [0] * WORKERS
