"""The facts beside a take: whole or not at all, in every name and language."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from audio.file import sidecar
from audio.file.sidecar import add_facts, loss_of, read_facts, sidecar_path, write_facts
from audio.protocol.messages import Loss
from tests.audio.capture import facts


@pytest.mark.parametrize("name", ["0107_song1_1.wav", "0107_song1_1.part.wav"])
def test_one_sidecar_for_a_take_before_and_after_its_rename(name: str) -> None:
    assert sidecar_path(Path("takes") / name) == Path("takes") / "0107_song1_1.json"


def test_facts_come_back_and_can_be_added(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    write_facts(take, {**facts(), "school": "娄山小学"})
    add_facts(take, verdict={"ok": True}, school="娄山")
    known = read_facts(take)
    assert (known["student_id"], known["verdict"], known["school"]) == ("0107", {"ok": True}, "娄山")
    assert known["version"] == sidecar.VERSION
    assert "娄山" in sidecar_path(take).read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["take.json"]


def test_a_write_that_fails_leaves_the_old_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = tmp_path / "take.wav"
    write_facts(take, facts())

    def refuse(handle: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="full"):
        add_facts(take, verdict={"ok": True})
    assert "verdict" not in read_facts(take)


def test_what_is_not_json_is_not_written(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    write_facts(take, facts())
    with pytest.raises(TypeError):
        add_facts(take, verdict=object())
    assert read_facts(take)["student_id"] == "0107"


@pytest.mark.parametrize("text", ["", "null", "[1]", '{"student_id": "0107"}', '{"version": 2}', "\ufeff{"])
def test_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    sidecar_path(tmp_path / "take.wav").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011 - json's own error is one
        read_facts(tmp_path / "take.wav")


def test_loss_counters_of_any_age(tmp_path: Path) -> None:
    assert loss_of({}) == Loss()
    assert loss_of({"loss": None}) == Loss()
    assert loss_of({"loss": {"short_ms": 7.5, "added_later": 1}}) == Loss(short_ms=7.5)
    assert loss_of(json.loads('{"loss": {"overflows": 3, "queue_peak": 2}}')) == Loss(
        overflows=3, queue_peak=2
    )
