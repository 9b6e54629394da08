"""A stick out and home again: receipts come by themselves, nothing waits for ever, nobody is mixed up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.settings import DeliverySection, ServerSection
from tests.uploader.conftest import QUICK, TIMING, Make
from tests.uploader.rows import put
from tests.uploader.takes import describe, new_take
from tests.uploader.tusserver import TusServer
from uploader.carry import pack
from uploader.carry.pack import export_pack, import_pack
from uploader.carry.receiptpack import import_receipts, write_back
from uploader.centre.attest import receipt_of
from uploader.centre.folder import FolderStore
from uploader.centre.holding import Finished
from uploader.encode.flac import encode
from uploader.encode.pcmdigest import samples_md5
from uploader.prove.signature import sign
from uploader.queue.queue import Queue
from uploader.queue.states import ProofLevel, State
from uploader.queue.take import FinishedTake
from uploader.send.worker import Uploader


def quiet(*_: object) -> None:
    return


@pytest.fixture
def school(queue: Queue, tmp_path: Path) -> list[FinishedTake]:
    takes = [new_take(tmp_path / "home", number, 6_044) for number in (1, 2)]
    for take in takes:
        queue.add(take)
    return takes


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Queue]:
    found = Queue.open(tmp_path / "district" / "station.db")
    yield found
    found.close()


def taken_in(district: Queue, tmp_path: Path, stick: Path) -> pack.Carried:
    return import_pack(district, stick, tmp_path / "district" / "takes", "district-1", quiet)


def carried(queue: Queue, district: Queue, tmp_path: Path) -> Path:
    """The stick on which the school's takes came to the district."""
    stick = tmp_path / "stick"
    export_pack(queue, stick, quiet)
    taken_in(district, tmp_path, stick)
    return stick


