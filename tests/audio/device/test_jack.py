"""No sample is lost while the station is busy: on a card that waits for nobody, by a counter ramp."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from audio.protocol import messages as ev
from audio.protocol.codec import decode
from config.takes import Loss
from tests.audio.capture import Capture, facts
from tests.audio.jack import DEVICE, JackServer, jumps, lost_in_ramp, why_not
from tests.audio.wavs import RATE, ramp, read_wav, write_wav

pytestmark = pytest.mark.jack
SECONDS = 2.5
"""Three times the longest that the busy station holds Python; `make bench-capture` records for minutes."""
INSIDE_SECONDS = 1.0
"""Of samples that came; half as many again are lost meanwhile."""
TRIES = 5
"""The card has no real-time rights: while other programs take all cores, it is itself late sometimes."""
GAP_TAKE_SECONDS, GAP_SECONDS = 10.0, 0.4
CLOCK_MS = 50.0
"""Less is the jitter of callbacks."""


@pytest.fixture
def fine(tmp_path: Path) -> Iterator[JackServer]:
    """Five milliseconds, a quarter of what any system of today uses for a headset by default."""
    yield from server(tmp_path, 256)


@pytest.fixture(scope="module")
def coarse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JackServer]:
    yield from server(tmp_path_factory.mktemp("jack"), 1024)


def server(folder: Path, period: int) -> Iterator[JackServer]:
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with JackServer(folder, period) as card:
        yield card


def recorded(card: JackServer, where: str, folder: Path, seconds: float, number: int = 0) -> tuple[int, Loss]:
    """Lost samples by the ramp, and what the counters say."""
    path = folder / f"{number:04}_song1_1.wav"
    sound = write_wav(folder / "ramp.wav", ramp(seconds + 20))
    command = [sys.executable, "-m", "tests.audio.hogged", where, DEVICE, str(path), str(seconds)]
    with (folder / "station.log").open("ab") as log:
        station = subprocess.Popen(
            command,
            env={**os.environ, **card.env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )
    assert station.stdin is not None
    assert station.stdout is not None
    assert station.stdout.readline() == "open\n"
    card.feed(sound)
    sleep(0.3)
    station.stdin.write("go\n")
    station.stdin.flush()
    ended = decode(station.stdout.readline())
    station.stdin.close()
    station.stdout.close()
    station.wait()
    assert isinstance(ended, ev.TakeSaved), ended
    return lost_in_ramp(read_wav(path)), ended.loss


def best(card: JackServer, folder: Path, enough: int) -> int:
    """Lost samples of the best of TRIES takes with the capture process, by the ramp or by the take's clock:
    a card that waited for a late recorder lost nothing of the ramp, but hardware would have."""
    found = []
    for number in range(TRIES):
        lost, loss = recorded(card, "outside", folder, SECONDS, number)
        print(f"{lost} lost, {loss}")
        if abs(loss.short_ms) >= CLOCK_MS:
            lost = max(lost, round(abs(loss.short_ms) * 48))
        found.append(lost)
        if lost <= enough:
            break
    return min(found)


def test_another_rate_is_refused_by_name(fine: JackServer, tmp_path: Path) -> None:
    with Capture(tmp_path, env=fine.env) as capture:
        capture.send(ev.OpenDevices(DEVICE, DEVICE, 44100, 16))
        assert capture.wait(ev.Refused).code == "bad_rate"


@pytest.mark.alone
def test_nothing_is_lost_while_the_station_is_busy(coarse: JackServer, tmp_path: Path) -> None:
    assert best(coarse, tmp_path, 0) == 0


@pytest.mark.long
@pytest.mark.alone
def test_next_to_nothing_is_lost_with_a_tiny_buffer(fine: JackServer, tmp_path: Path) -> None:
    """Without real-time rights no program is always on time within 5 ms."""
    enough = round(0.01 * SECONDS * 48000)
    assert best(fine, tmp_path, enough) <= enough


@pytest.mark.long
@pytest.mark.alone
def test_the_station_itself_would_lose_and_the_counters_tell(coarse: JackServer, tmp_path: Path) -> None:
    """What the test above can notice: the same recorder inside the busy process."""
    lost, loss = recorded(coarse, "inside", tmp_path, INSIDE_SECONDS)
    print(f"{lost} lost, {loss}")
    assert lost > 24000
    assert loss.short_ms > 500


@pytest.mark.long
@pytest.mark.alone
@pytest.mark.timeout(120)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_a_gap_in_a_take_is_told_with_its_place_and_its_size(coarse: JackServer, tmp_path: Path) -> None:
    """The recorder stands still for 0.4 s; the ramp knows what is missing and where, the sidecar says it."""
    for number in range(TRIES):
        samples, loss = with_a_gap(coarse, tmp_path, number)
        found = jumps(samples)
        print(f"the ramp: {found}; {loss}")
        # A card that is itself late while others take all cores has lost more than what is injected here.
        if len(found) == 1:
            break
    ((at, lost),) = found
    missing = 1000 * lost / RATE
    assert missing > 200, "the card waited: nothing was lost"
    (step,) = loss.steps
    assert step.ms == pytest.approx(missing, abs=25)
    # On the clock: behind what is lost.
    assert step.at_seconds == pytest.approx((at + lost) / RATE, abs=0.25)


def with_a_gap(card: JackServer, folder: Path, number: int) -> tuple[NDArray[np.int16], Loss]:
    path = folder / f"{number:04}_song1_1.wav"
    with Capture(folder, env=card.env) as capture:
        capture.open(DEVICE)
        card.feed(write_wav(folder / "ramp.wav", ramp(2 * GAP_TAKE_SECONDS)))
        sleep(0.5)
        capture.send(ev.StartTake(f"take-{number}", str(path), GAP_TAKE_SECONDS, facts()))
        capture.wait(ev.TakeStarted)
        sleep(GAP_TAKE_SECONDS / 2)
        recorder = psutil.Process(capture.process.pid)
        recorder.suspend()
        sleep(GAP_SECONDS)
        recorder.resume()
        saved = capture.wait(ev.TakeSaved)
    return read_wav(path), saved.loss
