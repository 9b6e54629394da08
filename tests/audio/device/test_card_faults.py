"""The headset's faults on a real sound server: unplugged, stalled, its server killed, muted, re-plugged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from audio.device.card import VirtualCard
from audio.protocol import messages as ev
from audio.soundfaults import FAULTS
from config.takes import read_finished
from tests.audio.capture import Capture, facts
from tests.audio.wavs import noise, read_wav, tone, write_wav

pytestmark = [pytest.mark.card]
Break = Callable[[VirtualCard], None]


def unplug(card: VirtualCard) -> None:
    card.unplug()


def stall(card: VirtualCard) -> None:
    card.stall(True)


def die(card: VirtualCard) -> None:
    card.die()


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize(("fault", "code"), [(unplug, "moved"), (stall, "stalled"), (die, "stalled")])
def test_a_lost_headset_is_noticed_and_the_take_is_kept(
    own_card: VirtualCard, tmp_path: Path, fault: Break, code: str
) -> None:
    own_card.feed(write_wav(tmp_path / "sung.wav", tone(60, 440, -12)))
    path = tmp_path / "0107_song1_1.wav"
    with Capture(tmp_path, env=own_card.env) as capture:
        capture.open("vheadset")
        sleep(0.7)
        capture.send(ev.StartTake("take-1", str(path), 30, facts()))
        capture.wait(ev.TakeStarted)
        sleep(1.0)
        fault(own_card)
        began = monotonic()
        lost = capture.wait(ev.DeviceLost)
        noticed = monotonic() - began
        assert capture.wait(ev.Died).returncode == 3
        assert monotonic() - began < noticed + 3.5
        assert len(capture.all(ev.DeviceLost)) == 1
    print(f"noticed after {noticed:.2f} s")
    assert noticed < 2.0, "a second without a block, and what the sound server had in its buffers"
    assert lost.code == code
    assert code in FAULTS
    [saved] = capture.all(ev.TakeSaved)
    assert (saved.ended_by, read_finished(path).ended_by) == ("device", "device")
    assert saved.frames >= 0.8 * 48000
    sung = read_wav(path)[: saved.frames // 2]
    assert np.abs(sung.astype(int)).max() > 6000, "what was sung before is there"


@pytest.mark.costly
def test_the_same_headset_opens_again_when_it_is_back(own_card: VirtualCard, tmp_path: Path) -> None:
    own_card.room()
    with Capture(tmp_path, env=own_card.env) as capture:
        capture.open("vheadset")
        sleep(0.5)
        own_card.unplug()
        assert capture.wait(ev.DeviceLost).code == "moved"
    with Capture(tmp_path, env=own_card.env) as capture:
        capture.send(ev.OpenDevices("vheadset", "vheadset", 48000, 16))
        assert capture.wait(ev.Refused).code in ("busy", "no_device"), "not another microphone instead"
        own_card.replug()
    with Capture(tmp_path, env=own_card.env) as capture:
        capture.open("vheadset")
        sleep(0.7)
        capture.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 1, facts()))
        saved = capture.wait(ev.TakeSaved)
    assert (saved.ended_by, capture.all(ev.DeviceLost)) == ("maximum", [])
    heard = read_wav(Path(saved.path)).astype(float)
    assert -66 < 20 * np.log10(heard.std() / 32768) < -58, "the room, by the same microphone"


@pytest.mark.costly
def test_a_stalled_headset_that_goes_on_is_opened_again(own_card: VirtualCard, tmp_path: Path) -> None:
    own_card.room()
    with Capture(tmp_path, env=own_card.env) as capture:
        capture.open("vheadset")
        sleep(0.5)
        own_card.stall(True)
        assert capture.wait(ev.DeviceLost).code == "stalled"
        assert capture.wait(ev.Died).returncode == 3
    own_card.stall(False)
    with Capture(tmp_path, env=own_card.env) as capture:
        capture.open("vheadset")
        assert capture.wait(ev.Level).peak_dbfs > -75


def test_a_muted_microphone_is_all_zeros(own_card: VirtualCard, tmp_path: Path) -> None:
    own_card.feed(write_wav(tmp_path / "room.wav", noise(30, -40)))
    with Capture(tmp_path, env=own_card.env) as capture:
        capture.open("vheadset")
        sleep(0.7)
        own_card.mute(True)
        sleep(0.7)
        capture.send(ev.StartTake("take-1", str(tmp_path / "a.wav"), 1, facts()))
        saved = capture.wait(ev.TakeSaved)
    assert not read_wav(Path(saved.path))[24000:].any()
    assert saved.loss.longest_zero_run_ms > 900


@pytest.mark.costly
def test_another_program_that_records_is_no_fault(own_card: VirtualCard, tmp_path: Path) -> None:
    """Streams that come, go and move beside ours are reported by the server too."""
    own_card.room()
    with Capture(tmp_path, env=own_card.env) as capture, Capture(tmp_path, env=own_card.env) as other:
        capture.open("vheadset")
        other.open("vdead")
        listing = own_card.pactl("list", "short", "source-outputs")
        theirs = max(int(line.split("\t")[0]) for line in listing.splitlines())
        own_card.pactl("move-source-output", str(theirs), "loop_mic")
        assert other.wait(ev.DeviceLost).code == "moved"
        sleep(1.0)
        assert capture.all(ev.DeviceLost) == []