def test_the_station_that_delivers_writes_the_receipts_onto_the_stick_by_itself(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    stick = carried(queue, district, tmp_path)
    assert write_back(district) == 0, "nothing is delivered yet"
    with TusServer() as server:
        section = DeliverySection()
        more = {"timing": TIMING, "retry_times": QUICK}
        Uploader(district, ServerSection(url=server.url), section, quiet, None, **more).run_once()  # type: ignore[arg-type]
    assert write_back(district) == 2
    assert write_back(district) == 0, "once is enough"
    assert import_receipts(queue, stick) == 2
    assert all(row.delivered for row in queue.rows())


def test_who_took_a_pack_over_sends_home_receipts_of_all_of_it_whatever_the_school_writes_onto_it_later(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    stick = carried(queue, district, tmp_path)
    delivered = {"state": "verified", "verify_level": 2, "receipt": '{"v": 1}'}
    put(queue, school[0].take_id, **{**delivered, "verify_level": 1, "paused": 0})
    later = new_take(tmp_path / "home", 3, 6_044)
    queue.add(later)
    export_pack(queue, stick, quiet)
    for take in school:
        put(district, take.take_id, **delivered)
    assert write_back(district) == 2
    assert taken_in(district, tmp_path, stick) == pack.Carried(takes=1, known=2)


def test_only_receipts_of_what_came_on_a_stick_and_is_delivered_are_written_onto_it(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    stick = carried(queue, district, tmp_path)
    own = new_take(tmp_path / "own", 3, 6_044)
    district.add(own)
    delivered = {"state": "verified", "verify_level": 2, "receipt": '{"v": 1}'}
    put(district, own.take_id, **delivered)
    put(district, school[0].take_id, **delivered)
    put(district, school[1].take_id, **{**delivered, "state": "waiting"})
    assert write_back(district) == 1
    assert [path.stem for path in (stick / "receipts").iterdir()] == [school[0].take_id]


@pytest.mark.parametrize("gone", [0, 1])
def test_a_stick_that_was_taken_out_is_no_trouble_for_the_other(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path, gone: int
) -> None:
    sticks = [carried(queue, district, tmp_path), tmp_path / "the other stick"]
    shutil.copytree(sticks[0], sticks[1])
    taken_in(district, tmp_path, sticks[1])
    sticks[gone].rename(tmp_path / "away")
    put(district, school[0].take_id, state="verified", verify_level=2, receipt='{"v": 1}')
    assert write_back(district) == 1, "the one that is there has its receipt"
    assert not sticks[gone].exists(), "nothing is written where no stick is"


def test_an_export_that_was_killed_keeps_no_take_for_ever(
    queue: Queue, uploader: Make, school: list[FinishedTake], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """Nothing after it runs."""

    def killed(*_: object) -> None:
        raise KilledError

    monkeypatch.setattr(pack, "_write", killed)
    monkeypatch.setattr(queue, "resume", killed)
    with pytest.raises(KilledError):
        export_pack(queue, tmp_path / "stick", quiet)
    assert queue.row(school[0].take_id).state is State.PAUSED
    with TusServer() as server:
        uploader(server.url).run_once()
        assert not queue.row(school[0].take_id).delivered, "perhaps it is still being written"
        put(queue, school[0].take_id, updated_at=queue.row(school[0].take_id).mtime_ns / 1e9 - 601)
        uploader(server.url).run_once()
        assert all(row.delivered for row in queue.rows())


def test_what_was_carried_away_is_sent_from_here_after_all_with_one_word(
    queue: Queue, uploader: Make, school: list[FinishedTake], tmp_path: Path
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    with TusServer() as server:
        queue.retry()
        uploader(server.url).run_once()
        assert not server.stored(), "neither R nor a start of the program"
        assert all(row.error is not None for row in queue.rows()), "the reason stays"
        assert queue.send_carried() == 2
        uploader(server.url).run_once()
        assert all(row.delivered and row.error is None for row in queue.rows())
        assert len(server.stored()) == 2


def test_a_second_stick_is_said(queue: Queue, school: list[FinishedTake], tmp_path: Path) -> None:
    first = export_pack(queue, tmp_path / "one", quiet)
    assert (first.takes, first.elsewhere) == (2, 0)
    second = export_pack(queue, tmp_path / "two", quiet)
    assert (second.takes, second.elsewhere) == (2, 2)
    again = export_pack(queue, tmp_path / "two", quiet)
    assert (again.known, again.elsewhere) == (2, 0)


def test_two_computers_with_one_id_are_told_apart_where_the_stick_is_taken_in(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    other = Queue.open(tmp_path / "other" / "station.db")
    other.add(new_take(tmp_path / "elsewhere", 1, 9_044))
    export_pack(other, tmp_path / "stick", quiet)
    other.close()
    done = taken_in(district, tmp_path, tmp_path / "stick")
    assert (done.takes, done.foreign) == (3, 1)


@pytest.mark.parametrize("bits", [16, 24])
def test_a_carried_flac_counts_at_home_with_the_centres_key(queue: Queue, tmp_path: Path, bits: int) -> None:
    """Made elsewhere, so its own digest is unknown here; the centre signs the digest of its samples."""
    wav = tmp_path / "home" / "S001_song1_1.wav"
    wav.parent.mkdir()
    noise = np.random.default_rng(1).integers(-20_000, 20_000, 24_000) / 32768
    soundfile.write(wav, noise, 48_000, subtype=f"PCM_{bits}")
    sidecar = describe(wav)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(json.dumps({**facts, "frames": 24_000, "bits": bits}), encoding="utf-8")
    take = FinishedTake.from_sidecar(sidecar)
    queue.add(take)
    stored = tmp_path / "1"
    assert encode(wav, stored) == samples_md5(wav)
    key = Ed25519PrivateKey.generate()
    upload = Finished("1", "1.info", "", str(stored), {"take_id": take.take_id})
    inner = receipt_of(FolderStore(tmp_path), upload, key)
    receipt = {
        "v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, "level": "L3",
        "encoding": "flac", "wire_sha256": inner["sha256"], "wire_size": inner["size"], "receipt": inner,
    }  # fmt: skip
    folder = tmp_path / "stick" / "receipts"
    folder.mkdir(parents=True)
    other = sign({**receipt_of(FolderStore(tmp_path), upload), "pcm_md5": "00" * 16}, key)
    for found, count in (({**receipt, "receipt": other}, 0), (receipt, 1)):
        (folder / "1.json").write_text(json.dumps(found), encoding="utf-8")
        assert import_receipts(queue, tmp_path / "stick", key.public_key()) == count
    assert queue.row(take.take_id).verify_level is ProofLevel.L3


@pytest.mark.parametrize(
    "body", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEdata\xff\xff\xff\xffx", b"x" * 99]
)
def test_what_is_no_wav_has_no_digest_of_samples(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(body)
    assert samples_md5(path) is None
