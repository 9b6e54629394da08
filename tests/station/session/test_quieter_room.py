"""How much less of the room a microphone may hear before everything is checked: with the real measures.

The threshold stands between one room that is measured again and again, and a microphone turned down so far
that it spoils a song.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from audio.judge import Expectation, judge, judge_silence
from config.kit import Limits
from config.takes import Loss
from station.session.events import CheckMeasured
from station.session.moves import FLOOR_DROP_DB, hears_less
from tests.audio.recordings import RATE, ROOM_DBFS, Signal, gain, voice
from tests.audio.wavs import write_wav
from tests.corpus.voices import murmur

LIMITS = Limits()
SECONDS = 2
WINDOWS = 8
CLASS_WINDOWS = 3
"""A murmur takes its time to make."""
FALLS = {"white": 0.0, "like an office": 0.5, "like traffic": 1.0}
"""By which power of the frequency the noise falls, in amplitude."""


def room(fall: float, windows: int) -> Signal:
    """Noise of ROOM_DBFS."""
    size = windows * SECONDS * RATE
    spectrum = np.fft.rfft(np.random.default_rng(7).standard_normal(size))
    sound = np.fft.irfft(spectrum / np.maximum(np.fft.rfftfreq(size, 1 / RATE), 40) ** fall, size)
    return levelled(np.asarray(sound, dtype=np.float32))


def levelled(sound: Signal) -> Signal:
    return np.asarray(sound * gain(ROOM_DBFS) / np.sqrt(np.mean(sound**2)), dtype=np.float32)


def quiet(folder: Path, sound: Signal) -> CheckMeasured:
    path = write_wav(folder / "quiet.wav", np.rint(sound * 32767).astype(np.int16))
    report = judge_silence(path, LIMITS)
    return CheckMeasured("silence", report.outcome, None, report.numbers)


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize("kind", [*FALLS, "a class next door"])
def test_the_same_room_is_never_taken_for_another_microphone(tmp_path: Path, kind: str) -> None:
    count = WINDOWS if kind in FALLS else CLASS_WINDOWS
    sound = room(FALLS[kind], count) if kind in FALLS else levelled(murmur(float(count * SECONDS)))
    windows = sound[: count * SECONDS * RATE].reshape(count, -1)
    found = [quiet(tmp_path, window) for window in windows]
    floors = [step.numbers["floor_dbfs"] for step in found]
    print(f"{kind}: {min(floors)} to {max(floors)}")
    assert max(floors) - min(floors) < FLOOR_DROP_DB / 3
    assert not any(hears_less(before, after) for before, after in product(found, found))


@pytest.mark.parametrize("down", [FLOOR_DROP_DB + 1, 20.0])
def test_a_microphone_that_was_turned_down_is_noticed(tmp_path: Path, down: float) -> None:
    before, after = room(0.5, 2).reshape(2, -1)
    assert hears_less(quiet(tmp_path, before), quiet(tmp_path, after * gain(-down)))
    assert not hears_less(quiet(tmp_path, before), quiet(tmp_path, after * gain(1 - FLOOR_DROP_DB)))


@pytest.mark.parametrize(("down", "ok"), [(FLOOR_DROP_DB, True), (20.0, False)])
def test_what_is_not_noticed_spoils_no_song(tmp_path: Path, down: float, ok: bool) -> None:
    sung = voice(LIMITS.peak_target)
    noise = room(0.5, 5)
    quieter = (sung + noise[: len(sung)]) * gain(-down)
    path = write_wav(tmp_path / "take.wav", np.rint(quieter * 32767).astype(np.int16))
    floor = quiet(tmp_path, noise[: SECONDS * RATE] * gain(-down)).numbers["floor_dbfs"]
    verdict = judge(path, Expectation(8, 60, floor, Loss(), "stop", None, None), LIMITS)
    assert (verdict.ok, "quiet" in verdict.reasons) == (ok, not ok)
