"""`station run`, up to its first screen."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from audio.file import prepare_all
from config import Settings
from station.commands import run
from station.commands.cli import run_cli
from station.sound import sounds


def test_a_sound_that_is_none_is_named_before_any_screen_opens(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "kit" / "song2-accompaniment.wav").write_bytes(b"not a sound")
    monkeypatch.setattr(run, "need_terminal", lambda: None)
    monkeypatch.setattr(run, "shown", lambda station: pytest.fail("a screen opened"))
    monkeypatch.setenv("STATION_STATION__LANGUAGE", "en")
    assert run_cli(["run", "--config", str(home / "station.toml")]) != 0
    assert "song2-accompaniment.wav" in capsys.readouterr().err


def test_new_sounds_are_decoded_while_the_screens_are_loaded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoding = threading.Event()
    beside: list[bool] = []

    def noted(sources: Sequence[Path], rate: int, cache: Path) -> list[Path]:
        decoding.set()
        return prepare_all(sources, rate, cache)

    monkeypatch.setattr(sounds, "prepare_all", noted)
    monkeypatch.setattr(run, "screens", lambda: beside.append(decoding.wait(10)))
    run.prepared(settings).stop()
    assert beside == [True]
