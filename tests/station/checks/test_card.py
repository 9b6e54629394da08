"""Every fault of a headset on PortAudio: exactly its check fails, with its advice."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.card import VirtualCard, why_not
from config.load import load_settings
from config.samples import write_samples
from station.checks import signals, sound
from station.checks.bench import Bench, Wishes
from tests.audio.wavs import RATE, noise, tone, write_wav
from tests.station.checks.found import Found, failed, run, skipped

pytestmark = [pytest.mark.card, pytest.mark.timeout(90)]
SHORT_SECONDS = 1.5
LOOP_ROOM_DBFS = -80.0


ALONE = Wishes(assume_heard=True)
CUP = Wishes(assume_heard=True, cup_held=True)


@dataclass(frozen=True)
class Case:
    """A virtual card, what is wrong with it, and the checks that must say so."""

    prepare: Callable[[VirtualCard, Path], object]
    wrong: set[str]
    device: str = "vheadset"
    wishes: Wishes = ALONE


def _feed_with(card: VirtualCard, folder: Path, fault: NDArray[np.int16]) -> None:
    room = noise(30, -62).astype(int) + np.resize(fault, 30 * RATE)
    card.feed(write_wav(folder / "wrong.wav", room.astype(np.int16)))


def _gated(card: VirtualCard, folder: Path) -> None:
    room = noise(30, -50).reshape(-1, RATE // 10)
    room[:, : RATE * 7 // 100] = 0
    card.feed(write_wav(folder / "gated.wav", room.reshape(-1)))


def _muted(card: VirtualCard, folder: Path) -> None:
    card.room()
    card.mute(True)


def _set_to(before: float, after: float) -> Callable[[VirtualCard, Path], None]:
    """The loop hears the headphones louder by `before` dB, at most full scale, then by `after` dB."""

    def prepare(card: VirtualCard, folder: Path) -> None:
        card.room(LOOP_ROOM_DBFS - before, sink="headset_out")
        card.gain(before, sink="headset_out")
        card.gain(after, source="loop_mic")

    return prepare


CASES = {
    "healthy": Case(lambda card, _: card.room(), set()),
    "muted": Case(_muted, {"microphone"}),
    "dead": Case(lambda card, _: None, {"microphone"}, "vdead"),
    "loud room": Case(lambda card, _: card.room(-40), {"room"}),
    "bluetooth": Case(lambda card, _: card.room(sink="bluetooth_feed"), {"bandwidth"}, "vbluetooth"),
    "hum": Case(lambda card, folder: _feed_with(card, folder, tone(30, 50, -40)), {"hum"}),
    "off centre": Case(
        lambda card, folder: _feed_with(card, folder, np.full(RATE, round(0.03 * 32767), np.int16)),
        {"offset"},
    ),
    "gated": Case(_gated, {"gate"}),
    "loudspeakers": Case(_set_to(0, 0), {"leakage"}, "vloop"),
    "ear cup": Case(_set_to(0, 0), set(), "vloop", CUP),
    "quiet": Case(_set_to(0, -30), {"voice"}, "vloop", CUP),
    "clipped": Case(_set_to(0, 15), {"voice"}, "vloop", CUP),
    "clipped before": Case(_set_to(20, -8), {"voice"}, "vloop", CUP),
    "not there": Case(lambda card, _: card.room(), {"device"}, "USB 耳机"),
}


@pytest.fixture
def tested(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Iterable[str]], dict[str, Found]]:
    """Runs cases beside each other, since they mostly wait for the clock of their card."""
    reason = why_not()
    if reason is not None:
        pytest.skip(str(reason))
    monkeypatch.setattr(sound, "SILENCE_SECONDS", SHORT_SECONDS)
    monkeypatch.setattr(signals, "TONE_SECONDS", SHORT_SECONDS)

    def run_cases(names: Iterable[str]) -> dict[str, Found]:
        homes = {name: tmp_path_factory.mktemp("home") for name in names}
        with ThreadPoolExecutor(len(homes)) as pool:
            jobs = {name: pool.submit(_tested, CASES[name], home) for name, home in homes.items()}
            return {name: job.result() for name, job in jobs.items()}

    return run_cases


def _tested(case: Case, home: Path) -> Found:
    write_samples(home)
    with (
        tempfile.TemporaryDirectory(prefix="card-") as folder,
        VirtualCard(Path(folder) / "c") as card,
    ):
        case.prepare(card, home)
        wishes = replace(case.wishes, env=card.env)
        settings = load_settings(home / "station.toml")
        audio = settings.audio.model_copy(update={"input": case.device, "output": case.device})
        return run(Bench(settings.model_copy(update={"audio": audio}), wishes))


Tested = Callable[[Iterable[str]], dict[str, Found]]


def test_faults_of_headset_and_room(tested: Tested) -> None:
    found = tested(name for name, case in CASES.items() if case.wishes is ALONE)
    assert {name: failed(one) for name, one in found.items()} == {name: CASES[name].wrong for name in found}
    assert skipped(found["healthy"]) == {"round_trip", "rate", "steady", "voice"}
    assert "USB 耳机" in str(found["not there"]["device"].what)
    assert abs(found["loudspeakers"]["rate"].numbers["cents"]) < 1


def test_an_ear_cup_tells_how_the_volume_is_set(tested: Tested) -> None:
    found = tested(name for name, case in CASES.items() if case.wishes is CUP)
    assert {name: failed(one) for name, one in found.items()} == {name: CASES[name].wrong for name in found}
    assert skipped(found["ear cup"]) == {"leakage"}
    voices = {name: one["voice"] for name, one in found.items()}
    assert "too quiet" in str(voices["quiet"].what)
    assert "distorted" in str(voices["clipped"].what)
    assert all("Input, Volume" in str(voices[name].todo) for name in ("quiet", "clipped", "clipped before"))
    assert voices["clipped before"].numbers["peak_dbfs"] < -5, "full scale is not needed to find it"
