"""Every fault of a headset on PortAudio, by the real command: exactly its check fails, with its advice."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.device.card import VirtualCard, why_not
from config.samples import write_samples
from station.checks.catalogue import CHECKS
from tests.audio.wavs import RATE, noise, tone, write_wav
from tests.station.checks.found import MACHINE, Found, by_command, failed, skipped
from tests.uploader.realservers import ResumableUpload, Running

pytestmark = [pytest.mark.card, pytest.mark.timeout(90)]
LOOP_ROOM_DBFS = -80.0
FED_SECONDS = 60
"""Longer than all checks together on a busy computer."""


LEFT_OUT = MACHINE | {"load", "disk_speed"}
"""`load` keeps the whole machine busy, and what others do there makes its disk slow."""
ALONE = ()
CUP = ("--cup-held",)
Tested = Callable[[Iterable[str]], dict[str, Found]]


@dataclass(frozen=True)
class Case:
    """A virtual card, what is wrong with it, and the checks that must say so."""

    prepare: Callable[[VirtualCard, Path], object]
    wrong: set[str]
    device: str = "vheadset"
    arguments: tuple[str, ...] = ALONE
    side: str = "mix"


def _feed_with(card: VirtualCard, folder: Path, fault: NDArray[np.int16]) -> None:
    room = noise(FED_SECONDS, -62).astype(int) + np.resize(fault, FED_SECONDS * RATE)
    card.feed(write_wav(folder / "wrong.wav", room.astype(np.int16)))


def _gated(card: VirtualCard, folder: Path) -> None:
    room = noise(FED_SECONDS, -50).reshape(-1, RATE // 10)
    # What is left touches two of five frames wherever they begin: the middle one is silent.
    room[:, : RATE * 8 // 100] = 0
    card.feed(write_wav(folder / "gated.wav", room.reshape(-1)))


def _muted(card: VirtualCard, folder: Path) -> None:
    card.room()
    card.mute(True)


def _left(card: VirtualCard, folder: Path) -> None:
    card.room(sink="left_feed")


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
    "one side": Case(_left, {"sides"}, "vonesided"),
    "its live side": Case(_left, set(), "vonesided", side="left"),
    "its dead side": Case(_left, {"sides"}, "vonesided", side="right"),
    "not there": Case(lambda card, _: card.room(), {"device"}, "USB 耳机"),
}


@pytest.fixture
def tested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tested]:
    """Runs cases beside each other, since they mostly wait for the clock of their card."""
    reason = why_not()
    if reason is not None:
        pytest.skip(str(reason))
    with Running(ResumableUpload(), tmp_path_factory.mktemp("server") / "store") as server:

        def run_cases(names: Iterable[str]) -> dict[str, Found]:
            homes = {name: tmp_path_factory.mktemp("home") for name in names}
            with ThreadPoolExecutor(len(homes)) as pool:
                jobs = {
                    name: pool.submit(_tested, CASES[name], home, server.url) for name, home in homes.items()
                }
                return {name: job.result() for name, job in jobs.items()}

        yield run_cases


def _tested(case: Case, home: Path, url: str) -> Found:
    """All checks by the real command, but for those of LEFT_OUT."""
    write_samples(home)
    with (
        tempfile.TemporaryDirectory(prefix="card-") as folder,
        VirtualCard(Path(folder) / "c") as card,
    ):
        case.prepare(card, home)
        env = {
            **card.env,
            "STATION_SERVER__URL": url,
            "STATION_AUDIO__INPUT": case.device,
            "STATION_AUDIO__OUTPUT": case.device,
            "STATION_AUDIO__SIDE": case.side,
        }
        only = ",".join(check.id for check in CHECKS if check.id not in LEFT_OUT)
        code, found = by_command(home / "station.toml", "--only", only, *case.arguments, env=env)
    assert code == bool(case.wrong)
    return found


@pytest.mark.long
def test_faults_of_headset_and_room(tested: Tested) -> None:
    found = tested(name for name, case in CASES.items() if case.arguments is ALONE)
    assert {name: failed(one) for name, one in found.items()} == {name: CASES[name].wrong for name in found}
    # Nobody says that the headphones were heard, and the microphone does not hear them.
    assert skipped(found["healthy"]) >= {"round_trip", "rate", "steady", "voice", "leakage"}
    assert not skipped(found["healthy"]) & {"pace", "bandwidth", "rehearsal"}
    one_sided = found["one side"]["sides"], found["its dead side"]["sides"]
    assert all("on the left side only" in str(finding.what) for finding in one_sided)
    assert all('side = "left"' in str(finding.todo) for finding in one_sided)
    assert {"left_dbfs", "right_dbfs"} <= found["healthy"]["sides"].numbers.keys()
    assert "USB 耳机" in str(found["not there"]["device"].what)
    assert abs(found["loudspeakers"]["rate"].numbers["cents"]) < 1


@pytest.mark.long
@pytest.mark.alone
def test_an_ear_cup_tells_how_the_volume_is_set(tested: Tested) -> None:
    found = tested(name for name, case in CASES.items() if case.arguments is CUP)
    assert {name: failed(one) for name, one in found.items()} == {name: CASES[name].wrong for name in found}
    assert "leakage" in skipped(found["ear cup"])
    assert not skipped(found["ear cup"]) & {"round_trip", "rate", "steady", "voice"}
    voices = {name: one["voice"] for name, one in found.items()}
    assert "too quiet" in str(voices["quiet"].what)
    assert "distorted" in str(voices["clipped"].what)
    assert all("Input, Volume" in str(voices[name].todo) for name in ("quiet", "clipped", "clipped before"))
    assert voices["clipped before"].numbers["peak_dbfs"] < -5, "full scale is not needed to find it"
