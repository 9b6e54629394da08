"""What strangers can send to delivery, made strange at random: `make fuzz`, and for a while in the suite.

Whatever it is, there is no traceback, no hang, no heap of memory, and nothing is written outside its place.
A failure names target and seed; `--target NAME --seed N --minutes 0` repeats it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from config.base.errors import StationError
from tests.uploader.takes import make_take
from tests.uploader.talker import saying
from uploader.carry.pack import export_pack, import_pack
from uploader.carry.receiptpack import export_receipts, import_receipts
from uploader.prove.receiptfile import receipt_path
from uploader.prove.restore import enter
from uploader.queue.queue import Queue
from uploader.queue.take import FinishedTake
from uploader.tus.client import TusClient
from uploader.tus.transport import Timing, Transport

SECONDS, BYTES = 5.0, 200_000_000
"""What one case may cost."""
PIECES = [
    *(b"\xff\xfe", b"\0", b"\xc2\xb2", b"-1", b"9" * 5000, b"1e999", b"NaN", b"null", b"true", b'"', b"{}"),
    *(b"[" * 5000, b'{"a":' * 900, b"../", b"..\\", b"C:", b"con", b"%00", b"0" * 64, b"\xed\xa0\x80"),
    *(b"\r\n\r\n", b"\r\nUpload-Offset: 7", b"Content-Length: 99999999999\r\n", b"Location: \xef\r\n"),
    *(b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n"),
]
VALUES: list[Any] = [
    *(None, True, -1, 0, 10**30, 1.5, "", "x" * 10_000, "../../victim", "C:\\victim", "con", "\ud800", "\0"),
    *("\u00b2", [], {}, [[]], {"a": {}}, "L2", "f" * 64),
]


def spoilt(data: bytes, rng: random.Random) -> bytes:
    """A few bytes changed, cut out, doubled, or put in."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(found) + 1)
        match rng.randrange(4):
            case 0:
                found[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del found[at : at + rng.randint(1, 40)]
            case 2:
                found[at:at] = found[at : at + rng.randint(1, 40)]
            case _:
                found[at:at] = rng.choice(PIECES)
    return bytes(found)


def changed(body: Any, rng: random.Random) -> Any:
    """Somewhere in a document another value, or a name less, or more."""
    if isinstance(body, dict) and body and rng.random() < 0.8:
        name = rng.choice(list(body))
        if rng.random() < 0.1:
            return {key: value for key, value in body.items() if key != name}
        return {**body, name: changed(body[name], rng)}
    if isinstance(body, list) and body and rng.random() < 0.8:
        at = rng.randrange(len(body))
        return [*body[:at], changed(body[at], rng), *body[at + 1 :]]
    return rng.choice(VALUES)


def document(text: str, rng: random.Random) -> bytes:
    if rng.random() < 0.3:
        return spoilt(text.encode(), rng)
    return json.dumps(changed(json.loads(text), rng)).encode()


# --- targets: each makes a case in an empty folder and lets the program meet it


@patch("uploader.tus.transport.HEADER_SECONDS", 0.5)
def answers(folder: Path, rng: random.Random) -> None:
    good = (
        b"HTTP/1.1 %d OK\r\nTus-Resumable: 1.0.0\r\nTus-Version: 1.0.0\r\nTus-Extension: checksum\r\n"
        b"Upload-Offset: 10\r\nUpload-Length: 20\r\nLocation: /files/1\r\nUpload-Metadata: take_id MQ==\r\n"
        b"Repr-Digest: sha-256=:AAAA:\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}"
    ) % rng.choice([200, 201, 204, 206, 302, 400, 404, 423, 460, 500, 503])
    answer = spoilt(good, rng)
    with saying(lambda line: line.sendall(answer)) as url:
        line = Transport(url, None, None, Timing(stall=0.3, answer=0.3))
        client = TusClient(url, line)
        asked: list[Callable[[], object]] = [
            lambda: client.create(1, {"take_id": "1"}),
            lambda: client.head(url + "1"),
            lambda: client.copy(url + "1", 20, lambda _: None),
            lambda: client.fetch(url + "1.json"),
        ]
        with suppress(StationError):
            rng.choice(asked)()
        line.close()


def receipts(folder: Path, rng: random.Random) -> None:
    """Beside a take, and on a stick."""
    take = FinishedTake.from_sidecar(make_take(folder / "takes" / "a", 1, 2_044))
    good = {
        "v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2",
        "upload_url": "http://127.0.0.1/files/1", "verified_at": "2026-11-26T15:00:00Z", "encoding": "flac",
        "wire_size": 7, "wire_sha256": "a" * 64,
        "receipt": {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "sig": "AA=="},
    }  # fmt: skip
    body = document(json.dumps(good), rng)
    receipt_path(take.path).write_bytes(body)
    stick = folder / "stick" / "receipts"
    stick.mkdir(parents=True)
    (stick / "1.json").write_bytes(body)
    with closing(Queue.open(folder / "station.db")) as queue:
        enter(queue, take)
        import_receipts(queue, folder / "stick")
        queue.rows()


def packs(folder: Path, rng: random.Random) -> None:
    stick = folder / "stick"
    with closing(Queue.open(folder / "station.db")) as queue:
        queue.add(FinishedTake.from_sidecar(make_take(folder / "takes" / "a", 1, 2_044)))
        export_pack(queue, stick, lambda *_: None)
    victim = rng.choice([path for path in sorted(stick.rglob("*.json")) if path.is_file()])
    victim.write_bytes(document(victim.read_text(encoding="utf-8"), rng))
    with closing(Queue.open(folder / "other" / "station.db")) as queue, suppress(StationError):
        import_pack(queue, stick, folder / "other" / "takes", "district", lambda *_: None)
        export_receipts(queue, stick)


def sidecars(folder: Path, rng: random.Random) -> None:
    sidecar = make_take(folder / "takes" / "a", 1, 2_044)
    sidecar.write_bytes(document(sidecar.read_text(encoding="utf-8"), rng))
    with closing(Queue.open(folder / "station.db")) as queue, suppress(StationError):
        enter(queue, FinishedTake.from_sidecar(sidecar))


def databases(folder: Path, rng: random.Random) -> None:
    path = folder / "station.db"
    with closing(Queue.open(path)) as queue:
        for number in range(3):
            queue.add(FinishedTake.from_sidecar(make_take(folder / "takes" / "a", number, 2_044)))
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 60)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(bytes(data[: rng.choice([len(data), rng.randrange(len(data))])]))
    with suppress(StationError), closing(Queue.open(path)) as queue:
        queue.rows()
        queue.due()
        queue.retry()


