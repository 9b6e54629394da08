"""kill -9 of the uploader and of its server at random moments, while takes keep coming in."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

from config.settings import DeliverySection, ServerSection
from tests.bench.telling import tell
from tests.bench.upload_peers import kinds
from tests.uploader.client_kills import kill_clients
from tests.uploader.conftest import QUICK, TIMING
from tests.uploader.proxy import Line, Proxy
from tests.uploader.realservers import Kind, ResumableUpload, Running, Stored
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.send.worker import Uploader

MB = 1_000_000
RATE = 20 * MB
AT_ONCE = 20
"""Takes that come in together."""
SETTLED_SECONDS = 120.0
ON = ("tusd", "resumable-upload")
"""Servers that tell the truth after kill -9; tuspyserver was seen to lie then."""


def client_kills(place: Path, count: int) -> None:
    rng, hits = random.Random(1), 0
    queue = Queue.open(place / "queue.db")
    with Running(ResumableUpload(), place / "store") as server:
        with Proxy(server.port, Line(rate=RATE)) as proxy:
            url = f"http://127.0.0.1:{proxy.port}/files/"
            while hits < count:
                come(queue, place, hits)
                delays = [rng.uniform(0.01, 0.25) for _ in range(min(AT_ONCE, count - hits))]
                hits += max(1, kill_clients(place / "queue.db", url, delays))
                tell(f"kills: {hits}")
            uploader_of(queue, url).run_once()
        print(f"**{hits} x kill -9 of the client**: {judged(queue, server.stored())}\n", flush=True)
    queue.close()


def server_kills(place: Path, count: int) -> None:
    """Half of them on each server that is here."""
    found = [kind for kind in kinds() if kind.name in ON]
    for kind in found:
        text = one_server_killed(place / kind.name, kind, count // len(found))
        print(f"**{count // len(found)} x kill -9 of {kind.name}**: {text}\n", flush=True)


def one_server_killed(place: Path, kind: Kind, count: int) -> str:
    rng = random.Random(2)
    queue = Queue.open(place / "queue.db")
    with Running(kind, place / "store") as server, Proxy(server.port, Line(rate=RATE)) as proxy:
        uploader = uploader_of(queue, f"http://127.0.0.1:{proxy.port}/files/")
        uploader.start()
        for number in range(count):
            if not number % 5:
                come(queue, place, AT_ONCE * number)
            time.sleep(rng.uniform(0.05, 0.4))
            server.kill()
            time.sleep(rng.uniform(0.0, 0.3))
            server.start()
            queue.retry()
            uploader.wake()
            tell(f"kills of {kind.name}: {number + 1}")
        deadline = time.monotonic() + SETTLED_SECONDS
        while not all(row.delivered for row in queue.rows()) and time.monotonic() < deadline:
            time.sleep(0.5)
            # An hour later, by the clock of the row.
            queue.retry()
            uploader.wake()
        uploader.stop(10)
        text = judged(queue, server.stored())
    queue.close()
    return text


def come(queue: Queue, place: Path, first: int) -> None:
    for number in range(first, first + AT_ONCE):
        queue.add(new_take(place / "takes", number, 2 * MB))


def uploader_of(queue: Queue, url: str) -> Uploader:
    server = ServerSection(url=url)
    return Uploader(queue, server, DeliverySection(), lambda *_: None, None, timing=TIMING, retry_times=QUICK)


def judged(queue: Queue, stored: Sequence[Stored]) -> str:
    rows = {row.take_id: row for row in queue.rows()}
    lost = sum(not row.delivered for row in rows.values())
    # By its bytes: a server that was killed at the very end may have all of them and not know it.
    whole = [one for one in stored if one.finished or len(one.data) == rows[one.take_id].size]
    twice = len(whole) - len({upload.take_id for upload in whole})
    same = sum(upload.data == rows[upload.take_id].path.read_bytes() for upload in whole)
    for one in whole:
        if one.data != rows[one.take_id].path.read_bytes():
            tell(f"other bytes: {one.take_id}, {len(one.data)} bytes, {rows[one.take_id].verify_level!r}")
    return f"{len(rows)} takes, {lost} lost, {twice} twice, {same} identical"
