"""Every sound check against its fault, on the built-in headset: exactly that check fails, with its advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from audio.audioerror import AudioError
from audio.capture.listing import NO_LIST
from audio.file.wavread import read_wav
from audio.measure.calibration import sweeps
from audio.protocol import messages as ev
from config.settings import Settings
from station.checks import bench as bench_module
from station.checks.bench import Bench, Step, Wishes
from station.checks.check import Outcome
from station.checks.headset import recording_rate
from station.checks.headset.signals import look_for_tone
from tests.audio import recordings
from tests.audio.recordings import Signal
from tests.audio.wavs import RATE, tone, write_wav
from tests.station.checks.found import SOUND, failed, run, skipped


@dataclass(frozen=True)
class Sung:
    """What is sung into the built-in headset, and what is said of it."""

    song: Callable[[Signal], Signal]
    outcome: Outcome
    said: str
    fault: str = "none"


UNSUNG = {"load", "leakage", "round_trip", "rate", "steady"}
"""What would only take time here."""
SUNG = {
    "well": Sung(lambda song: song, Outcome.OK, "comes in well"),
    "too loudly": Sung(lambda song: song, Outcome.FAIL, "distorted", "loud"),
    "clipped before": Sung(lambda song: np.clip(song, -0.15, 0.15), Outcome.FAIL, "distorted"),
    "too quietly": Sung(lambda song: song * np.float32(0.03), Outcome.FAIL, "too quiet"),
    "rather quietly": Sung(lambda song: song * np.float32(0.4), Outcome.WARN, "rather quiet"),
    "not at all": Sung(lambda song: song * np.float32(0), Outcome.FAIL, "Nobody was heard"),
}


@pytest.mark.sampled(6, fewest=1)
@pytest.mark.parametrize("name", SUNG)
def test_somebody_sings(name: str, settings: Settings, tmp_path: Path) -> None:
    case, bench = SUNG[name], Bench(settings)
    path = recordings.write_take(tmp_path / "song.wav", case.song(recordings.voice()[3 * RATE :]))

    def sing(step: Step) -> bool:
        if step == "sing":
            bench.headset().send(ev.Fault(case.fault))
            bench.headset().send(ev.Feed(str(path)))
        return step == "sing"

    bench.wishes = Wishes(assume_heard=True, ready=sing, speed=5.0)
    found = run(bench, [check for check in SOUND if check.id not in UNSUNG])
    assert found["voice"].outcome is case.outcome
    assert case.said in str(found["voice"].what)
    others = {check_id: finding for check_id, finding in found.items() if check_id != "voice"}
    assert failed(others) == set()


@pytest.mark.sampled(6, fewest=1)
@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ("left", "right", Outcome.OK),
        ("right", "left", Outcome.WARN),
        ("none", "right", Outcome.FAIL),
        ("left", "none", Outcome.FAIL),
        ("both", "both", Outcome.WARN),
        (None, "right", Outcome.SKIPPED),
    ],
)
def test_ears(settings: Settings, left: str | None, right: str, outcome: Outcome) -> None:
    answers = {"left": left, "right": right}
    wishes = Wishes(ask=answers.__getitem__, speed=5.0)  # type: ignore[arg-type]
    chosen = [check for check in SOUND if check.id in ("device", "opens", "ears")]
    found = run(Bench(settings, wishes), chosen)
    assert found["ears"].outcome is outcome
    assert (found["ears"].todo is not None) == (outcome in (Outcome.FAIL, Outcome.WARN))


@pytest.mark.sampled(2, fewest=1)
@pytest.mark.parametrize(
    ("name", "fault", "number", "value"),
    [
        ("load", "lossy", "lost_ms", 400),
        ("pace", "lossy", "rate_hz", 0.8 * RATE),
    ],
)
def test_lost_samples(
    name: str, fault: str, number: str, value: float, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_rate, "LOAD_SECONDS", 2.0)
    bench = Bench(settings, Wishes(speed=1.0 if name == "load" else 5.0))
    bench.headset().send(ev.Fault(fault))
    found = run(bench, [check for check in SOUND if check.id == name])
    assert failed(found) == {name}
    assert found[name].numbers[number] == pytest.approx(value, rel=0.35 if name == "load" else 0.03)


@pytest.mark.costly
def test_a_wrong_rate_fails_that_check_only(settings: Settings) -> None:
    bench = Bench(settings, Wishes(assume_heard=True, speed=5.0))
    bench.headset().send(ev.Fault("slow"))
    found = run(bench, SOUND)
    assert failed(found) == {"pace"}
    assert found["pace"].numbers["rate_hz"] == pytest.approx(44100, rel=0.02)
    assert "Default format" in str(found["pace"].todo)
    assert "load" in skipped(found)


def test_a_sound_system_that_hangs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(env: object) -> None:
        raise AudioError(NO_LIST)

    monkeypatch.setattr(bench_module, "list_devices", hang)
    audio = settings.audio.model_copy(update={"input": "USB", "output": "USB"})
    found = run(Bench(settings.model_copy(update={"audio": audio})))
    assert failed(found) == {"device"}
    assert "broke" not in str(found["device"].what)
    assert skipped(found) == found.keys() - {"device"}


def test_another_program_holds_the_headset(settings: Settings) -> None:
    bench, other = Bench(settings), Bench(settings)
    try:
        other.headset()
        found = run(bench)
    finally:
        other.close()
    assert {check_id for check_id, finding in found.items() if finding.outcome is Outcome.FAIL} == {"opens"}


@pytest.mark.parametrize(("hz", "cents"), [(440.0, 0.0), (441.5, 5.9), (479.0, 147.0)])
def test_pitch_of_a_tone(hz: float, cents: float, tmp_path: Path) -> None:
    path = write_wav(
        tmp_path / "t.wav", np.concatenate([np.zeros(len(sweeps(RATE)), dtype=np.int16), tone(2, hz, -20)])
    )
    found = look_for_tone(read_wav(path), 0)
    assert found is not None
    assert found.cents == pytest.approx(cents, abs=0.2)


def test_level_that_is_pulled_up(tmp_path: Path) -> None:
    rising = tone(2, 440, -20) * np.linspace(0.3, 1.0, 2 * RATE)
    sound = np.concatenate([np.zeros(len(sweeps(RATE)), dtype=np.int16), rising.astype(np.int16)])
    found = look_for_tone(read_wav(write_wav(tmp_path / "t.wav", sound)), 0)
    assert found is not None
    assert found.drift_db > 3
