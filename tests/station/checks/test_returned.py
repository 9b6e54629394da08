"""What comes back of what is played, spoilt on its way: exactly its check fails, with its advice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audio.file.wavread import read_wav
from audio.measure.calibration import STARTS_SECONDS, sweeps
from audio.protocol.messages import TakeSaved
from config.settings import Settings
from station.checks.bench import Bench, Wishes
from station.checks.headset import playback
from tests.audio import recordings
from tests.audio.recordings import Signal
from tests.audio.wavs import RATE
from tests.station.checks.found import failed, run, skipped

LATE = RATE // 20
CHECKS = tuple(check for check in playback.CHECKS if check.id != "ears")
Way = Callable[[Signal], Signal]


def sharper(cents: float) -> Way:
    def spoil(played: Signal) -> Signal:
        places = np.arange(0, len(played) - 1, 2 ** (cents / 1200))
        return np.asarray(np.interp(places, np.arange(len(played)), played), dtype=np.float32)

    return spoil


def later(played: Signal) -> Signal:
    """A hub that holds back what is played for 3 ms, from the second sweep on."""
    at = round((STARTS_SECONDS[1] - 0.05) * RATE)
    return np.concatenate([played[:at], np.zeros(RATE * 3 // 1000, dtype=np.float32), played[at:]])


def pulled_up(played: Signal) -> Signal:
    """Automatic level: the tone rises by 6 dB."""
    tone = len(sweeps(RATE))
    played = played.copy()
    played[tone:] *= np.linspace(0.5, 1.0, len(played) - tone, dtype=np.float32)
    return played


CASES: dict[str, tuple[Way, bool, set[str]]] = {
    "healthy": (lambda played: played, True, set()),
    "one device at another rate": (sharper(3), True, {"rate"}),
    "uneven": (later, True, {"round_trip"}),
    "automatic level": (pulled_up, True, {"steady"}),
    "loudspeakers": (lambda played: played, False, {"leakage"}),
}
"""What happens on the way, whether an ear cup is held to the microphone, and what fails."""


class Returning(Bench):
    """A bench whose microphone hears what is played, 20 dB lower and 50 ms later."""

    spoil: Way

    def recording(self, name: str, seconds: float, sound: Path | None = None) -> TakeSaved:
        assert sound is not None
        played = read_wav(sound).part(0, round(seconds * RATE))
        heard = recordings.noise(round(seconds * RATE), -70)
        back = self.spoil(played)[: len(heard) - LATE] * recordings.gain(-20)
        heard[LATE : LATE + len(back)] += back
        path = recordings.write_take(self.work / f"{name}.wav", heard)
        return TakeSaved(name, str(path), len(heard), RATE, "", "", "maximum", accompaniment_at=0)


@pytest.mark.sampled(5, fewest=1)
@pytest.mark.parametrize("name", CASES)
def test_what_comes_back(name: str, settings: Settings) -> None:
    spoil, cup, wrong = CASES[name]
    bench = Returning(settings, Wishes(cup_held=cup))
    bench.work.mkdir(parents=True)
    bench.spoil = spoil
    found = run(bench, CHECKS)
    assert failed(found) == wrong
    if name == "healthy":
        assert skipped(found) == {"leakage"}
