"""What one tusd on one store takes on this computer: from one station, and from many at once."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from config.settings import DeliverySection, ServerSection
from tests.bench.centre.afternoonmodel import burst
from tests.bench.centre.receiptspeed import MB, seaweed
from tests.bench.telling import tell
from tests.tools.testservers import TUSD
from tests.uploader.realservers import Running, Stored
from tests.uploader.s3servers import BUCKET, KEYS
from tests.uploader.takes import new_take
from uploader.queue.queue import Queue
from uploader.send.worker import Uploader

TAKE_BYTES = 5_800_000
TAKES, STATIONS, FEWER = 10, 20, 5


@dataclass(frozen=True)
class OneMachine:
    """Seconds until all stations that began at once have sent `TAKES` recordings."""

    alone: float
    """One station."""
    together: float
    """STATIONS of them."""
    fewer: float
    """FEWER of them: what the model must foretell from the two others."""

    @property
    def rate(self) -> float:
        """Bytes a second that it takes at most."""
        return STATIONS * TAKES * TAKE_BYTES / self.together

    @property
    def foretold(self) -> float:
        """Seconds of FEWER by the model."""
        return burst(FEWER, TAKES * TAKE_BYTES, TAKES * TAKE_BYTES / self.alone, self.rate)


class TusdThere:
    """tusd on an S3 store at an address; nothing is read back."""

    name, keeps_partial, level, env = "tusd", True, "L0", KEYS

    def __init__(self, url: str) -> None:
        self._url = url

    def command(self, port: int, store: Path) -> list[str]:
        place = ["-host", "127.0.0.1", "-port", str(port), "-base-path", "/files/", "-disable-download"]
        return [str(TUSD.program), *place, "-s3-bucket", BUCKET, "-s3-endpoint", self._url]

    def stored(self, store: Path) -> list[Stored]:
        return []


def one_machine(folder: Path) -> OneMachine:
    (folder / "one").mkdir()
    with seaweed(folder / "one") as url, Running(TusdThere(url), folder / "tusd") as server:
        # A new store makes its volumes at the first bytes.
        _seconds(folder / "first", server.url, 1)
        alone = _seconds(folder / "alone", server.url, 1)
        tell(f"one station: {TAKES * TAKE_BYTES / MB / alone:.0f} MB/s")
        together = _seconds(folder / "together", server.url, STATIONS)
        tell(f"{STATIONS} stations: {STATIONS * TAKES * TAKE_BYTES / MB / together:.0f} MB/s")
        fewer = _seconds(folder / "fewer", server.url, FEWER)
    return OneMachine(alone, together, fewer)


def _seconds(place: Path, url: str, stations: int) -> float:
    queues = []
    for number in range(stations):
        queue = Queue.open(place / str(number) / "station.db")
        for take in range(TAKES):
            queue.add(new_take(place / str(number) / "takes", take + 1, TAKE_BYTES))
        queues.append(queue)
    threads = [threading.Thread(target=_send, args=(queue, url)) for queue in queues]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    for queue in queues:
        assert all(row.offset == row.wire_size for row in queue.rows()), "not all was sent"
        queue.close()
    return took


def _send(queue: Queue, url: str) -> None:
    uploader = Uploader(queue, ServerSection(url=url), DeliverySection(), lambda *_: None, None)
    uploader.run_once()
    uploader.stop(5)
