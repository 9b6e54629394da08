"""The power goes at any moment of an afternoon: what was said to be saved is there, nothing is sent twice."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.disk import DataDir, digest_of
from config.takes import read_finished
from station.session.journal import Journal
from station.takes.rebuild import rebuild
from tests.powercut.afternoon import SESSION, TAKES, deliver, quiet, taken_in
from tests.powercut.disk import Disk, Step, build, said_until, steps_of, watched
from tests.tools.environment import ROOT
from tests.uploader.tusserver import TusServer, Upload
from uploader.carry import export_pack, import_receipts
from uploader.carry.packfile import read_manifests
from uploader.queue import Queue

pytestmark = [
    pytest.mark.cc,
    pytest.mark.skipif(
        sys.platform != "linux" or shutil.which("cc") is None, reason="needs Linux and a C compiler (gcc)"
    ),
]
MANY = 200


@dataclass
class Promises:
    """What was said before the power went."""

    port: int = 0
    noted: int = 0
    saved: dict[str, str] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    """delivered, carried, judged, queued ... -> take ids."""
    uploads: dict[str, tuple[int, dict[str, str], int]] = field(default_factory=dict)
    """Path -> length, metadata, offset."""

    def hear(self, what: str, *words: object) -> None:
        match what, *words:
            case "server", int(port):
                self.port = port
            case "noted", int(count):
                self.noted = count
            case "saved", str(take_id), str(digest):
                self.saved[take_id] = digest
            case "created", str(path), int(length), dict(metadata):
                self.uploads[path] = (length, metadata, 0)
            case "took", str(path), int(offset):
                self.uploads[path] = (*self.uploads[path][:2], offset)
            case _, str(take_id):
                self.told.setdefault(what, set()).add(take_id)
            case _, list(take_ids):
                self.told.setdefault(what, set()).update(take_ids)


class Afternoon:
    """One that went well to its end, step by step."""

    def __init__(self, root: Path, steps: list[Step]) -> None:
        self.root = root
        self.steps = steps
        self.entries = journal_of(root)
        takes = DataDir(root / "data").session(SESSION)
        self.bytes = {read_finished(path).take_id: path.read_bytes() for path in takes.glob("*.wav")}

    def promised(self, until: int) -> Promises:
        found = Promises()
        for line in said_until(self.steps[:until], "said"):
            found.hear(*json.loads(line))
        return found


@pytest.fixture(scope="module")
def afternoon(tmp_path_factory: pytest.TempPathFactory) -> Afternoon:
    folder = tmp_path_factory.mktemp("afternoon")
    root = folder / "disk"
    command = [sys.executable, "-m", "tests.powercut.afternoon", str(root)]
    subprocess.run(command, cwd=ROOT, env=watched(build(folder), root, folder / "steps"), check=True)
    return Afternoon(root, steps_of(folder / "steps"))


def journal_of(root: Path) -> list[object]:
    with closing(Journal(DataDir(root / "data"), SESSION)) as journal:
        return [event for event, _ in journal.entries()]


def preloaded(afternoon: Afternoon, promises: Promises) -> TusServer:
    """The server as it stood when the power went; it has its own."""
    server = TusServer(port=promises.port)
    for path, (length, metadata, offset) in promises.uploads.items():
        held = afternoon.bytes[metadata["take_id"]][:offset] if "take_id" in metadata else bytes(offset)
        server.uploads[path] = Upload(length, metadata, bytearray(held))
    return server


def check(afternoon: Afternoon, moment: int, root: Path) -> None:
    promises = afternoon.promised(moment)
    data = DataDir(root / "data")
    data.root.mkdir(parents=True, exist_ok=True)
    report = rebuild(data)
    assert report.moved_aside == [], "the database is whole"
    check_takes(afternoon, promises, root)
    with closing(Queue.open(data.database)) as queue:
        rows = {row.take_id: row for row in queue.rows()}
        assert promises.told.get("queued", set()) <= rows.keys()
        assert promises.told.get("delivered", set()) <= {name for name, row in rows.items() if row.delivered}
        check_stick(promises, root)
        finish(afternoon, promises, queue, root)


def check_takes(afternoon: Afternoon, promises: Promises, root: Path) -> None:
    """The recordings, their verdicts and the journal."""
    paths = list(DataDir(root / "data").session(SESSION).glob("*.wav"))
    whole = [path for path in paths if not path.name.endswith(".part.wav")]
    found = {read_finished(path).take_id: (path, read_finished(path)) for path in whole}
    assert len(found) == len(whole), "nothing twice"
    for take_id, digest in promises.saved.items():
        path, facts = found[take_id]
        assert digest_of(path) == facts.sha256 == digest
    assert all(found[take_id][1].verdict for take_id in promises.told.get("judged", ()))
    entries = journal_of(root)
    assert len(entries) >= promises.noted
    assert entries == afternoon.entries[: len(entries)]


def check_stick(promises: Promises, root: Path) -> None:
    if carried := promises.told.get("carried"):
        (manifest,) = read_manifests(root / "stick")[0]
        packed = {take.take_id: take for take in manifest.takes}
        for take_id in carried:
            assert digest_of(manifest.folder / packed[take_id].file) == packed[take_id].sha256


def finish(afternoon: Afternoon, promises: Promises, queue: Queue, root: Path) -> None:
    """The power is back: everything is started again, and each take is at the server once."""
    with preloaded(afternoon, promises) as server:
        if (root / "stick").is_dir():
            if "carried" not in promises.told:
                export_pack(queue, root / "stick", quiet)
            taken_in(root, server.url, quiet)
            import_receipts(queue, root / "stick")
        # What was set aside for a stick that never had it has its turn after a while.
        queue.free_abandoned(time.time() + 1)
        deliver(queue, server.url)
        rows = queue.rows()
        assert [row.take_id for row in rows if not row.delivered] == []
        complete = Counter(upload.metadata["take_id"] for upload in server.of_takes() if upload.complete)
    assert complete == {row.take_id: 1 for row in rows}
    assert promises.saved.keys() <= complete.keys()


def cut_at(afternoon: Afternoon, moments: list[int], *, harsh: bool) -> None:
    """Each is a number of steps; `harsh`: what was not synced is gone."""
    disk, done = Disk(afternoon.root), 0
    for moment in sorted(moments):
        for step in afternoon.steps[done:moment]:
            disk.do(step)
        done = moment
        with tempfile.TemporaryDirectory() as folder:
            disk.cut(None if harsh else random.Random(moment), Path(folder))
            try:
                check(afternoon, moment, Path(folder))
            except BaseException as error:
                last = f"{afternoon.steps[moment - 1]!r:.200}"
                error.add_note(f"after step {moment} of {len(afternoon.steps)}: {last}")
                raise


def promises_of(afternoon: Afternoon) -> dict[str, list[int]]:
    """What was said -> the steps after which it was."""
    found: dict[str, list[int]] = {}
    for number, step in enumerate(afternoon.steps, 1):
        if Path(step.path).name == "said" and step.kind == "W":
            found.setdefault(json.loads(step.data)[0], []).append(number)
    return found


def test_after_an_afternoon_without_a_cut_all_takes_are_there(afternoon: Afternoon) -> None:
    promises = afternoon.promised(len(afternoon.steps))
    assert len(promises.saved) == len(promises.told["judged"]) == TAKES
    assert promises.told["delivered"] == set(promises.saved)
    assert {step.kind for step in afternoon.steps} == set("CWTSRUM")


@pytest.mark.sampled(9, fewest=1)
@pytest.mark.parametrize(
    "promise", ["noted", "saved", "judged", "queued", "created", "took", "delivered", "carried", "taken in"]
)
def test_a_promise_is_kept_when_the_power_goes_the_moment_after(afternoon: Afternoon, promise: str) -> None:
    moments = promises_of(afternoon)[promise]
    cut_at(afternoon, [moments[-1]] if promise != "created" else moments[-2:], harsh=True)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_two_hundred_power_cuts_lose_nothing_that_was_said_and_send_nothing_twice(
    afternoon: Afternoon,
) -> None:
    cut_at(afternoon, random.Random(2026).sample(range(1, len(afternoon.steps) + 1), MANY), harsh=False)
