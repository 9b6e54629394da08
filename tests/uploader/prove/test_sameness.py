"""Whether a recording is read once more before it is sent: on the very edge of each condition."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from uploader.faults import Kind, UploadFault
from uploader.prove import integrity
from uploader.prove.integrity import FRESH_SECONDS, Sameness, Stamp, check_file, check_owner, look_at
from uploader.queue.row import Row

NOW = 1_800_000_000.0


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the takes that were read."""
    ids: list[str] = []
    monkeypatch.setattr(integrity, "time", SimpleNamespace(time=lambda: NOW))
    monkeypatch.setattr(integrity, "check_file", lambda row: ids.append(row.take_id))
    return ids


CASES: dict[str, tuple[float, int, int | None, bool, bool]] = {
    "read this moment": (NOW, 5, 0, False, False),
    "read long ago but not too long": (NOW - FRESH_SECONDS + 1, 5, 0, False, False),
    "read too long ago": (NOW - FRESH_SECONDS, 5, 0, False, True),
    "read in the future": (NOW + 1, 5, 0, False, True),
    "written to since": (NOW, 6, 0, False, True),
    "changed in the moment of reading": (NOW, 5, int(NOW) * 10**9, False, True),
    "no time of its change": (NOW, 5, None, False, True),
    "goes on after a break": (NOW, 5, 0, True, True),
}


@pytest.mark.parametrize("case", CASES)
def test_only_what_was_surely_read_a_moment_ago_is_not_read_again(
    row: Row, read: list[str], case: str
) -> None:
    compared_at, mtime_ns, ctime_ns, resumed, again = CASES[case]
    entered = replace(row, compared_at=compared_at, mtime_ns=5)
    with Sameness(entered, Stamp(mtime_ns, ctime_ns, 1), resumed=resumed):
        pass
    assert read == ([row.take_id] if again else [])


def test_a_file_that_changed_while_it_travelled_is_read_at_the_end(row: Row, read: list[str]) -> None:
    entered = replace(row, compared_at=NOW, mtime_ns=5)
    with Sameness(replace(entered), replace(look_at(row), mtime_ns=5, ctime_ns=0), resumed=False) as same:
        assert read == []
        assert not same.known, "nobody reads it"
        same.confirm()
    assert read == [row.take_id]


def test_what_is_read_beside_the_sending_is_known_and_nothing_runs_on(row: Row) -> None:
    before = set(threading.enumerate())
    with Sameness(row, look_at(row), resumed=True) as same:
        same.confirm()
        assert same.known
    assert set(threading.enumerate()) <= before


def refused(*_: object, **__: object) -> object:
    raise PermissionError(13, "in use")


def gone(*_: object, **__: object) -> object:
    raise FileNotFoundError(2, "gone")


@pytest.mark.parametrize(
    ("step", "error", "kind"),
    [
        ("change_time_ns", refused, Kind.TAKE),
        ("digest_of", refused, Kind.TAKE),
        ("change_time_ns", gone, Kind.MISSING),
        ("digest_of", gone, Kind.MISSING),
    ],
)
def test_a_file_that_can_t_be_read_is_not_taken_for_one_that_is_gone(
    row: Row, monkeypatch: pytest.MonkeyPatch, step: str, error: Callable[..., object], kind: Kind
) -> None:
    monkeypatch.setattr(integrity, step, error)
    with pytest.raises(UploadFault) as raised:
        check_file(row)
    assert raised.value.kind is kind


def test_facts_that_can_t_be_told_from_facts_that_are_gone_hold_back_the_take(
    row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "is_there", refused)
    with pytest.raises(UploadFault) as raised:
        check_owner(row)
    assert raised.value.kind is Kind.TAKE


def test_a_shorter_file_is_not_the_recording(row: Row) -> None:
    row.path.write_bytes(row.path.read_bytes()[:-1])
    with pytest.raises(UploadFault) as raised:
        look_at(row)
    assert raised.value.kind is Kind.TAKE
