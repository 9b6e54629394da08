"""A take as its sidecar describes it, and everything that can be wrong with that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config.base.errors import DiskError
from tests.uploader.takes import make_take
from uploader.queue.take import FinishedTake


def test_a_sidecar_becomes_a_take(tmp_path: Path) -> None:
    sidecar = make_take(tmp_path, 7, 1000)
    take = FinishedTake.from_sidecar(sidecar)
    assert (take.student_id, take.item, take.attempt, take.size) == ("S007", "song1", 1, 1000)
    assert take.path == sidecar.with_suffix(".wav")


@pytest.mark.parametrize(
    "wrong",
    [
        {"take_id": ""},
        {"take_id": None},
        {"sha256": "abc"},
        {"sha256": None},
        {"attempt": "first"},
        {"frames": 100_000_000},
        {"frames": None},
    ],
)
def test_a_sidecar_with_a_wrong_fact_is_one_sentence(tmp_path: Path, wrong: dict[str, Any]) -> None:
    sidecar = make_take(tmp_path)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(json.dumps({**facts, **wrong}), encoding="utf-8")
    with pytest.raises(DiskError, match=sidecar.name):
        FinishedTake.from_sidecar(sidecar)


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "null", "\ufeff{}"])
def test_a_damaged_sidecar_is_one_sentence(tmp_path: Path, text: str) -> None:
    sidecar = make_take(tmp_path)
    sidecar.write_text(text, encoding="utf-8")
    with pytest.raises(DiskError, match=sidecar.name):
        FinishedTake.from_sidecar(sidecar)


@pytest.mark.parametrize("suffix", [".json", ".wav"])
def test_a_missing_file_is_one_sentence(tmp_path: Path, suffix: str) -> None:
    sidecar = make_take(tmp_path)
    sidecar.with_suffix(suffix).unlink()
    with pytest.raises(DiskError, match=sidecar.name):
        FinishedTake.from_sidecar(sidecar)


@pytest.mark.parametrize(
    "change", [{"frames": None}, {"sha256": None}, {"ended_by": None}, {"attempt": 10**30}]
)
@pytest.mark.parametrize("left_out", [True, False])
def test_facts_that_are_not_whole_are_one_sentence(
    tmp_path: Path, change: dict[str, object], *, left_out: bool
) -> None:
    sidecar = make_take(tmp_path)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    (name,) = change
    facts = {key: value for key, value in facts.items() if key != name} if left_out else {**facts, **change}
    sidecar.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(DiskError, match="does not describe"):
        FinishedTake.from_sidecar(sidecar)


def test_half_a_letter_is_one_sentence(tmp_path: Path) -> None:
    sidecar = make_take(tmp_path)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    sidecar.write_text(json.dumps({**facts, "student_id": "\ud800"}), encoding="ascii")
    with pytest.raises(DiskError, match="does not describe"):
        FinishedTake.from_sidecar(sidecar)
