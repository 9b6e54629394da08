"""The carry pack: out, in at another station, delivered once, receipts home; and everything twice."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.base.errors import DiskError
from config.base.message import say
from config.settings import DeliverySection, ServerSection
from tests.uploader.conftest import QUICK, TIMING, Make
from tests.uploader.takes import new_take
from tests.uploader.tusserver import Answer, Request, TusServer
from uploader.carry.pack import Carried, export_pack, import_pack
from uploader.carry.receiptpack import export_receipts, import_receipts
from uploader.faults import DeliveryError
from uploader.prove.signature import sign
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.queue.take import FinishedTake
from uploader.send.worker import Uploader


def quiet(*_: object) -> None:
    return


@pytest.fixture
def school(queue: Queue, tmp_path: Path) -> list[FinishedTake]:
    """Three takes that were recorded here."""
    takes = [new_take(tmp_path / "home", number, 60_044) for number in (1, 2, 3)]
    for take in takes:
        queue.add(take)
    return takes


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Queue]:
    """The queue of another station."""
    found = Queue.open(tmp_path / "district" / "station.db")
    yield found
    found.close()


def deliver(queue: Queue, url: str) -> None:
    section = DeliverySection()
    Uploader(queue, ServerSection(url=url), section, quiet, None, timing=TIMING, retry_times=QUICK).run_once()


def taken_in(district: Queue, tmp_path: Path, station: str = "district-1", again: bool = False) -> Carried:
    return import_pack(
        district, tmp_path / "stick", tmp_path / "district" / "takes", station, quiet, again=again
    )


def test_a_pack_goes_out_and_the_receipts_come_home(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    assert export_pack(queue, stick, quiet) == Carried(takes=3)
    assert {row.state for row in queue.rows()} == {State.PAUSED}, "not to be delivered from two places"
    assert taken_in(district, tmp_path) == Carried(takes=3)
    with TusServer() as server:
        deliver(district, server.url)
        assert sorted(server.stored()) == sorted(take.path.read_bytes() for take in school)
        assert {upload.metadata["station"] for upload in server.of_takes()} == {"test-1"}
        assert {upload.metadata["take_id"] for upload in server.of_takes()} == {
            take.take_id for take in school
        }
        assert export_receipts(district, stick) == 3
        assert import_receipts(queue, stick) == 3
        deliver(queue, server.url)
        assert len(server.stored()) == 3
    rows = queue.rows()
    assert {(row.state, row.verify_level, row.delivered, row.error) for row in rows} == {
        (State.VERIFIED, ProofLevel.L2, True, None)
    }
    assert all(row.path.with_suffix(".receipt.json").exists() for row in rows)


def test_everything_may_be_repeated(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    with TusServer() as server:
        for _ in range(2):
            export_pack(queue, stick, quiet)
            taken_in(district, tmp_path)
            deliver(district, server.url)
            export_receipts(district, stick)
        assert len(server.stored()) == 3
    assert export_pack(queue, stick, quiet) == Carried(known=3)
    assert taken_in(district, tmp_path) == Carried(known=3)
    assert import_receipts(queue, stick) == 3
    assert import_receipts(queue, stick) == 0
    assert export_pack(queue, stick, quiet) == Carried(), "delivered takes stay at home"


def test_a_stick_that_was_pulled_out_goes_on(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    stick = tmp_path / "stick"

    def pulled(done: int, total: int, name: str) -> None:
        if done:
            raise DiskError(say("gone"))

    with pytest.raises(DiskError):
        export_pack(queue, stick, pulled)
    assert queue.counts() == {State.PAUSED: 1, State.QUEUED: 2}, "what is not on the stick goes from here"
    told: list[tuple[int, int, str]] = []
    assert export_pack(queue, stick, lambda *step: told.append(step)) == Carried(takes=2, known=1)
    total = sum(take.size for take in school)
    assert told[0] == (0, total, "S001_song1_1.wav")
    assert told[-1] == (total, total, "")


def test_a_take_that_is_just_being_delivered_is_not_carried_too(
    queue: Queue, school: list[FinishedTake], tmp_path: Path, uploader: Make
) -> None:
    answered = threading.Event()

    def rule(request: Request) -> Answer | None:
        if request.method == "HEAD" and len(server.stored()) == 1 and not answered.is_set():
            exporting.start()
            # The export has to wait for the answer that is on its way.
            time.sleep(0.3)
            answered.set()
        return None

    done: list[Carried] = []
    exporting = threading.Thread(target=lambda: done.append(export_pack(queue, tmp_path / "stick", quiet)))
    with TusServer(rule) as server:
        uploader(server.url).run_once()
        exporting.join()
        carried = {row.take_id for row in queue.rows() if row.state is State.PAUSED}
        delivered = {row.take_id for row in queue.rows() if row.delivered}
        assert len(server.stored()) == len(delivered)
    assert delivered
    assert not delivered & carried
    assert done[0].takes == len(carried) == 3 - len(delivered)


def test_what_was_delivered_from_home_after_all_is_left_out_of_the_pack(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path, uploader: Make
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    queue.resume(school[0].take_id)
    with TusServer() as server:
        uploader(server.url).run_once()
    export_pack(queue, tmp_path / "stick", quiet)
    assert taken_in(district, tmp_path) == Carried(takes=2)


def test_a_damaged_copy_is_named_and_not_entered(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    (copy,) = (tmp_path / "stick" / "test-1" / "afternoon").glob("S002_song1_1_*.wav")
    copy.write_bytes(b"x" + copy.read_bytes()[1:])
    assert taken_in(district, tmp_path) == Carried(takes=2, damaged=(f"afternoon/{copy.name}",))
    assert {row.student_id for row in district.rows()} == {"S001", "S003"}
    assert export_pack(queue, tmp_path / "stick", quiet).damaged == (), "written again over the damage"
    assert taken_in(district, tmp_path) == Carried(takes=1, known=2)


def test_a_changed_recording_is_not_carried(queue: Queue, school: list[FinishedTake], tmp_path: Path) -> None:
    school[0].path.write_bytes(b"changed")
    assert export_pack(queue, tmp_path / "stick", quiet) == Carried(takes=2, damaged=("S001_song1_1.wav",))


def test_a_second_station_is_told_that_it_is_second(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    taken_in(district, tmp_path, "district-1")
    with pytest.raises(DeliveryError, match="district-1"):
        import_pack(district, tmp_path / "stick", tmp_path / "district" / "takes", "district-2", quiet)
    assert taken_in(district, tmp_path, "district-2", again=True).known == 3


def test_the_network_is_back_before_the_stick_has_left(
    queue: Queue, school: list[FinishedTake], tmp_path: Path, uploader: Make
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    for take in school:
        queue.resume(take.take_id)
    assert {row.error for row in queue.rows()} == {None}
    with TusServer() as server:
        uploader(server.url).run_once()
        assert len(server.stored()) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"v": 2}',
        '{"v": 1, "station": "../../x", "takes": []}',
        '{"v": 1, "station": "/etc", "takes": []}',
        '{"v": 1, "station": "y", "takes": []}',
        '{"v": 1, "station": 3, "takes": []}',
        "[" * 100_000,
    ],
)
def test_a_damaged_list_is_one_sentence(district: Queue, tmp_path: Path, text: str) -> None:
    folder = tmp_path / "stick" / "x"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(DiskError, match="damaged"):
        taken_in(district, tmp_path)


def test_a_list_that_leads_out_of_the_pack_is_refused(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    manifest = tmp_path / "stick" / "test-1" / "manifest.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace("afternoon/", "../../home/"), encoding="utf-8"
    )
    assert taken_in(district, tmp_path) == Carried(damaged=("test-1: ?",) * 3)
    assert district.rows() == []


def test_an_empty_stick_is_one_sentence(district: Queue, tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="no recordings"):
        taken_in(district, tmp_path)


def test_only_receipts_that_prove_our_bytes_count(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    folder = tmp_path / "stick" / "receipts"
    folder.mkdir(parents=True)
    take = school[0]
    good = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L2"}
    bad = [
        {**good, "sha256": "0" * 64},
        {**good, "size": 1},
        {**good, "level": "L0"},
        {**good, "level": "L9"},
        {**good, "take_id": "nobody"},
        {},
        [],
    ]
    for number, body in enumerate(bad):
        (folder / f"{number}.json").write_text(json.dumps(body), encoding="utf-8")
    (folder / "torn.json").write_text("{", encoding="utf-8")
    assert import_receipts(queue, tmp_path / "stick") == 0
    (folder / "good.json").write_text(json.dumps(good), encoding="utf-8")
    assert import_receipts(queue, tmp_path / "stick") == 1


def test_with_the_centres_key_its_signature_is_asked_for(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    key, take = Ed25519PrivateKey.generate(), school[0]
    body = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L3"}
    inner = {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "upload_id": "1"}
    (tmp_path / "stick" / "receipts").mkdir(parents=True)
    file = tmp_path / "stick" / "receipts" / "1.json"
    for receipt in (None, inner, sign(inner, Ed25519PrivateKey.generate())):
        file.write_text(json.dumps({**body, "receipt": receipt}), encoding="utf-8")
        assert import_receipts(queue, tmp_path / "stick", key.public_key()) == 0
    file.write_text(json.dumps({**body, "receipt": sign(inner, key)}), encoding="utf-8")
    assert import_receipts(queue, tmp_path / "stick", key.public_key()) == 1
    assert queue.row(take.take_id).verify_level is ProofLevel.L3


def test_two_schools_on_one_stick(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    other = Queue.open(tmp_path / "other" / "station.db")
    folder = shutil.copytree(tmp_path / "home", tmp_path / "elsewhere")
    for number, sidecar in enumerate(sorted(folder.glob("*.json"))):
        facts = json.loads(sidecar.read_text(encoding="utf-8"))
        facts |= {"station": "test-2", "take_id": f"other-{number}"}
        sidecar.write_text(json.dumps(facts), encoding="utf-8")
        other.add(FinishedTake.from_sidecar(sidecar))
    assert export_pack(other, tmp_path / "stick", quiet).takes == 3
    assert taken_in(district, tmp_path).takes == 6
    assert len({row.path for row in district.rows()}) == 6
    other.close()
