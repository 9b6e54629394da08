"""What is told of a take on the real sound path: a dead microphone, a knock, a loudspeaker, swapped songs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

from audio.device.card import VirtualCard
from tests.audio.judge.test_song import ODE, STAR
from tests.audio.recordings import Signal, gain, voice
from tests.audio.wavs import RATE, write_wav
from tests.corpus.instruments import chords
from tests.corpus.voices import Singer, sing
from tests.station.run.test_single_take import SETTINGS

pytestmark = [pytest.mark.card, pytest.mark.long, pytest.mark.timeout(120)]
KIT = '''
id = "test-kit"
version = "1"
[[items]]
id = "star"
title = "小星星"
min_seconds = 2
max_seconds = 30
attempts = 9
notation = """
1 1 5 5 | 6 6 5 - | 4 4 3 3 | 2 2 1 - |
5 5 4 4 | 3 3 2 - | 5 5 4 4 | 3 3 2 - |
1 1 5 5 | 6 6 5 - | 4 4 3 3 | 2 2 1 - |
"""
[[items]]
id = "joy"
title = "欢乐颂"
min_seconds = 2
max_seconds = 30
attempts = 9
notation = """
3 3 4 5 | 5 4 3 2 | 1 1 2 3 | 3. 2_ 2 - |
3 3 4 5 | 5 4 3 2 | 1 1 2 3 | 2. 1_ 1 - |
"""
[[items]]
id = "free"
title = "Free"
min_seconds = 2
max_seconds = 20
attempts = 9
[[items]]
id = "backed"
title = "Backed"
min_seconds = 2
max_seconds = 20
attempts = 9
accompaniment = "music.wav"
'''
LOOP_ROOM_DBFS = -70.0
TOLD_SECONDS = 3.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "kit").mkdir()
    (tmp_path / "station.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "kit" / "kit.toml").write_text(KIT, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student_id,name\n0107,A\n", encoding="utf-8")
    write_signal(tmp_path / "kit" / "music.wav", np.resize(chords(), 20 * RATE) * gain(-9))
    return tmp_path


def write_signal(path: Path, signal: Signal) -> Path:
    return write_wav(path, np.asarray(np.clip(signal, -1, 1) * 32767, dtype=np.int16))


def sung(card: VirtualCard, folder: Path, signal: Signal) -> Callable[[subprocess.Popen[str]], None]:
    """Begins to sing when the first second is counted."""
    path = write_signal(folder / "sung.wav", signal)
    card.room()

    def begin(process: subprocess.Popen[str]) -> None:
        second(process, 1)
        card.feed(path)

    return begin


def second(process: subprocess.Popen[str], number: int) -> None:
    """Wait until the command counts this second."""
    assert process.stderr is not None
    while not process.stderr.readline().startswith(f"{number} s"):
        assert process.poll() is None


def record(
    home: Path,
    card: VirtualCard,
    item: str,
    seconds: float,
    meanwhile: Callable[[subprocess.Popen[str]], None] = lambda process: None,
) -> dict[str, Any]:
    """The verdict of a take by the real command."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "station", "record", "--config", str(home / "station.toml"), "--student",
            "0107", "--item", item, "--seconds", str(seconds), "--json",
        ],
        env={**os.environ, **card.env, "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )  # fmt: skip
    try:
        meanwhile(process)
        out, err = process.communicate(timeout=90)
    finally:
        process.kill()
        process.wait()
    assert out, err
    verdict: dict[str, Any] = json.loads(out)["verdict"]
    return verdict


def test_a_microphone_muted_in_a_song_is_told_at_once_and_spoils_the_take(
    home: Path, own_card: VirtualCard
) -> None:
    own_card.room()
    own_card.feed(write_signal(home / "fed.wav", np.tile(voice(), 6)))
    told: list[float] = []

    def mute(process: subprocess.Popen[str]) -> None:
        second(process, 7)
        own_card.mute(True)
        muted_at = monotonic()
        assert process.stderr is not None
        while "muted" not in process.stderr.readline():
            assert process.poll() is None
        told.append(monotonic() - muted_at)

    verdict = record(home, own_card, "free", 20, mute)
    assert told[0] < TOLD_SECONDS
    assert verdict["reasons"] == ["muted"]
    assert verdict["numbers"]["muted_from"] == pytest.approx(7.5, abs=1.5)
    assert verdict["numbers"]["muted_to"] == pytest.approx(20, abs=0.5)


def test_one_knock_is_a_remark(home: Path, own_card: VirtualCard) -> None:
    signal = voice()[: 8 * RATE].copy()
    signal[5 * RATE : 5 * RATE + 12] = 1
    verdict = record(home, own_card, "free", 9, sung(own_card, home, signal))
    assert verdict["reasons"] == []
    assert "bump" in verdict["remarks"]


@pytest.mark.parametrize(("item", "melody", "other"), [("star", ODE, 2), ("joy", STAR, 1)])
def test_swapped_songs_are_said(
    home: Path, own_card: VirtualCard, item: str, melody: tuple[tuple[float, float], ...], other: int
) -> None:
    song = sing(Singer(300), melody, 0.4) * gain(-9)
    verdict = record(home, own_card, item, len(song) / RATE + 2, sung(own_card, home, song))
    assert verdict["reasons"] == []
    assert "other_song" in verdict["remarks"]
    assert verdict["numbers"]["sounds_like_item"] == other


@pytest.mark.parametrize("decibels", [-12, -18, -26])
def test_music_from_a_loudspeaker_is_nobody_singing(home: Path, own_card: VirtualCard, decibels: int) -> None:
    text = SETTINGS.replace('"vheadset"', '"vloop"')
    (home / "station.toml").write_text(text, encoding="utf-8")
    own_card.room(LOOP_ROOM_DBFS, sink="headset_out")
    own_card.gain(decibels, source="loop_mic")
    verdict = record(home, own_card, "backed", 15)
    assert "no_singing" in verdict["reasons"]
    assert verdict["numbers"]["leakage_db"] == pytest.approx(decibels, abs=3)