TARGETS: dict[str, Callable[[Path, random.Random], None]] = {
    target.__name__: target for target in (answers, receipts, packs, sidecars, databases)
}


def try_case(target: str, seed: int) -> tuple[float, int]:
    """Seconds and bytes that it took. Raises AssertionError, or whatever the program let through."""
    root = Path(tempfile.mkdtemp(prefix="fuzz"))
    folder = root / "deep" / "er"
    folder.mkdir(parents=True)
    began, worked = time.monotonic(), time.process_time()
    tracemalloc.reset_peak()
    try:
        TARGETS[target](folder, random.Random(f"{target}{seed}"))
        # What it waited for others on a busy machine is not its own.
        own = time.process_time() - worked + SECONDS / 2
        cost = min(time.monotonic() - began, own), tracemalloc.get_traced_memory()[1]
        assert cost[0] < SECONDS, "it took too long"
        assert cost[1] < BYTES, "it needed too much memory"
        outside = [path for path in root.rglob("*victim*") if path.is_file()]
        assert [path.name for path in root.iterdir()] == ["deep"], "something was written outside its place"
        assert not outside, outside
        return cost
    finally:
        shutil.rmtree(root)


LEAST = 4
"""So many cases, however busy the machine is."""


def hunt(target: str, first: int, seconds: float) -> tuple[int, float, int]:
    """Cases one after another: how many, and the most seconds and bytes of one.

    Raises AssertionError that names target and seed.
    """
    tracemalloc.start()
    end, seed, costs = time.monotonic() + seconds, first, (0.0, 0)
    try:
        while seed < first + LEAST or time.monotonic() < end:
            try:
                took, needed = try_case(target, seed)
                costs = max(costs[0], took), max(costs[1], needed)
            except Exception as error:  # This is what is looked for.
                raise AssertionError(f"target {target}, seed {seed}: {error!r}") from error
            seed += 1
    finally:
        tracemalloc.stop()
    return seed - first, *costs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--target", choices=TARGETS)
    wishes = parser.parse_args()
    chosen = [wishes.target] if wishes.target else list(TARGETS)
    for target in chosen:
        count, took, needed = hunt(target, wishes.seed, wishes.minutes * 60)
        most = f"slowest {took:.2f} s, {needed / 1e6:.0f} MB"
        print(f"{target}: {count} cases from seed {wishes.seed}, {most}, 0 broken", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
