"""kill -9 of the client at random moments: no take lost, none delivered twice, all bytes identical."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from station.demo.receiver import Receiver
from tests.uploader.client_kills import kill_clients
from tests.uploader.conftest import Make
from tests.uploader.proxy import Line, Proxy
from tests.uploader.realservers import ResumableUpload
from tests.uploader.takes import new_take
from tests.uploader.tusserver import TusServer
from uploader.queue.queue import Queue

KILLS = 15
MB = 1_000_000
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="clients are forked")


def killed_until_delivered(
    queue: Queue, uploader: Make, tmp_path: Path, port: int, stored: Callable[[], list[bytes]]
) -> None:
    takes = [new_take(tmp_path, number, MB) for number in range(1, 6)]
    for take in takes:
        queue.add(take)
    rng = random.Random(4)
    delays = [rng.uniform(0.02, 0.2) for _ in range(KILLS)]
    with Proxy(port, Line(rate=5 * MB)) as proxy:
        url = f"http://127.0.0.1:{proxy.port}/files/"
        assert kill_clients(tmp_path / "data" / "station.db", url, delays) > KILLS // 2
        proxy.line.rate = None
        uploader(url).run_once()
    assert all(row.delivered for row in queue.rows())
    assert sorted(stored()) == sorted(take.path.read_bytes() for take in takes)


def test_with_a_real_server(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    folder = tmp_path / "server"

    def stored() -> list[bytes]:
        (folder / "uploads").rename(folder / "files")
        return [upload.data for upload in ResumableUpload().stored(folder) if upload.finished]

    with Receiver(folder) as server:
        killed_until_delivered(queue, uploader, tmp_path, urlsplit(server.url).port or 0, stored)


@pytest.mark.costly
def test_with_a_server_that_gives_nothing_back(queue: Queue, uploader: Make, tmp_path: Path) -> None:
    with TusServer(downloads=False) as server:
        killed_until_delivered(queue, uploader, tmp_path, server.port, server.stored)
