"""A pack step by step: what is shown meanwhile, what other windows see, and what is believed of a stick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.base import DiskError
from config.disk import digest_of
from tests.uploader.carry.sticks import changed_list
from tests.uploader.rows import put
from tests.uploader.takes import new_take
from uploader.carry import pack
from uploader.carry.pack import Carried, export_pack, import_pack
from uploader.carry.packfile import copy_proven, read_manifest, write_manifest
from uploader.queue.queue import Queue
from uploader.queue.states import State
from uploader.queue.take import FinishedTake

SIZE = 6_044


@pytest.fixture
def takes(queue: Queue, tmp_path: Path) -> list[FinishedTake]:
    found = [new_take(tmp_path / "home", number, SIZE) for number in (1, 2)]
    for take in found:
        queue.add(take)
    return found


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Queue]:
    with closing(Queue.open(tmp_path / "district" / "station.db")) as found:
        yield found


def quiet(*_: object) -> None:
    return


def taken_in(district: Queue, stick: Path, told: list[tuple[int, int, str]]) -> Carried:
    return import_pack(district, stick, district.root / "takes", "d", lambda *step: told.append(step))


def test_who_takes_a_pack_in_sees_each_recording_and_how_much_is_left(
    queue: Queue, takes: list[FinishedTake], stick: Path, district: Queue
) -> None:
    export_pack(queue, stick, quiet)
    told: list[tuple[int, int, str]] = []
    assert taken_in(district, stick, told).takes == 2
    assert [(done, total) for done, total, _ in told] == [(done * SIZE, 2 * SIZE) for done in (0, 1, 2)]
    assert [name.rpartition("_")[2] for _, _, name in told] == [
        *(f"{take.take_id}.wav" for take in takes),
        "",
    ]


def test_what_is_delivered_or_missing_is_neither_waited_for_nor_carried(
    queue: Queue, takes: list[FinishedTake], stick: Path, tmp_path: Path
) -> None:
    missing = new_take(tmp_path / "home", 3, SIZE)
    queue.add(missing)
    put(queue, takes[0].take_id, state=State.VERIFIED, verify_level=2)
    put(queue, missing.take_id, state=State.MISSING)
    missing.path.unlink()
    told: list[tuple[int, int]] = []
    assert export_pack(queue, stick, lambda done, total, _: told.append((done, total))) == Carried(takes=1)
    assert told == [(0, SIZE), (SIZE, SIZE)]


def test_facts_that_were_written_anew_since_are_carried_too(
    queue: Queue, takes: list[FinishedTake], stick: Path, district: Queue
) -> None:
    export_pack(queue, stick, quiet)
    sidecar = takes[0].path.with_suffix(".json")
    sidecar.write_bytes(sidecar.read_bytes() + b" ")
    again = export_pack(queue, stick, quiet)
    assert (again.takes, again.known, again.damaged) == (1, 1, ())
    assert taken_in(district, stick, []).takes == 2


def test_what_is_being_written_to_a_stick_is_held_back_and_says_so(
    queue: Queue, takes: list[FinishedTake], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[State, str, str | None]] = []

    def copied(source: Path, *more: object, **named: bool) -> bool:
        [row] = [row for row in queue.rows() if row.path.stem == source.stem]
        seen.append((row.state, str(row.error), row.error_kind))
        return copy_proven(source, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("uploader.carry.pack.copy_proven", copied)
    export_pack(queue, stick, quiet)
    assert set(seen) == {(State.PAUSED, "Is being written to a stick.", "carrying")}


def test_what_is_on_a_stick_already_is_read_from_the_stick_and_not_from_memory(
    queue: Queue, takes: list[FinishedTake], stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_pack(queue, stick, quiet)
    read: list[tuple[str, bool]] = []

    def digest(path: Path, *, from_medium: bool = False) -> str:
        if path.is_relative_to(stick):
            read.append((path.suffix, from_medium))
        return digest_of(path)

    monkeypatch.setattr(pack, "digest_of", digest)
    assert export_pack(queue, stick, quiet).known == 2
    assert read == [(".wav", True), (".json", True)] * 2


RIGHT: tuple[dict[str, object], ...] = (
    {"size": 1},
    {"file": "s/a.wav"},
    {"file": f"s/{'a' * 196}.wav"},
    {"origin": ""},
    {"origin": "0f" * 16},
)
WRONG: tuple[dict[str, object], ...] = (
    {"size": 0},
    {"size": -1},
    {"size": True},
    {"file": f"s/{'a' * 197}.wav"},
    {"file": "/a.wav"},
    {"file": "s/a.part.wav"},
    {"file": "s/a\u200b.wav"},
    {"origin": "here"},
)


@pytest.mark.parametrize(
    ("words", "right"),
    [*((words, True) for words in RIGHT), *((words, False) for words in WRONG)],
    ids=str,
)
def test_only_an_entry_that_can_be_right_is_used_and_the_others_stay_on_the_list(
    queue: Queue, takes: list[FinishedTake], stick: Path, words: dict[str, object], right: bool
) -> None:
    export_pack(queue, stick, quiet)
    with changed_list(stick / takes[0].station) as body:
        body["takes"][0] |= words
    found = read_manifest(stick, takes[0].station)
    assert (len(found.takes), len(found.unreadable)) == ((2, 0) if right else (1, 1))
    write_manifest(found)
    again = read_manifest(stick, takes[0].station)
    assert (set(again.takes), again.unreadable) == (set(found.takes), found.unreadable)


@pytest.mark.parametrize(
    ("words", "readable"),
    [({"v": 1}, True), ({"v": 2}, True), ({"v": 3}, False), ({"v": 0}, False), ({"station": "b"}, False)],
    ids=str,
)
def test_a_list_of_an_earlier_version_is_read_and_one_of_a_later_version_or_another_folder_is_not(
    queue: Queue, takes: list[FinishedTake], stick: Path, words: dict[str, object], readable: bool
) -> None:
    export_pack(queue, stick, quiet)
    with changed_list(stick / takes[0].station) as body:
        body |= words
    if readable:
        assert len(read_manifest(stick, takes[0].station).takes) == 2
    else:
        with pytest.raises(DiskError, match="is damaged"):
            read_manifest(stick, takes[0].station)
