"""A strange stick writes nothing outside its place, replaces nothing and proves nothing forged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.base.errors import DiskError
from config.base.message import say
from config.disk import digest_of
from tests.uploader.carry.sticks import changed_list
from tests.uploader.takes import new_take
from uploader.carry import pack
from uploader.carry.pack import Carried, export_pack, import_pack
from uploader.carry.receiptpack import import_receipts
from uploader.faults import OvertakenError
from uploader.prove.signature import sign
from uploader.queue.queue import Queue
from uploader.queue.states import Event, State
from uploader.queue.take import FinishedTake


def quiet(*_: object) -> None:
    return


@pytest.fixture
def school(queue: Queue, tmp_path: Path) -> list[FinishedTake]:
    takes = [new_take(tmp_path / "home", number, 6_044) for number in (1, 2)]
    for take in takes:
        queue.add(take)
    export_pack(queue, tmp_path / "stick", quiet)
    return takes


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Queue]:
    found = Queue.open(tmp_path / "district" / "station.db")
    yield found
    found.close()


def taken_in(district: Queue, tmp_path: Path) -> Carried:
    return import_pack(district, tmp_path / "stick", tmp_path / "district" / "takes", "d", quiet)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


WORDS: list[dict[str, object]] = [
    {"file": "../../../victim.wav"},
    {"file": "/victim.wav"},
    {"file": "C:/victim.wav"},
    {"file": "a\\..\\victim.wav"},
    {"file": "../victim.wav"},
    {"file": "afternoon/victim.json"},
    {"file": "afternoon/con.wav"},
    {"file": "afternoon/\ud800.wav"},
    {"file": 7},
    {"take_id": "../victim"},
    {"take_id": 7},
    {"size": "x"},
    {"size": -1},
    {"sha256": "x" * 64},
    {"sha256": None},
    {"sidecar_sha256": []},
    {"more": 1},
]


@pytest.mark.parametrize("words", WORDS, ids=str)
def test_a_word_that_cannot_be_right_leaves_out_one_take_only(
    school: list[FinishedTake], district: Queue, tmp_path: Path, words: dict[str, object]
) -> None:
    with changed_list(tmp_path / "stick" / "test-1") as body:
        body["takes"][0] |= words
    assert taken_in(district, tmp_path) == Carried(takes=1, damaged=("test-1: ?",))
    written = {path.parent.name for path in (tmp_path / "district").rglob("*.wav")}
    assert written == {"test-1_afternoon"}


def _no_sidecar(folder: Path) -> None:
    next(folder.glob("*.json")).unlink()


def _no_text(folder: Path) -> None:
    next(folder.glob("*.json")).write_bytes(b"\xff\xfe{")


def _of_another(folder: Path) -> None:
    one, other = sorted(folder.glob("*.json"))
    shutil.copy(one, other)


def _no_recording(folder: Path) -> None:
    next(folder.glob("*.wav")).unlink()


@pytest.mark.parametrize("damage", [_no_sidecar, _no_text, _of_another, _no_recording])
def test_one_damaged_take_does_not_keep_the_other(
    school: list[FinishedTake], district: Queue, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(tmp_path / "stick" / "test-1" / "afternoon")
    found = taken_in(district, tmp_path)
    assert (found.takes, len(found.damaged)) == (1, 1)


def test_one_damaged_list_does_not_keep_the_other_station(
    school: list[FinishedTake], district: Queue, tmp_path: Path
) -> None:
    (tmp_path / "stick" / "other").mkdir()
    (tmp_path / "stick" / "other" / "manifest.json").write_bytes(b"\xff")
    assert taken_in(district, tmp_path) == Carried(takes=2, damaged=("other",))


def test_two_computers_with_one_id_never_replace_each_others_voices(
    school: list[FinishedTake], district: Queue, tmp_path: Path
) -> None:
    other = Queue.open(tmp_path / "other" / "station.db")
    for number in (1, 2):
        other.add(new_take(tmp_path / "elsewhere", number, 9_044))
    told = export_pack(other, tmp_path / "stick", quiet)
    other.close()
    assert (told.takes, told.foreign) == (2, 2), "noticed and said"
    found = taken_in(district, tmp_path)
    assert (found.takes, found.foreign) == (4, 2), "and where it is taken in, too"
    assert sorted(row.path.stat().st_size for row in district.rows()) == [6_044, 6_044, 9_044, 9_044]


def test_two_sticks_never_replace_each_others_voices(
    school: list[FinishedTake], district: Queue, tmp_path: Path
) -> None:
    taken_in(district, tmp_path)
    before = everything(tmp_path / "district" / "takes")
    other = Queue.open(tmp_path / "other" / "station.db")
    other.add(new_take(tmp_path / "elsewhere", 1, 9_044))
    (tmp_path / "stick").rename(tmp_path / "first")
    export_pack(other, tmp_path / "stick", quiet)
    other.close()
    assert taken_in(district, tmp_path).takes == 1
    assert before.items() <= everything(tmp_path / "district" / "takes").items()


def of_an_earlier_version(folder: Path) -> None:
    for path in list((folder / "afternoon").iterdir()):
        path.rename(path.with_name(path.stem.rsplit("_", 1)[0] + path.suffix))
    with changed_list(folder) as body:
        for entry in body["takes"]:
            entry |= {"file": entry["file"].rsplit("_", 1)[0] + ".wav", "origin": ""}


def test_a_pack_of_an_earlier_version_is_read(
    school: list[FinishedTake], district: Queue, tmp_path: Path
) -> None:
    of_an_earlier_version(tmp_path / "stick" / "test-1")
    assert taken_in(district, tmp_path) == Carried(takes=2)


def test_what_an_earlier_version_put_on_a_stick_is_not_copied_again(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    of_an_earlier_version(tmp_path / "stick" / "test-1")
    assert export_pack(queue, tmp_path / "stick", quiet) == Carried(known=2)


def test_facts_that_nobody_can_read_bring_no_recording_in_though_the_list_knows_them(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    folder = tmp_path / "stick" / "test-1"
    (sidecar,) = folder.rglob(f"*{school[0].take_id}.json")
    sidecar.write_bytes(b"{}")
    with changed_list(folder) as body:
        body["takes"][0]["sidecar_sha256"] = digest_of(sidecar)
    assert taken_in(district, tmp_path).takes == 1
    assert not list((tmp_path / "district").rglob(f"*{school[0].take_id}*"))


def full(*_: object, **__: object) -> bool:
    raise DiskError(say("full"))


def test_a_full_disk_ends_the_taking_in_and_makes_no_recording_a_damaged_one(
    school: list[FinishedTake], district: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "copy_proven", full)
    with pytest.raises(DiskError, match="full"):
        taken_in(district, tmp_path)


def test_a_stick_that_fails_in_the_middle_leaves_no_take_waiting(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.add(new_take(tmp_path / "home", 1))
    monkeypatch.setattr(pack, "copy_proven", full)
    with pytest.raises(DiskError):
        export_pack(queue, tmp_path / "stick", quiet)
    assert queue.counts() == {State.QUEUED: 1}


def test_a_worker_takes_no_step_of_what_is_carried_away(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    """It had the row in its hand a moment before: the take would be on the stick and delivered."""
    with pytest.raises(OvertakenError):
        queue.change(school[0].take_id, Event.CREATING, state=State.CREATING)
    assert queue.row(school[0].take_id).state is State.PAUSED


def _write(stick: Path, name: str, body: bytes | dict[str, object]) -> None:
    folder = stick / "receipts"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(body if isinstance(body, bytes) else json.dumps(body).encode())


def _receipt(take: FinishedTake, **more: object) -> dict[str, object]:
    return {"v": 1, "take_id": take.take_id, "sha256": take.sha256, "size": take.size, **more}


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 1}, {"take_id": "another"}], ids=str)
@pytest.mark.parametrize("level", ["L2", "L3"])
def test_a_signed_receipt_of_something_else_proves_nothing(
    queue: Queue, school: list[FinishedTake], tmp_path: Path, wrong: dict[str, object], level: str
) -> None:
    key = Ed25519PrivateKey.generate()
    inner = sign({**_receipt(school[0]), **wrong}, key)
    _write(tmp_path / "stick", "1.json", _receipt(school[0], level=level, receipt=inner))
    for known in (key.public_key(), None):
        assert import_receipts(queue, tmp_path / "stick", known) == 0


def test_with_the_centres_key_an_unsigned_receipt_of_any_level_proves_nothing(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    for level in ("L1", "L2", "L3"):
        _write(tmp_path / "stick", f"{level}.json", _receipt(school[0], level=level))
    assert import_receipts(queue, tmp_path / "stick", Ed25519PrivateKey.generate().public_key()) == 0


def test_damaged_receipts_do_not_keep_the_good_one(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    for number, body in enumerate((b"\xff\xfe", b"[" * 100_000, b"[]", b'{"take_id": []}', b" " * 300_000)):
        _write(tmp_path / "stick", f"{number}.json", body)
    elsewhere = _receipt(school[0], level="L2", upload_url="http://169.254.169.254/secret")
    _write(tmp_path / "stick", "z.json", elsewhere)
    assert import_receipts(queue, tmp_path / "stick", None, "http://127.0.0.1:1080/files/") == 1
    assert queue.row(school[0].take_id).upload_url is None, "the server is that of the settings"


def test_a_take_whose_facts_name_another_pupil_is_carried_nowhere(
    queue: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    facts = json.loads(school[0].path.with_suffix(".json").read_text(encoding="utf-8"))
    facts["student_id"] = "S999"
    school[0].path.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
    done = export_pack(queue, tmp_path / "second", quiet)
    assert done.damaged == (school[0].path.name,)
    assert not list((tmp_path / "second").rglob(f"*{school[0].take_id}*"))


def test_a_take_under_the_name_of_another_pupil_is_not_taken_in(
    queue: Queue, district: Queue, school: list[FinishedTake], tmp_path: Path
) -> None:
    export_pack(queue, tmp_path / "stick", quiet)
    [manifest] = (tmp_path / "stick").glob("*/manifest.json")
    [take] = (tmp_path / "stick").rglob(f"*{school[0].take_id}.wav")
    other = take.with_name(take.name.replace("S001", "S999"))
    take.rename(other)
    take.with_suffix(".json").rename(other.with_suffix(".json"))
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(take.name, other.name), encoding="utf-8")
    assert any(other.name in name for name in taken_in(district, tmp_path).damaged)
    assert district.find(school[0].take_id) is None
