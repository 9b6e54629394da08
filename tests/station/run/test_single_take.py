"""`station record` on PortAudio, while a real voice (vocadito, see tests/data) is heard by the microphone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from audio.device.card import VirtualCard
from tests.audio.wavs import RATE, write_wav

pytestmark = [pytest.mark.card, pytest.mark.timeout(90)]
VOICE = Path(__file__).parents[2] / "data" / "vocadito_10.wav"
SETTINGS = """
[station]
id = "test-station"
[audio]
input = "vheadset"
output = "vheadset"
[session]
roster = "roster.csv"
kit = "kit"
id = "test"
[server]
url = "http://127.0.0.1:9/files/"
"""
KIT = """
id = "test-kit"
version = "1"
[[items]]
id = "song"
title = "Song"
min_seconds = 2
max_seconds = 20
attempts = 9
"""


@pytest.fixture(autouse=True)
def room(own_card: VirtualCard) -> None:
    own_card.room()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "kit").mkdir()
    (tmp_path / "station.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "kit" / "kit.toml").write_text(KIT, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("student_id,name\n0107,A\n", encoding="utf-8")
    voice, rate = soundfile.read(VOICE, dtype="float32")
    voice = soxr.resample(voice, rate, RATE)
    voice *= 10 ** (-9 / 20) / np.abs(voice).max()
    write_wav(tmp_path / "voice.wav", np.asarray(np.tile(voice, 4) * 32767, dtype=np.int16))
    return tmp_path


def record(home: Path, own_card: VirtualCard) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [
            sys.executable, "-m", "station", "record", "--config", str(home / "station.toml"),
            "--student", "0107", "--item", "song", "--seconds", "3", "--json",
        ],
        env={**os.environ, **own_card.env},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def reasons(found: dict[str, object]) -> list[str]:
    verdict = found["verdict"]
    assert isinstance(verdict, dict)
    return list(verdict["reasons"])


def test_a_real_voice_is_fine_and_queued(home: Path, own_card: VirtualCard) -> None:
    own_card.feed(home / "voice.wav")
    code, found = record(home, own_card)
    assert (code, reasons(found), found["queued"]) == (0, [], True)
    assert Path(str(found["path"])).name == "0107_song_1.wav"


@pytest.mark.costly
def test_the_live_side_of_a_one_sided_microphone(home: Path, own_card: VirtualCard) -> None:
    text = SETTINGS.replace('input = "vheadset"', 'input = "vonesided"\nside = "left"')
    (home / "station.toml").write_text(text, encoding="utf-8")
    own_card.feed(home / "voice.wav", sink="left_feed")
    code, found = record(home, own_card)
    assert (code, reasons(found)) == (0, [])
    assert json.loads(Path(str(found["path"])).with_suffix(".json").read_text("utf-8"))["device"] == {
        "input": {"hostapi": "ALSA", "name": "vonesided"},
        "output": {"hostapi": "ALSA", "name": "vheadset"},
        "side": "left",
    }


@pytest.mark.costly
def test_a_muted_microphone_is_silent(home: Path, own_card: VirtualCard) -> None:
    own_card.feed(home / "voice.wav")
    own_card.mute(True)
    code, found = record(home, own_card)
    assert (code, reasons(found)) == (1, ["silent"])


@pytest.mark.costly
def test_eighteen_decibels_too_much_is_clipped(home: Path, own_card: VirtualCard) -> None:
    own_card.gain(18)
    own_card.feed(home / "voice.wav")
    code, found = record(home, own_card)
    assert (code, reasons(found)) == (1, ["clipped"])


@pytest.mark.costly
def test_nobody_singing_is_not_fine(home: Path, own_card: VirtualCard) -> None:
    code, found = record(home, own_card)
    assert (code, reasons(found)) == (1, ["no_singing"])
