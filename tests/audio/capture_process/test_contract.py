"""What every source keeps, the built-in one and PortAudio on the virtual card alike."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from audio.device.card import VirtualCard
from audio.file.wavread import read_wav as read_sound
from audio.protocol import messages as ev
from config.disk import digest_of
from config.takes import read_finished
from tests.audio.capture import Capture, facts
from tests.audio.wavs import RATE, noise, read_wav, tone, write_wav

Feed = Callable[[Path], None]


class Rig:
    """An open headset, and how to let its microphone hear a file."""

    def __init__(self, capture: Capture, opened: ev.Opened, feed: Feed) -> None:
        self.capture = capture
        self.opened = opened
        self.feed = feed


def builtin(folder: Path, request: pytest.FixtureRequest, bits: int) -> Iterator[Rig]:
    with Capture(folder) as capture:
        opened = capture.open(bits=bits)
        yield Rig(capture, opened, lambda path: capture.send(ev.Feed(str(path))))


def portaudio(folder: Path, request: pytest.FixtureRequest, bits: int) -> Iterator[Rig]:
    card: VirtualCard = request.getfixturevalue("card")
    card.feed(write_wav(folder / "room.wav", noise(60, -62)))
    with Capture(folder, env=card.env) as capture:
        yield Rig(capture, capture.open("vheadset", bits=bits), card.feed)
    card.hush()


CARD = [pytest.mark.card]
BOTH = [pytest.param((builtin, 16), id="builtin"), pytest.param((portaudio, 16), id="portaudio", marks=CARD)]
DEEPER = [
    pytest.param((builtin, 24), id="builtin-24"),
    pytest.param((portaudio, 24), id="portaudio-24", marks=CARD),
]


@pytest.fixture(params=BOTH)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    make, bits = request.param
    yield from make(tmp_path, request, bits)


@pytest.fixture(params=BOTH + DEEPER)
def any_rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    make, bits = request.param
    yield from make(tmp_path, request, bits)


def record(rig: Rig, path: Path, seconds: float, **more: object) -> ev.TakeSaved:
    rig.capture.send(ev.StartTake("take-1", str(path), seconds, facts(), **more))  # type: ignore[arg-type]
    return rig.capture.wait(ev.TakeSaved)


@pytest.mark.sampled(4, fewest=1)
def test_a_take_is_whole_with_facts_digest_and_length(any_rig: Rig, tmp_path: Path) -> None:
    rig = any_rig
    sleep(0.7)
    saved = record(rig, tmp_path / "t" / "0107_song1_1.wav", 1.0)
    path = Path(saved.path)
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        assert file.getnframes() == saved.frames
    assert 1.0 <= saved.frames / RATE <= 1.5, "the second asked for and the pre-roll"
    sidecar = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert sidecar["sha256"] == saved.sha256 == digest_of(path)
    assert (sidecar["student_id"], sidecar["frames"], sidecar["ended_by"]) == (
        "0107",
        saved.frames,
        "maximum",
    )
    assert sidecar["device"]["input"]["name"] == rig.opened.input.name
    assert not list(path.parent.glob("*.part.wav"))


def test_nothing_is_lost_and_levels_come(rig: Rig, tmp_path: Path) -> None:
    sleep(0.7)
    saved = record(rig, tmp_path / "0107_song1_1.wav", 2.5)
    assert abs(saved.loss.short_ms) < 50, saved.loss
    assert saved.loss.overflows == 0
    levels = rig.capture.all(ev.Level)
    assert len(levels) >= 6
    assert all(-65 < level.peak_dbfs < -40 for level in levels[-5:]), levels[-5:]


@pytest.mark.sampled(4, fewest=1)
def test_the_microphone_is_recorded(any_rig: Rig, tmp_path: Path) -> None:
    sound = write_wav(tmp_path / "tone.wav", tone(6, 440, -12))
    rig = any_rig
    sleep(0.7)
    rig.capture.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 2.0, facts()))
    rig.capture.wait(ev.TakeStarted)
    rig.feed(sound)
    saved = rig.capture.wait(ev.TakeSaved)
    with wave.open(saved.path, "rb") as file:
        width = file.getsampwidth()
        raw = np.frombuffer(file.readframes(file.getnframes()), dtype=np.uint8).reshape(-1, width)
    top = raw[:, -2:].copy().view("<i2").ravel()
    tail = top[-RATE // 2 :].astype(float)
    spectrum = np.abs(np.fft.rfft(tail * np.hanning(len(tail))))
    assert abs(spectrum.argmax() * 2 - 440) <= 2
    assert abs(20 * np.log10(np.abs(tail).max() / 32768) + 12) < 1.0


def test_stop_ends_a_take_within_a_moment(rig: Rig, tmp_path: Path) -> None:
    sleep(0.7)
    rig.capture.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 30, facts()))
    rig.capture.wait(ev.TakeStarted)
    sleep(0.6)
    asked = monotonic()
    rig.capture.send(ev.StopTake("take-1"))
    saved = rig.capture.wait(ev.TakeSaved)
    assert saved.ended_by == "stop"
    assert monotonic() - asked < 1.0
    assert 0.3 <= saved.frames / RATE <= 1.6


def test_a_sound_begins_and_ends(rig: Rig, tmp_path: Path) -> None:
    sound = write_wav(tmp_path / "beep.wav", tone(0.4, 880, -20))
    rig.capture.send(ev.Play("p1", str(sound)))
    assert rig.capture.wait(ev.PlayStarted).play_id == "p1"
    ended = rig.capture.wait(ev.PlayEnded)
    assert (ended.play_id, ended.complete) == ("p1", True)


def test_an_existing_take_is_never_overwritten(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "0107_song1_1.wav"
    path.write_bytes(b"precious")
    rig.capture.send(ev.StartTake("take-1", str(path), 1, facts()))
    assert rig.capture.wait(ev.TakeFailed).code == "exists"
    assert path.read_bytes() == b"precious"


def test_a_second_take_waits_its_turn(rig: Rig, tmp_path: Path) -> None:
    rig.capture.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 1.5, facts()))
    rig.capture.send(ev.StartTake("take-2", str(tmp_path / "b.wav"), 1.5, facts(take_id="take-2")))
    assert rig.capture.wait(ev.TakeFailed).take_id == "take-2"
    assert rig.capture.wait(ev.TakeSaved).take_id == "take-1"


def test_the_preroll_keeps_an_early_note(rig: Rig, tmp_path: Path) -> None:
    """What was heard just before the start belongs to the take."""
    sound = write_wav(tmp_path / "tone.wav", tone(3, 440, -12))
    sleep(0.7)
    rig.feed(sound)
    deadline = monotonic() + 5
    while not any(level.peak_dbfs > -20 for level in rig.capture.all(ev.Level)):
        assert monotonic() < deadline
        sleep(0.02)
    sleep(0.6)
    saved = record(rig, tmp_path / "a.wav", 0.5)
    first = read_wav(Path(saved.path))[: RATE // 10]
    assert np.abs(first.astype(int)).max() > 3000
    assert saved.frames / RATE > 0.75


def one_sided_builtin(
    folder: Path, request: pytest.FixtureRequest, bits: int, side: ev.Side
) -> Iterator[Rig]:
    with Capture(folder) as capture:
        opened = capture.open(bits=bits, side=side)
        capture.send(ev.Fault("one_sided"))
        yield Rig(capture, opened, lambda path: capture.send(ev.Feed(str(path))))


def one_sided_portaudio(
    folder: Path, request: pytest.FixtureRequest, bits: int, side: ev.Side
) -> Iterator[Rig]:
    card: VirtualCard = request.getfixturevalue("card")
    with Capture(folder, env=card.env) as capture:
        opened = capture.open("vonesided", bits=bits, side=side)
        yield Rig(capture, opened, lambda path: card.feed(path, "left_feed"))
    card.hush()


ONE_SIDED = [
    pytest.param(one_sided_builtin, id="builtin"),
    pytest.param(one_sided_portaudio, id="portaudio", marks=CARD),
]


@pytest.mark.sampled(8, fewest=1)
@pytest.mark.parametrize("make", ONE_SIDED)
@pytest.mark.parametrize(
    ("side", "bits", "gain"), [("mix", 16, 0.5), ("left", 16, 1.0), ("left", 24, 1.0), ("right", 16, 0.0)]
)
def test_a_microphone_that_hears_on_its_left_side_only(
    make: Callable[[Path, pytest.FixtureRequest, int, ev.Side], Iterator[Rig]],
    side: ev.Side,
    bits: int,
    gain: float,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    for rig in make(tmp_path, request, bits, side):
        sleep(0.4)
        rig.feed(write_wav(tmp_path / "tone.wav", tone(6, 440, -12)))
        sleep(0.4)
        saved = record(rig, tmp_path / "a.wav", 1.0)
        heard = read_sound(Path(saved.path)).part(saved.frames - RATE // 4, saved.frames)
        assert np.abs(heard).max() == pytest.approx(gain * 10 ** (-12 / 20), rel=0.1)
        assert 1.0 <= saved.frames / RATE <= 1.5
        assert abs(saved.loss.short_ms) < 50, "a frame counts once, whatever it holds"
        device = read_finished(Path(saved.path)).device
        assert device is not None
        assert device.side == side
