"""From a fault of the headset to the sentence: capture process, file, verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from audio.judge.evidence import Expectation
from audio.judge.verdict import judge
from audio.protocol import messages as ev
from config.kit.limits import Limits
from config.takes import Loss, Verdict, read_finished
from tests.audio.capture import Capture, facts
from tests.audio.recordings import RATE, noise, voice, write_take
from tests.audio.wavs import write_wav

SPEED = 3.0
SECONDS = 6.0


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Capture]:
    with Capture(tmp_path_factory.mktemp("capture"), speed=SPEED) as capture:
        capture.open()
        sleep(0.4)
        yield capture


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise like a drum's brush, at the device rate."""
    sound = np.rint(noise(6 * RATE, -12, seed=5) * 20000).astype(np.int16)
    return write_wav(tmp_path_factory.mktemp("music") / "music.wav", sound)


def sung(capture: Capture, folder: Path, fault: str, accompaniment: Path | None = None) -> Verdict:
    """The verdict on six seconds of real singing into a headset with this fault."""
    song, take = write_take(folder / "song.wav", voice()), folder / "0107_song1_1.wav"
    capture.send(ev.Fault(fault))
    sleep(0.3)
    after = len(capture.events)
    capture.send(ev.Feed(str(song)))
    capture.send(
        ev.StartTake("take-1", str(take), SECONDS, facts(), str(accompaniment) if accompaniment else None)
    )
    saved = capture.wait(ev.TakeSaved, after=after)
    capture.send(ev.Fault("none"))
    known = read_finished(take)
    expectation = Expectation(
        min_seconds=5,
        max_seconds=SECONDS,
        floor_dbfs=-62,
        loss=known.loss or Loss(),
        ended_by=known.ended_by,
        accompaniment=accompaniment,
        accompaniment_at=known.accompaniment_at,
    )
    verdict = judge(take, expectation, Limits())
    assert verdict.sha256 == saved.sha256
    return verdict


@pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        ("none", ()),
        ("mute", ("silent",)),
        ("loud", ("clipped",)),
        ("dropout", ("dropouts",)),
        ("quiet", ("no_singing",)),
    ],
)
def test_a_fault_is_named(capture: Capture, tmp_path: Path, fault: str, reasons: tuple[str, ...]) -> None:
    assert sung(capture, tmp_path, fault).reasons == reasons


def test_lost_blocks_are_named_although_the_sound_goes_on(capture: Capture, tmp_path: Path) -> None:
    verdict = sung(capture, tmp_path, "lossy")
    assert verdict.reasons == ("lost_samples",)
    assert verdict.numbers["lost_ms"] > 700


def test_loudspeakers_are_named_and_their_place_is_found(
    capture: Capture, tmp_path: Path, music: Path
) -> None:
    verdict = sung(capture, tmp_path, "leak", music)
    assert verdict.reasons == ("leakage",)
    assert verdict.numbers["leakage_db"] == pytest.approx(-20, abs=1)
    stored = read_finished(tmp_path / "0107_song1_1.wav").accompaniment_at
    assert stored is not None
    assert abs(verdict.numbers["accompaniment_heard_at"] - stored) <= 1


def test_a_headset_that_keeps_the_music_to_itself_is_fine(
    capture: Capture, tmp_path: Path, music: Path
) -> None:
    assert sung(capture, tmp_path, "none", music).ok


@pytest.mark.costly
def test_a_headset_that_stops_leaves_a_partial_take(tmp_path: Path) -> None:
    with Capture(tmp_path, speed=SPEED) as own:
        own.open()
        sleep(0.4)
        own.send(ev.Feed(str(write_take(tmp_path / "song.wav", voice()))))
        own.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 60, facts()))
        own.wait(ev.TakeStarted)
        sleep(0.7)
        own.send(ev.Fault("stall"))
        saved = own.wait(ev.TakeSaved)
    expectation = Expectation(25, 60, -62, saved.loss, saved.ended_by, None, None)
    assert judge(Path(saved.path), expectation, Limits()).reasons == ("partial",)
