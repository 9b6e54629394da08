"""`python -m tests.powercut.afternoon FOLDER`: takes, verdicts, deliveries and a stick, each promise told.

The file `said` in the folder has a line of JSON for each promise, and for each thing that the server did,
which it told nobody before.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from audio.capture.recorder import Recorder
from audio.device.source import Block
from audio.device.virtual import VirtualSource
from audio.protocol import messages as heard
from config.disk import DataDir
from config.kit.items import Item
from config.kit.limits import Limits
from config.settings import DeliverySection, ServerSection
from config.takes import read_finished, sidecar_path
from station.session import events as ev
from station.session.journal import Journal
from station.takes.examiner import FileExaminer
from tests.audio.capture import facts
from tests.uploader.conftest import QUICK, TIMING
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.carry import export_pack, export_receipts, import_pack, import_receipts
from uploader.prove import enter
from uploader.queue import FinishedTake, Queue
from uploader.send.worker import Uploader

SESSION, TAKES, CARRIED_FROM = "test", 4, 2
RATE, SIZE, BLOCKS = 48000, 14400, 5
Say = Callable[..., None]


class ToldServer(TusServer):
    """Says what it has before it answers."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say
        self._order = threading.Lock()

    def do(self, request: Request) -> Answer:
        with self._order:
            answer = super().do(request)
            if answer.status == 201:
                path = answer.headers["Location"]
                made = self.uploads[path]
                self._say("created", path, made.length, dict(made.metadata))
            elif request.method == "PATCH" and answer.status == 204:
                self._say("took", request.path, len(self.uploads[request.path].data))
        return answer


def main(root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    log = os.open(root / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def say(*words: object) -> None:
        os.write(log, json.dumps(words).encode() + b"\n")

    data = DataDir(root / "data")
    journal, queue = Journal(data, SESSION), Queue.open(data.database)
    with ToldServer(say) as server:
        say("server", server.port)
        for number in range(1, TAKES + 1):
            record(data, number, journal, queue, say)
            if number == CARRIED_FROM:
                deliver(queue, server.url)
                say("delivered", [row.take_id for row in queue.rows() if row.delivered])
        carry(root, queue, server.url, say)
    queue.close()
    journal.close()


def record(data: DataDir, number: int, journal: Journal, queue: Queue, say: Say) -> None:
    """One pupil: named, recorded, judged, queued."""
    student, take_id = f"{100 + number:04}", f"take-{number}"

    def noted(event: ev.Event) -> None:
        journal.append(event)
        say("noted", len(journal.entries()))

    noted(ev.PupilNamed(student))
    path = data.session(SESSION) / f"{student}_song1_1.wav"
    (saved,) = [event for event in sung(path, student, take_id) if isinstance(event, heard.TakeSaved)]
    say("saved", take_id, saved.sha256)
    noted(ev.TakeSaved(take_id, path.name, saved.frames / RATE, saved.sha256, "stop"))
    song = Item(id="song1", title="", max_seconds=30)
    judged = FileExaminer(Limits(), {}).take(take_id, path, saved.sha256, song, None)
    if read_finished(path).verdict is not None:
        say("judged", take_id)
    noted(judged)
    enter(queue, FinishedTake.from_sidecar(sidecar_path(path)), just_read=True)
    say("queued", take_id)


def sung(path: Path, student: str, take_id: str) -> list[heard.Event]:
    """What the recorder says of a take of noise."""
    told: list[heard.Event] = []
    recorder = Recorder(VirtualSource(RATE, 16), told.append)
    noise = np.random.default_rng(int(student))
    for count in range(BLOCKS):
        if count == 2:
            recorder.handle(heard.StartTake(take_id, str(path), 30, facts(student, take_id)))
        if count == BLOCKS - 1:
            recorder.handle(heard.StopTake(take_id))
        samples = noise.integers(-9000, 9000, SIZE).astype(np.int16)
        recorder.process_block(Block(samples, count * SIZE, count * SIZE / RATE), 0)
    return told


def deliver(queue: Queue, url: str) -> None:
    section = DeliverySection()
    Uploader(queue, ServerSection(url=url), section, quiet, None, timing=TIMING, retry_times=QUICK).run_once()


def carry(root: Path, queue: Queue, url: str, say: Say) -> None:
    """Out on a stick, in at another station, delivered from there, receipts home."""
    export_pack(queue, root / "stick", quiet)
    say("carried", [row.take_id for row in queue.rows() if row.error_kind == "carried"])
    taken_in(root, url, say)
    import_receipts(queue, root / "stick")
    say("delivered", [row.take_id for row in queue.rows() if row.delivered])


def taken_in(root: Path, url: str, say: Say) -> None:
    """The stick at the district's station."""
    district = Queue.open(root / "district" / "station.db")
    try:
        import_pack(district, root / "stick", root / "district" / "takes", "district", quiet)
        say("taken in", [row.take_id for row in district.rows()])
        deliver(district, url)
        say("delivered there", [row.take_id for row in district.rows() if row.delivered])
        export_receipts(district, root / "stick")
    finally:
        district.close()


def quiet(*_: object) -> None:
    return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
