"""What PortAudio's callbacks bring, and what of it goes on; without a sound card."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audio.audioerror import AudioError
from audio.device import portaudio
from audio.device.source import Block
from audio.levels import LEVEL_SECONDS
from audio.protocol import messages as ev

RATE, BRIEF = 48000, 480
QUIET, LOST = SimpleNamespace(input_overflow=False), SimpleNamespace(input_overflow=True)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """With what streams were opened, the microphone first; the headset has two input channels."""
    options: list[dict[str, Any]] = []

    def note(*_: object, **given: Any) -> SimpleNamespace:
        options.append(given)
        return SimpleNamespace(start=lambda: None)

    monkeypatch.setattr(portaudio, "list_devices", lambda: [ev.DeviceInfo("api", "headset", 2, 2, RATE)])
    monkeypatch.setattr(portaudio, "_open", note)
    return options


def started(bits: int, side: ev.Side = "mix") -> tuple[portaudio.PortAudioSource, list[Block]]:
    source = portaudio.PortAudioSource(ev.OpenDevices("headset", "headset", RATE, bits, side))
    blocks: list[Block] = []
    source.start(blocks.append)
    return source, blocks


@pytest.mark.parametrize("bits", [16, 24])
def test_brief_callbacks_are_handed_on_together(opened: list[dict[str, Any]], bits: int) -> None:
    """Windows calls every 10 ms."""
    source, blocks = started(bits)
    samples: Any = np.arange(100 * BRIEF, dtype=np.int16 if bits == 16 else np.int32)
    for number, part in enumerate(np.split(samples, 100)):
        source._heard(part.tobytes(), BRIEF, None, LOST if number == 50 else QUIET)
    sizes = {len(block.samples) for block in blocks}
    assert min(sizes) >= LEVEL_SECONDS * RATE > max(sizes) - BRIEF
    assert [block.index for block in blocks] == [0, *np.cumsum([len(b.samples) for b in blocks])[:-1]]
    heard = np.concatenate([block.samples for block in blocks])
    assert np.array_equal(heard, samples[: len(heard)])
    assert len(samples) - len(heard) < LEVEL_SECONDS * RATE
    assert [block.index // BRIEF <= 50 < block.index // BRIEF + 7 for block in blocks] == [
        block.overflow for block in blocks
    ]


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("side", ["mix", "left", "right"])
def test_one_side_of_the_microphone_goes_on(opened: list[dict[str, Any]], side: ev.Side, bits: int) -> None:
    source, blocks = started(bits, side)
    dtype = np.int16 if bits == 16 else np.int32
    left: Any = np.arange(100 * BRIEF, dtype=dtype)
    frames = left if side == "mix" else np.stack([left, -left], axis=1)
    for part in np.split(frames, 100):
        source._heard(part.tobytes(), BRIEF, None, QUIET)
    assert opened[0]["channels"] == (1 if side == "mix" else 2)
    heard = np.concatenate([block.samples for block in blocks])
    assert np.array_equal(heard, (-left if side == "right" else left)[: len(heard)])
    assert 0 <= len(left) - len(heard) < LEVEL_SECONDS * RATE
    assert [block.index for block in blocks] == [0, *np.cumsum([len(b.samples) for b in blocks])[:-1]]
    assert all(block.samples.flags.c_contiguous and block.samples.dtype == dtype for block in blocks)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_side_of_a_microphone_that_has_none(
    opened: list[dict[str, Any]], side: ev.Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portaudio, "list_devices", lambda: [ev.DeviceInfo("api", "headset", 1, 2, RATE)])
    with pytest.raises(AudioError) as caught:
        started(16, side)
    assert (caught.value.code, opened) == ("no_side", [])
    assert "mix" in str(caught.value)
    started(16)


@pytest.mark.parametrize(("hostapi", "blocksize"), [("ALSA", 12000), ("Windows WASAPI", 0)])
def test_the_headphones_ask_twice_for_each_buffer(
    opened: list[dict[str, Any]], hostapi: str, blocksize: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere the driver knows best."""
    monkeypatch.setattr(portaudio, "list_devices", lambda: [ev.DeviceInfo(hostapi, "headset", 1, 2, RATE)])
    started(16)
    assert [options.get("blocksize", 0) for options in opened] == [0, blocksize]
