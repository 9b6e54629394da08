"""The facts beside a take: whole or not at all, in every name and language, typed, and of this version."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.base import DiskError, record
from config.takes import (
    FinishedFacts,
    Loss,
    SidecarError,
    Step,
    Verdict,
    read_facts,
    read_finished,
    sidecar_path,
    write_facts,
)
from tests.audio.capture import facts

VERDICT = Verdict(ok=False, reasons=("quiet",), numbers={"loud_dbfs": -50}, sha256="0" * 64)
BEFORE = Path(__file__).parents[2] / "data" / "before"


def whole(**more: Any) -> FinishedFacts:
    begun = facts().begun(started_at="2026-11-26T13:30:00+08:00", samplerate=48000, bits=16, device=None)
    return begun.finished(frames=96000, sha256="0" * 64, ended_by="stop", **more)


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """A take whose facts are written; there is no sound."""
    path = tmp_path / "take.wav"
    write_facts(path, whole())
    return path


def in_file(take: Path) -> dict[str, Any]:
    found = json.loads(sidecar_path(take).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def change(take: Path, **more: Any) -> None:
    sidecar_path(take).write_text(json.dumps({**in_file(take), **more}), encoding="utf-8")


@pytest.mark.parametrize("name", ["0107_song1_1.wav", "0107_song1_1.part.wav"])
def test_one_sidecar_for_a_take_before_and_after_its_rename(name: str) -> None:
    assert sidecar_path(Path("takes") / name) == Path("takes") / "0107_song1_1.json"


def test_facts_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    known = whole(loss=Loss(drift_ppm=3.0, steps=(Step(1.0, 20.0),)), accompaniment_at=0, verdict=VERDICT)
    write_facts(path, replace(known, session="娄山"))
    assert read_finished(path) == replace(known, session="娄山")
    assert "娄山" in sidecar_path(path).read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["take.json"]


def test_a_take_that_runs_has_no_end_in_its_facts(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    begun = facts().begun(started_at="2026-11-26T13:30:00+08:00", samplerate=48000, bits=16, device=None)
    write_facts(path, replace(begun, max_seconds=60.0))
    assert not {"frames", "sha256", "loss", "verdict"} & in_file(path).keys()
    assert (in_file(path)["max_seconds"], in_file(path)["ended_by"]) == (60.0, None)
    assert read_facts(path).frames is None
    with pytest.raises(SidecarError, match=r"take\.json"):
        read_finished(path)


def test_a_write_that_fails_leaves_the_old_facts(take: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="full"):
        write_facts(take, whole().judged(VERDICT))
    assert read_finished(take).verdict is None


def test_what_is_not_json_is_not_written(take: Path) -> None:
    with pytest.raises(TypeError):
        write_facts(take, replace(whole(), session=object()))  # type: ignore[arg-type]
    assert read_finished(take) == whole()


@pytest.mark.parametrize("path", sorted(BEFORE.glob("*.json")), ids=lambda path: path.stem)
def test_facts_of_the_first_version_are_written_back_word_for_word(path: Path, tmp_path: Path) -> None:
    before = read_finished(path.with_suffix(".wav"))
    assert before.software.endswith(" 0.1.0")
    write_facts(tmp_path / "take.wav", before)
    assert in_file(tmp_path / "take.wav") == json.loads(path.read_text(encoding="utf-8"))


def test_what_a_later_program_added_is_kept(take: Path) -> None:
    change(take, mood="glad", loss={"short_ms": 1.0, "hiss_db": 3}, kit={"id": "k", "edition": 2})
    write_facts(take, read_finished(take).judged(VERDICT))
    found = in_file(take)
    assert (found["mood"], found["loss"]["hiss_db"], found["kit"]["edition"]) == ("glad", 3, 2)
    assert found["verdict"]["reasons"] == ["quiet"]
    assert read_finished(take).loss == Loss(short_ms=1.0)


def test_what_a_later_program_added_is_kept_however_deep_it_is(take: Path) -> None:
    deep: list[Any] = []
    for _ in range(480):
        deep = [deep]
    change(take, later=deep)
    write_facts(take, read_finished(take).judged(VERDICT))
    assert in_file(take)["later"] == deep


def test_facts_as_large_as_they_may_be_are_read_to_their_end_and_larger_ones_are_refused(take: Path) -> None:
    path = sidecar_path(take)
    text = path.read_bytes()
    path.write_bytes(text.rjust(1 << 20))
    assert read_finished(take) == whole()
    path.write_bytes(text.ljust((1 << 20) + 1))
    with pytest.raises(SidecarError, match=r"take\.json"):
        read_finished(take)


def test_nothing_is_kept_of_a_verdict_that_was_replaced(take: Path) -> None:
    change(take, verdict={"ok": True, "reasons": [], "numbers": {}, "sha256": "1" * 64, "stars": 5})
    write_facts(take, read_finished(take).judged(VERDICT))
    assert "stars" not in in_file(take)["verdict"]


def test_a_sidecar_of_a_newer_version_is_refused_with_both_versions(take: Path) -> None:
    change(take, version=7, take_id={"uuid": 1})
    with pytest.raises(SidecarError, match=r"take\.json .* version 7, this program knows 1") as caught:
        read_facts(take)
    assert caught.value.newer
    assert isinstance(caught.value, DiskError)


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[1]", "\ufeff{", "[" * 100_000, " " * (1 << 20) + "{}"),
        *('{"student_id": "0107"}', '{"version": 0}', '{"version": true}'),
    ],
    ids=range(9),
)
def test_anything_else_is_refused(take: Path, text: str) -> None:
    sidecar_path(take).write_text(text, encoding="utf-8")
    with pytest.raises(SidecarError, match=r"take\.json") as caught:
        read_facts(take)
    assert not caught.value.newer


@pytest.mark.parametrize(
    "wrong",
    [
        *({name: None} for name in ("take_id", "session", "station", "item", "attempt", "bits")),
        *({name: 7} for name in ("student_id", "started_at", "ended_by", "kit", "loss", "verdict")),
        *({"attempt": value} for value in ("1", 1.5, True)),
        *({"frames": value} for value in (-1, "many", None, 2.5)),
        *({name: value} for name in ("samplerate", "bits") for value in (0, -1)),
        *({name: 2**62 + 1} for name in ("attempt", "samplerate", "bits", "frames")),
        *({"version": value} for value in (0, "1", None)),
        {"take_id": ""},
        {"loss": {"steps": [3]}},
        {"verdict": {"ok": True}},
        {"verdict": {"ok": 1, "reasons": [], "numbers": {}, "sha256": ""}},
        {"unknown": "all"},
    ],
    ids=str,
)
def test_a_fact_of_another_type_is_refused(take: Path, wrong: dict[str, Any]) -> None:
    change(take, **wrong)
    with pytest.raises(SidecarError, match=r"take\.json"):
        read_finished(take)


@pytest.mark.parametrize("name", ["frames", "sha256", "ended_by"])
def test_a_take_that_has_not_ended_is_none_that_has(take: Path, name: str) -> None:
    left = {key: value for key, value in in_file(take).items() if key != name}
    sidecar_path(take).write_text(json.dumps(left), encoding="utf-8")
    assert read_facts(take).take_id == whole().take_id
    with pytest.raises(SidecarError, match=r"take\.json"):
        read_finished(take)


def test_half_a_letter_which_nothing_can_store_is_refused_in_any_field_and_a_whole_one_is_not(
    take: Path,
) -> None:
    change(take, later="\u5a04")
    assert b"\\u5a04" in sidecar_path(take).read_bytes()
    assert read_finished(take) == whole()
    change(take, later="\ud800")
    with pytest.raises(SidecarError, match=r"take\.json"):
        read_finished(take)


@pytest.mark.parametrize("number", [2**62, 1])
def test_the_smallest_and_the_largest_number_that_a_table_holds_are_read(take: Path, number: int) -> None:
    change(take, attempt=number, samplerate=number, bits=number, frames=number)
    assert read_finished(take).frames == number


def test_a_take_of_which_nothing_was_recorded_is_read(take: Path) -> None:
    change(take, frames=0)
    assert read_finished(take).frames == 0


def test_where_the_accompaniment_was_heard_counts_more_than_what_the_clocks_tell() -> None:
    heard = replace(VERDICT, numbers={"accompaniment_heard_at": 14410.0})
    known = whole(accompaniment_at=0).judged(heard)
    assert (known.accompaniment_at, known.accompaniment_by) == (14410, "leakage")
    assert known.accompaniment_predicted_at == 0
    again = known.judged(replace(heard, numbers={"accompaniment_heard_at": 14411.0}))
    assert (again.accompaniment_at, again.accompaniment_predicted_at) == (14411, 0)


def test_loss_counters_of_any_age() -> None:
    assert record(Loss, {}) == Loss()
    assert record(Loss, {"short_ms": 7.5, "added_later": 1}) == Loss(short_ms=7.5)
