"""Every sound check against its fault, on PortAudio: exactly that check fails, with its advice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio import events as ev
from audio.card import VirtualCard
from config.settings import Settings
from station.checks import playback, sound
from station.checks.bench import Bench, Wishes
from station.checks.check import Finding, Outcome
from station.checks.runner import run_checks
from tests.audio.wavs import RATE, noise, tone, write_wav

CARD = [pytest.mark.card, pytest.mark.timeout(120)]
CHECKS = (*sound.CHECKS, *playback.CHECKS)
QUICK = tuple(check for check in CHECKS if check.id != "load")


def run(
    settings: Settings, device: str, own_card: VirtualCard | None, **wishes: object
) -> dict[str, Finding]:
    audio = settings.audio.model_copy(update={"input": device, "output": device})
    settings = settings.model_copy(update={"audio": audio})
    env = own_card.env if own_card is not None else None
    bench = Bench(settings, Wishes(env=env, **{"assume_heard": True, **wishes}))  # type: ignore[arg-type]
    return {result.check.id: result.finding for result in run_checks(QUICK, bench)}


def failed(found: dict[str, Finding]) -> set[str]:
    bad = {check_id for check_id, finding in found.items() if finding.outcome in (Outcome.FAIL, Outcome.WARN)}
    assert all(found[check_id].todo is not None for check_id in bad), "every failure says what to do"
    return bad


class TestOnTheCard:
    pytestmark = CARD

    def test_a_healthy_headset(self, settings: Settings, own_card: VirtualCard) -> None:
        own_card.room()
        found = run(settings, "vheadset", own_card)
        assert failed(found) == set()
        skipped = {check_id for check_id, finding in found.items() if finding.outcome is Outcome.SKIPPED}
        assert skipped == {"round_trip", "rate", "steady"}, "the microphone does not hear the headphones"

    def test_muted(self, settings: Settings, own_card: VirtualCard) -> None:
        own_card.room()
        own_card.mute(True)
        assert failed(run(settings, "vheadset", own_card)) == {"microphone"}

    def test_dead(self, settings: Settings, own_card: VirtualCard) -> None:
        assert failed(run(settings, "vdead", own_card)) == {"microphone"}

    def test_loud_room(self, settings: Settings, own_card: VirtualCard) -> None:
        own_card.room(-40)
        assert failed(run(settings, "vheadset", own_card)) == {"room"}

    def test_bluetooth(self, settings: Settings, own_card: VirtualCard) -> None:
        own_card.room(sink="bluetooth_feed")
        assert failed(run(settings, "vbluetooth", own_card)) == {"bandwidth"}

    def test_loudspeakers(self, settings: Settings, own_card: VirtualCard) -> None:
        """The loop hears all that is played: leakage, and with it everything else can be measured."""
        own_card.room(-70, sink="headset_out")
        found = run(settings, "vloop", own_card)
        assert failed(found) == {"leakage"}
        assert all(found[check_id].outcome is Outcome.OK for check_id in ("round_trip", "rate", "steady"))
        assert abs(found["rate"].numbers["cents"]) < 1

    @pytest.mark.parametrize(("wrong", "check_id"), [("hum", "hum"), ("dc", "offset")])
    def test_signal_faults(
        self, settings: Settings, own_card: VirtualCard, tmp_path: Path, wrong: str, check_id: str
    ) -> None:
        room = noise(30, -62).astype(int)
        room += tone(30, 50, -40) if wrong == "hum" else np.full(len(room), round(0.03 * 32767))
        own_card.feed(write_wav(tmp_path / "wrong.wav", room.astype(np.int16)))
        assert failed(run(settings, "vheadset", own_card)) == {check_id}

    def test_a_headset_that_is_not_there(self, settings: Settings, own_card: VirtualCard) -> None:
        found = run(settings, "USB 耳机", own_card)
        assert failed(found) == {"device"}
        assert "USB 耳机" in str(found["device"].what)


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ("left", "right", Outcome.OK),
        ("right", "left", Outcome.WARN),
        ("none", "right", Outcome.FAIL),
        ("left", "none", Outcome.FAIL),
        ("both", "both", Outcome.WARN),
    ],
)
def test_ears(settings: Settings, left: str, right: str, outcome: Outcome) -> None:
    answers = {"left": left, "right": right}
    wishes = Wishes(ask=answers.__getitem__, speed=5.0)  # type: ignore[arg-type]
    chosen = [check for check in CHECKS if check.id in ("device", "opens", "ears")]
    found = {result.check.id: result.finding for result in run_checks(chosen, Bench(settings, wishes))}
    assert found["ears"].outcome is outcome
    assert failed(found) == ({"ears"} if outcome is not Outcome.OK else set())


def test_lost_samples_under_load(settings: Settings) -> None:
    bench = Bench(settings)
    check = next(check for check in CHECKS if check.id == "load")
    bench.studio().send(ev.Fault("lossy"))
    [result] = run_checks([check], bench)
    assert result.finding.outcome is Outcome.FAIL
    assert result.finding.numbers["lost_ms"] > 500
    assert result.finding.todo is not None


def test_another_program_holds_the_headset(settings: Settings) -> None:
    bench, other = Bench(settings), Bench(settings)
    try:
        other.studio()
        found = {result.check.id: result.finding for result in run_checks(QUICK, bench)}
    finally:
        other.close()
    assert failed(found) - {"opens"} == set()
    assert found["opens"].outcome is Outcome.FAIL


@pytest.mark.parametrize(("hz", "cents"), [(440.0, 0.0), (441.5, 5.9), (479.0, 147.0)])
def test_pitch_of_a_tone(hz: float, cents: float, tmp_path: Path) -> None:
    from audio.calibration import sweeps
    from audio.wavread import read_wav
    from station.checks.signals import look_for_tone

    path = write_wav(
        tmp_path / "t.wav", np.concatenate([np.zeros(len(sweeps(RATE)), dtype=np.int16), tone(2, hz, -20)])
    )
    found = look_for_tone(read_wav(path), 0)
    assert found is not None
    assert found.cents == pytest.approx(cents, abs=0.2)


def test_level_that_is_pulled_up(tmp_path: Path) -> None:
    from audio.calibration import sweeps
    from audio.wavread import read_wav
    from station.checks.signals import look_for_tone

    rising = tone(2, 440, -20) * np.linspace(0.3, 1.0, 2 * RATE)
    sound = np.concatenate([np.zeros(len(sweeps(RATE)), dtype=np.int16), rising.astype(np.int16)])
    found = look_for_tone(read_wav(write_wav(tmp_path / "t.wav", sound)), 0)
    assert found is not None
    assert found.drift_db > 3
