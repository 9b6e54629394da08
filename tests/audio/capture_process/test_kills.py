"""kill -9 at random moments: of the capture process, of the station, of both."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.audio.kills import RATE, VICTIMS, kill_many

KILLS = int(os.environ.get("STATION_KILLS", "12"))
"""In the ordinary suite; `make bench-capture` does 200, and so does STATION_KILLS=200."""
SEEN_BY_OTHERS = 4


@pytest.mark.costly
@pytest.mark.timeout(300)
def test_kills_lose_nothing_before_the_last_second(tmp_path: Path) -> None:
    """Measured against what the microphone's driver had handed over at the moment of the kill, on the audio
    clock: one second of sound, which at the clock's speed here is a quarter of a second of real time."""
    kills = list(kill_many(KILLS, tmp_path))
    assert {kill.victim for kill in kills} == set(VICTIMS)
    for kill in kills:
        assert kill.broken == ()
        assert kill.found >= kill.started >= 1
        assert kill.missing < RATE
    print(f"{len(kills)} kills, at most {max(kill.missing for kill in kills)} frames missing")
    assert sum(kill.interrupted for kill in kills) > KILLS / 4, "the kills hit running takes"
    takes = sorted(tmp_path.glob("*/*_1.wav"))
    assert len(takes) >= KILLS
    for take in takes[:: max(1, len(takes) // SEEN_BY_OTHERS)]:
        seen_by_others(take)


def seen_by_others(take: Path) -> None:
    """sox and ffprobe, where they are installed, see the same frames."""
    frames = (take.stat().st_size - 44) // 3
    if shutil.which("soxi"):
        seen = subprocess.run(["soxi", "-s", str(take)], capture_output=True, check=True).stdout
        assert 0 <= frames - int(seen) < 1000, "the tags before the samples"
    if shutil.which("ffprobe"):
        asked = ["-v", "error", "-show_entries", "stream=duration_ts", "-of", "default=nw=1:nk=1"]
        probe = subprocess.run(["ffprobe", *asked, str(take)], capture_output=True, check=True)
        assert 0 <= frames - int(probe.stdout) < 1000
        assert probe.stderr == b""
